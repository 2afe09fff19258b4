"""How requests are split between the two target groups of a service: steps of a strategy, and weights of a rule."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from localaws import context

STRATEGIES = ("BLUE_GREEN", "CANARY", "LINEAR")
PRODUCTION, TEST = "productionListenerRule", "testListenerRule"
_WHOLE = 1000
"""ECS moves tenths of a percent. A weight is 999 at most, so that all requests are one less than these."""


@dataclass(frozen=True)
class Step:
    percent: float
    """Of the requests that the new version gets."""
    minutes: int
    """Until the next step."""


ALL_AT_ONCE = [Step(100, 0)]


def shifts(declared: dict[str, Any]) -> bool:
    return (declared.get("deploymentConfiguration") or {}).get("strategy", "ROLLING") in STRATEGIES


def steps(configuration: dict[str, Any]) -> list[Step]:
    if configuration["strategy"] == "CANARY":
        canary = configuration.get("canaryConfiguration") or {}
        first = Step(float(canary.get("canaryPercent", 5)), int(canary.get("canaryBakeTimeInMinutes", 10)))
        return [first, *ALL_AT_ONCE]
    if configuration["strategy"] == "LINEAR":
        linear = configuration.get("linearConfiguration") or {}
        size, minutes = float(linear.get("stepPercent", 10)), int(linear.get("stepBakeTimeInMinutes", 6))
        count = math.ceil(100 / size - 1e-9)
        return [*(Step(size * (index + 1), minutes) for index in range(count - 1)), *ALL_AT_ONCE]
    return ALL_AT_ONCE


def load_balancers(revision: dict[str, Any], color: int) -> list[dict[str, Any]]:
    """Where the tasks of this color are registered: in the one target group of each pair, or in the other."""
    entries = []
    for entry in revision.get("loadBalancers") or []:
        advanced = entry.get("advancedConfiguration")
        arn = advanced["alternateTargetGroupArn"] if advanced and color else entry["targetGroupArn"]
        entries.append({**entry, "targetGroupArn": arn})
    return entries


def weigh(region: str, revision: dict[str, Any], color: int, percent: float = 100, rule: str = PRODUCTION) -> None:
    """Give this color its part of the requests, and the rest to the other one."""
    for entry in revision.get("loadBalancers") or []:
        advanced = entry.get("advancedConfiguration") or {}
        if not advanced.get(rule):
            continue
        groups = [entry["targetGroupArn"], advanced["alternateTargetGroupArn"]]
        part = round(percent * _WHOLE / 100)
        each = {groups[color]: min(part, 999), groups[1 - color]: min(_WHOLE - part, 999)}
        targets = [{"TargetGroupArn": arn, "Weight": each[arn]} for arn in groups]
        actions = [{"Type": "forward", "ForwardConfig": {"TargetGroups": targets}}]
        context.client("elbv2", region).modify_rule(RuleArn=advanced[rule], Actions=actions)
