"""One deployment of a service: which revision it brings, how far it is, and why it failed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from moto.moto_api._internal import mock_random

from localaws.ecs.servicetask import ServiceTask

if TYPE_CHECKING:
    from localaws.ecs.lifecyclehooks import Hook

REVISION_KEYS = (
    "taskDefinition",
    "launchType",
    "capacityProviderStrategy",
    "platformVersion",
    "networkConfiguration",
    "loadBalancers",
    "serviceConnectConfiguration",
    "enableExecuteCommand",
    "propagateTags",
)
"""What makes a service revision: a change of any of these is a new deployment, but for the strategy alone."""

_NO_REASON_TO_DEPLOY = ("capacityProviderStrategy",)
"""ECS leaves the tasks where they are when this changes: only a forced deployment moves them."""

_DESCRIBED_KEYS = (
    "taskDefinition",
    "launchType",
    "capacityProviderStrategy",
    "platformVersion",
    "networkConfiguration",
    "serviceConnectConfiguration",
)


@dataclass(eq=False)
class Deployment:
    revision: dict[str, Any]
    names: dict[str, str] | None
    """The Service Connect names that existed when the deployment began: its tasks know these and no later ones."""
    configuration: dict[str, Any] = field(default_factory=dict)
    """How it is deployed, as the service declared it when the deployment began."""
    source: Deployment | None = None
    """What ran before."""
    id: str = field(default_factory=lambda: f"ecs-svc/{mock_random.randint(10**18, 10**19 - 1)}")
    tasks: list[ServiceTask] = field(default_factory=list)
    rollout_state: str = "IN_PROGRESS"
    rollout_reason: str = ""
    failed_tasks: int = 0
    failure: str | None = None
    color: int = 0
    """Which target group of each pair its tasks are in, where requests are shifted."""
    stage: str | None = None
    shift: Iterator[None] | None = None
    """What is still to be done until the version before it may go."""
    tested: float = 0.0
    """The part of the test requests that it gets, in percent."""
    shifted: float = 0.0
    """The part of the live requests that it gets, in percent."""
    hooks: list[Hook] = field(default_factory=list)
    outcome: str | None = None
    """How it ended, as ECS words the status of a service deployment."""
    rolls_back_to: Deployment | None = None
    failed_at: datetime | None = None
    ended_at: datetime | None = None
    created_at: datetime = field(default_factory=lambda: datetime.now(timezone.utc))
    updated_at: datetime = field(default_factory=lambda: datetime.now(timezone.utc))

    @property
    def active(self) -> list[ServiceTask]:
        """The tasks that count: neither stopped nor told to stop."""
        return [task for task in self.tasks if not task.retiring and not task.stopped]

    @property
    def ready(self) -> list[ServiceTask]:
        return [task for task in self.tasks if task.ready]

    def arn_in(self, service_arn: str) -> str:
        return f"{service_arn.replace(':service/', ':service-deployment/')}/{self.id.rpartition('/')[2]}"

    def revision_arn_in(self, service_arn: str) -> str:
        return f"{service_arn.replace(':service/', ':service-revision/')}/{self.id.rpartition('/')[2]}"

    def ended(self, outcome: str) -> None:
        """Once and for all: what later becomes of its tasks is the matter of other deployments."""
        if self.outcome is None:
            self.outcome, self.ended_at = outcome, datetime.now(timezone.utc)

    def failed(self, back: Deployment | None, rollback: bool) -> None:
        self.rolls_back_to, self.failed_at = back, datetime.now(timezone.utc)
        if back is None:
            self.ended("ROLLBACK_FAILED" if rollback else "STOPPED")

    def end_hooks(self) -> None:
        for hook in self.hooks:
            hook.end()

    def become(self, rollout_state: str, reason: str) -> None:
        self.rollout_state, self.rollout_reason = rollout_state, reason
        self.updated_at = datetime.now(timezone.utc)

    def describe(self, status: str, desired: int, platform_family: str) -> dict[str, Any]:
        described = {key: self.revision[key] for key in _DESCRIBED_KEYS if self.revision.get(key) is not None}
        return described | {
            "id": self.id,
            "status": status,
            "desiredCount": desired,
            "pendingCount": sum(task.pending for task in self.tasks),
            "runningCount": sum(task.running for task in self.tasks),
            "failedTasks": self.failed_tasks,
            "createdAt": self.created_at,
            "updatedAt": self.updated_at,
            "platformFamily": platform_family,
            "rolloutState": self.rollout_state,
            "rolloutStateReason": self.rollout_reason,
        }


def revision_of(declared: dict[str, Any]) -> dict[str, Any]:
    """The revision in what a service declares; what is empty or disabled is the same as what is not declared."""
    revision = {key: declared[key] for key in REVISION_KEYS if declared.get(key)}
    if not (revision.get("serviceConnectConfiguration") or {}).get("enabled"):
        revision.pop("serviceConnectConfiguration", None)
    return revision


def same_but_for_capacity(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether going from one revision to the other gives ECS a reason to deploy."""

    ignored = set(_NO_REASON_TO_DEPLOY)
    if "platformVersion" not in one or "platformVersion" not in other:
        ignored.add("platformVersion")  # it comes and goes with Fargate

    def reasons(revision: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in revision.items() if key not in ignored}

    return reasons(one) == reasons(other)


def declared_again(declared: dict[str, Any], revision: dict[str, Any]) -> dict[str, Any]:
    """What the service declares once a rollback has put the revision in place of the one that failed."""
    kept = {key: value for key, value in declared.items() if key not in REVISION_KEYS or not value}
    return {**kept, **revision}


def breaker_threshold(desired: int, breaker: dict[str, Any]) -> int:
    """After so many failed tasks the circuit breaker opens: half of the desired count, but 3 at least and 200 at most."""
    given = breaker.get("thresholdConfiguration")
    if given:
        return int(given["value"])
    return max(3, min(200, math.ceil(desired * 0.5)))
