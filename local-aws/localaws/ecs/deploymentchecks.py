"""What CreateService and UpdateService refuse of a way of deploying: what ECS refuses, and what could not be honoured."""

from __future__ import annotations

from typing import Any

from moto.elbv2 import elbv2_backends

from localaws.ecs import weights
from localaws.errors import LocalAwsError, NotModelled
from localaws.loadbalancing import actions

_LONGEST_MINUTES = 1440
_LONGEST_PAUSE_MINUTES = 20160
_PAUSES = (
    "RECONCILE_SERVICE",
    "PRE_SCALE_UP",
    "POST_SCALE_UP",
    "POST_TEST_TRAFFIC_SHIFT",
    "PRE_PRODUCTION_TRAFFIC_SHIFT",
    "POST_PRODUCTION_TRAFFIC_SHIFT",
)
_STAGES = (*_PAUSES, "TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT")
_OF_STRATEGY = {"canaryConfiguration": "CANARY", "linearConfiguration": "LINEAR"}
OF_SHIFTS = ("lifecycleHooks", *_OF_STRATEGY, "bakeTimeInMinutes")


def check(declared: dict[str, Any]) -> None:
    configuration = declared.get("deploymentConfiguration") or {}
    strategy = configuration.get("strategy", "ROLLING")
    breaker = configuration.get("deploymentCircuitBreaker") or {}
    if strategy == "ROLLING":
        _check_rolling(declared, configuration, breaker)
    elif strategy in weights.STRATEGIES:
        _check_shift(declared, configuration, strategy, breaker)
    else:
        raise LocalAwsError(f"The deployment strategy {strategy} is not one of ROLLING, {', '.join(weights.STRATEGIES)}.")


def _check_rolling(declared: dict[str, Any], configuration: dict[str, Any], breaker: dict[str, Any]) -> None:
    for key in (*OF_SHIFTS, "earlySuccessCriteria"):
        if configuration.get(key):
            raise NotModelled(f"'{key}' of a rolling deployment is not modelled by the local AWS")
    if any(entry.get("advancedConfiguration") for entry in declared.get("loadBalancers") or []):
        raise NotModelled("'advancedConfiguration' of a load balancer is not modelled by the local AWS with ROLLING")
    if breaker.get("resetOnHealthyTask"):
        raise NotModelled("'resetOnHealthyTask' of the deployment circuit breaker is not modelled by the local AWS")
    kind = (breaker.get("thresholdConfiguration") or {}).get("type", "COUNT")
    if kind != "COUNT":
        raise NotModelled(f"the threshold type {kind} of the deployment circuit breaker is not modelled, only COUNT")


def _check_shift(declared: dict[str, Any], configuration: dict[str, Any], strategy: str, breaker: dict[str, Any]) -> None:
    alarms = configuration.get("alarms") or {}
    if breaker.get("enable"):
        raise NotModelled(f"the deployment circuit breaker is not modelled by the local AWS with the strategy {strategy}")
    if alarms.get("enable") and not alarms.get("rollback"):
        raise NotModelled(f"alarms without 'rollback' are not modelled by the local AWS with the strategy {strategy}")
    if configuration.get("earlySuccessCriteria"):
        raise LocalAwsError(f"The early success criteria are not supported with the deployment strategy {strategy}.")
    if declared.get("schedulingStrategy") == "DAEMON":
        raise LocalAwsError(f"The deployment strategy {strategy} is not supported with the DAEMON scheduling strategy.")
    entries = declared.get("loadBalancers") or []
    if not entries or not all(_is_whole(entry.get("advancedConfiguration") or {}) for entry in entries):
        raise NotModelled(
            f"{strategy} is modelled by the local AWS only with load balancers, each of which has "
            "'alternateTargetGroupArn', 'productionListenerRule' and 'roleArn' in its 'advancedConfiguration'"
        )
    if (declared.get("serviceConnectConfiguration") or {}).get("services"):
        raise NotModelled(f"{strategy} of names in Service Connect is not modelled by the local AWS, only of listener rules")
    _check_times(configuration, strategy)
    for hook in configuration.get("lifecycleHooks") or []:
        _check_hook(hook)


def _is_whole(advanced: dict[str, Any]) -> bool:
    return all(advanced.get(key) for key in ("alternateTargetGroupArn", weights.PRODUCTION, "roleArn"))


def _check_times(configuration: dict[str, Any], strategy: str) -> None:
    for key, owner in _OF_STRATEGY.items():
        if configuration.get(key) and strategy != owner:
            raise LocalAwsError(f"'{key}' is only valid with the deployment strategy {owner}, and it is {strategy}.")
    if strategy == "BLUE_GREEN" and configuration.get("bakeTimeInMinutes") is None:
        raise LocalAwsError("'bakeTimeInMinutes' must be given with the deployment strategy BLUE_GREEN.")
    canary, linear = configuration.get("canaryConfiguration") or {}, configuration.get("linearConfiguration") or {}
    for name, value, least, most in (
        ("bakeTimeInMinutes", configuration.get("bakeTimeInMinutes"), 0, _LONGEST_MINUTES),
        ("canaryBakeTimeInMinutes", canary.get("canaryBakeTimeInMinutes"), 0, _LONGEST_MINUTES),
        ("canaryPercent", canary.get("canaryPercent"), 0.1, 100),
        ("stepBakeTimeInMinutes", linear.get("stepBakeTimeInMinutes"), 0, _LONGEST_MINUTES),
        ("stepPercent", linear.get("stepPercent"), 3, 100),
    ):
        if value is not None and not least <= float(value) <= most:
            raise LocalAwsError(f"'{name}' must be between {least} and {most}, and it is {value}.")


def _check_hook(hook: dict[str, Any]) -> None:
    kind, stages = hook.get("targetType", "AWS_LAMBDA"), hook.get("lifecycleStages") or []
    if not stages or (unknown := [stage for stage in stages if stage not in _STAGES]):
        given = unknown if stages else "none"
        raise LocalAwsError(f"A lifecycle hook must have stages of {', '.join(_STAGES)}, and not {given}.")
    if kind == "AWS_LAMBDA":
        if not hook.get("hookTargetArn") or not hook.get("roleArn"):
            raise LocalAwsError("A lifecycle hook of type AWS_LAMBDA must have 'hookTargetArn' and 'roleArn'.")
        if hook.get("timeoutConfiguration"):
            raise NotModelled("'timeoutConfiguration' of a lifecycle hook is modelled by the local AWS for PAUSE only")
        return
    if kind != "PAUSE":
        raise LocalAwsError(f"The target type {kind} of a lifecycle hook is not one of AWS_LAMBDA, PAUSE.")
    if moving := [stage for stage in stages if stage not in _PAUSES]:
        raise LocalAwsError(f"A lifecycle hook of type PAUSE cannot be at {', '.join(moving)}.")
    minutes = (hook.get("timeoutConfiguration") or {}).get("timeoutInMinutes")
    if minutes is not None and not 1 <= int(minutes) <= _LONGEST_PAUSE_MINUTES:
        raise LocalAwsError(f"'timeoutInMinutes' must be between 1 and {_LONGEST_PAUSE_MINUTES}, and it is {minutes}.")


def check_rules(entry: dict[str, Any], account: str, region: str) -> None:
    """Both groups and the rules of a load balancer must be there, and the rules must forward to both groups."""
    advanced = entry.get("advancedConfiguration") or {}
    if not advanced:
        return
    backend = elbv2_backends[account][region]
    groups = [entry["targetGroupArn"], advanced["alternateTargetGroupArn"]]
    if groups[1] not in backend.target_groups:
        raise LocalAwsError(f"The target group {groups[1]} does not exist.")
    listeners = [one for balancer in backend.load_balancers.values() for one in balancer.listeners.values()]
    for key in (weights.PRODUCTION, weights.TEST):
        arn = advanced.get(key)
        if not arn:
            continue
        rule = next((listener.rules[arn] for listener in listeners if arn in listener.rules), None)
        if rule is None:
            raise LocalAwsError(f"The listener rule {arn} does not exist; listeners in its place are not modelled.")
        forwards = [group for action in rule.actions for group in actions.target_groups_of(action.data)]
        if sorted(forwards) != sorted(groups):
            raise LocalAwsError(f"The listener rule {arn} must forward to {' and '.join(groups)} and to no other group.")
