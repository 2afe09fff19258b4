"""Mends of Application Auto Scaling."""

from __future__ import annotations

import json
from typing import Any

from moto.applicationautoscaling.models import ApplicationAutoscalingBackend
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse


def install() -> None:
    describe_the_policies_that_are_asked_for()
    bring_a_service_within_its_bounds()


def describe_the_policies_that_are_asked_for() -> None:
    """DescribeScalingPolicies ignores the names, and takes a resource id for that of any resource that it contains."""
    original = ApplicationAutoScalingResponse.describe_scaling_policies

    def describe_scaling_policies(self: ApplicationAutoScalingResponse) -> str:
        answer = json.loads(original(self))
        names, resource_id = self._get_param("PolicyNames"), self._get_param("ResourceId")
        answer["ScalingPolicies"] = [
            policy
            for policy in answer["ScalingPolicies"]
            if (not names or policy["PolicyName"] in names) and resource_id in (None, policy["ResourceId"])
        ]
        return json.dumps(answer)

    ApplicationAutoScalingResponse.describe_scaling_policies = describe_scaling_policies  # type: ignore[method-assign]


def bring_a_service_within_its_bounds() -> None:
    """Registering a target leaves the service alone; AWS scales one that is outside of the bounds: "minimum capacity was set to 2"."""
    original: Any = ApplicationAutoscalingBackend.register_scalable_target

    def register_scalable_target(self: ApplicationAutoscalingBackend, *positional: Any, **given: Any) -> Any:
        from localaws.ecs.scaling import Service  # its routes need the server, which is not there yet

        target = original(self, *positional, **given)
        if target.scalable_dimension == "ecs:service:DesiredCount":
            service = Service(self.region_name, target)
            service.scale_to(service.desired)
        return target

    ApplicationAutoscalingBackend.register_scalable_target = register_scalable_target  # type: ignore[method-assign]
