"""Application Auto Scaling of services. No metric and no clock drives it here: it is started by hand.

    POST /_local/scaling/policy           {"policyName": "...", "metric": 90}    target tracking: the metric's value
                                          {"policyName": "...", "breach": 12}    step scaling: beyond the alarm's threshold
    POST /_local/scaling/scheduled-action {"scheduledActionName": "..."}

What follows is what AWS would do: the desired count of the service is set, within the bounds of its scalable target.
"""

from __future__ import annotations

import math
from typing import Any

from moto.applicationautoscaling.models import applicationautoscaling_backends

from localaws import context, control
from localaws.errors import LocalAwsError, NotModelled


@control.route("POST", "scaling/policy")
def start_policy(body: dict[str, Any]) -> dict[str, Any]:
    backend, policy = _find("policies", "policy_name", body.get("policyName"))
    service = Service.of(backend, policy.resource_id)
    if policy.policy_type == "TargetTrackingScaling":
        wanted = tracked(service.desired, _number(body, "metric"), policy.target_tracking_scaling_policy_configuration)
    else:
        wanted = stepped(service.desired, _number(body, "breach"), policy.step_scaling_policy_configuration)
    return service.scale_to(wanted)


@control.route("POST", "scaling/scheduled-action")
def start_scheduled_action(body: dict[str, Any]) -> dict[str, Any]:
    """The action's new bounds are put on the scalable target; the service is moved only as far as they demand."""
    backend, action = _find("scheduled_actions", "scheduled_action_name", body.get("scheduledActionName"))
    service = Service.of(backend, action.resource_id)
    bounds = action.scalable_target_action
    service.target.update(bounds.get("MinCapacity"), bounds.get("MaxCapacity"), None)
    return service.scale_to(service.desired)


def tracked(desired: int, metric: float, configuration: dict[str, Any]) -> int:
    """So many tasks that the metric, shared by them, would come to its target value."""
    wanted = math.ceil(desired * metric / float(configuration["TargetValue"]))
    return max(wanted, desired) if configuration.get("DisableScaleIn") else wanted


def stepped(desired: int, breach: float, configuration: dict[str, Any]) -> int:
    """What the step whose interval holds the breach makes of the desired count."""
    step = next((step for step in configuration["StepAdjustments"] if _holds(step, breach)), None)
    if step is None:
        raise LocalAwsError(f"no step of the policy covers a breach of {breach:g}")
    kind, adjustment = configuration["AdjustmentType"], float(step["ScalingAdjustment"])
    if kind == "ExactCapacity":
        return int(adjustment)
    if kind == "PercentChangeInCapacity":
        change = _rounded(desired * adjustment / 100)
        least = int(configuration.get("MinAdjustmentMagnitude") or 0)
        return desired + (max(change, least) if adjustment > 0 else min(change, -least))
    return desired + int(adjustment)


def _holds(step: dict[str, Any], breach: float) -> bool:
    """The bound nearer to the threshold belongs to the interval, as on AWS."""
    lower, upper = step.get("MetricIntervalLowerBound"), step.get("MetricIntervalUpperBound")
    low, high = (-math.inf if lower is None else float(lower)), (math.inf if upper is None else float(upper))
    return low <= breach < high if breach >= 0 else low < breach <= high


def _rounded(change: float) -> int:
    """Towards zero, but a change that is less than one task is one task."""
    return int(math.copysign(1, change)) if 0 < abs(change) < 1 else int(change)


class Service:
    """A service with its scalable target."""

    def __init__(self, region: str, target: Any) -> None:
        self.target = target
        _, self.cluster, self.name = target.resource_id.split("/")
        self._ecs = context.client("ecs", region)

    @classmethod
    def of(cls, backend: Any, resource_id: str) -> Service:
        target = (backend.targets.get("ecs:service:DesiredCount") or {}).get(resource_id)
        if target is None:
            raise NotModelled(f"{resource_id} is not a scalable ECS service: nothing else is scaled by the local AWS")
        return cls(backend.region_name, target)

    @property
    def desired(self) -> int:
        return self._ecs.describe_services(cluster=self.cluster, services=[self.name])["services"][0]["desiredCount"]

    def scale_to(self, wanted: int) -> dict[str, Any]:
        before = self.desired
        after = max(int(self.target.min_capacity), min(int(self.target.max_capacity), wanted))
        if after != before:
            self._ecs.update_service(cluster=self.cluster, service=self.name, desiredCount=after)
        return {"resourceId": self.target.resource_id, "from": before, "to": after}


def _find(kind: str, attribute: str, name: object) -> tuple[Any, Any]:
    """By its name alone, which must be the only one of its kind in all Regions."""
    found = []
    for regions in list(applicationautoscaling_backends.values()):
        for backend in list(regions.values()):
            known = getattr(backend, kind)
            items = known.values() if isinstance(known, dict) else known
            found += [(backend, item) for item in items if getattr(item, attribute) == name]
    if len(found) != 1:
        raise LocalAwsError(f"there are {len(found)} scaling {kind.replace('_', ' ')} named {name}, and it must be one")
    return found[0]


def _number(body: dict[str, Any], key: str) -> float:
    if not isinstance(body.get(key), (int, float)):
        raise LocalAwsError(f"'{key}' must be a number, the value to act on")
    return float(body[key])
