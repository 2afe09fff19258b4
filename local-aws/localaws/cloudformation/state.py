"""What CloudFormation remembers: stacks, their resources and events, exports, change sets."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from localaws import context
from localaws.cloudformation.template import EMPTY, Template


def now() -> datetime:
    return datetime.now(timezone.utc)


def new_arn(region: str, kind: str, name: str) -> str:
    return f"arn:aws:cloudformation:{region}:{context.ACCOUNT}:{kind}/{name}/{uuid.uuid4()}"


@dataclass
class StackResource:
    """A resource that exists, with the properties that it was given: an update compares against these."""

    logical_id: str
    type: str
    physical_id: str
    properties: dict[str, Any]
    attributes: dict[str, Any] = field(default_factory=dict)
    deletion_policy: str = "Delete"
    status: str = "CREATE_COMPLETE"
    changed: datetime = field(default_factory=now)


@dataclass(frozen=True)
class Event:
    logical_id: str
    physical_id: str
    type: str
    status: str
    reason: str | None
    event_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    timestamp: datetime = field(default_factory=now)


@dataclass(frozen=True)
class Output:
    key: str
    value: str
    description: str | None
    export: str | None


@dataclass
class Stack:
    name: str
    region: str
    arn: str
    status: str = "REVIEW_IN_PROGRESS"
    status_reason: str | None = None
    template: Template = EMPTY
    parameters: dict[str, str] = field(default_factory=dict)
    resolved: dict[str, Any] = field(default_factory=dict)
    """What a Ref to each parameter sees: for one from the parameter store the value, where `parameters` has its name."""
    tags: dict[str, str] = field(default_factory=dict)
    role_arn: str | None = None
    termination_protection: bool = False
    resources: dict[str, StackResource] = field(default_factory=dict)
    outputs: list[Output] = field(default_factory=list)
    imports: set[str] = field(default_factory=set)
    events: list[Event] = field(default_factory=list)
    created: datetime = field(default_factory=now)
    updated: datetime | None = None
    deleted: datetime | None = None

    def move_to(self, status: str, reason: str | None = None) -> None:
        self.status, self.status_reason = status, reason
        self.events.append(Event(self.name, self.arn, "AWS::CloudFormation::Stack", status, reason))

    def record(self, resource: StackResource, status: str, reason: str | None = None) -> None:
        resource.status, resource.changed = status, now()
        self.events.append(Event(resource.logical_id, resource.physical_id, resource.type, status, reason))

    @property
    def in_progress(self) -> bool:
        return self.status.endswith("_IN_PROGRESS") and self.status != "REVIEW_IN_PROGRESS"


@dataclass
class ChangeSet:
    name: str
    arn: str
    kind: str
    stack: Stack
    template: Template
    parameters: dict[str, str]
    resolved: dict[str, Any]
    tags: dict[str, str]
    role_arn: str | None
    description: str | None
    changes: list[dict[str, Any]]
    status: str = "CREATE_COMPLETE"
    execution_status: str = "AVAILABLE"
    status_reason: str | None = None
    created: datetime = field(default_factory=now)


class Region:
    """The stacks and change sets of one region."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lock = threading.RLock()
        self._stacks: dict[str, Stack] = {}
        self._change_sets: dict[str, ChangeSet] = {}

    def add(self, stack: Stack) -> Stack:
        self._stacks[stack.arn] = stack
        return stack

    def forget(self, stack: Stack) -> None:
        self._stacks.pop(stack.arn)

    def stack(self, name_or_arn: str) -> Stack | None:
        """A deleted stack is found by its ARN alone, as in AWS."""
        if name_or_arn in self._stacks:
            return self._stacks[name_or_arn]
        return next((stack for stack in self.living if stack.name == name_or_arn), None)

    @property
    def stacks(self) -> list[Stack]:
        return list(self._stacks.values())

    @property
    def living(self) -> list[Stack]:
        return [stack for stack in self.stacks if stack.status != "DELETE_COMPLETE"]

    @property
    def exports(self) -> dict[str, tuple[Stack, Output]]:
        return {output.export: (stack, output) for stack in self.living for output in stack.outputs if output.export}

    def importers(self, export: str) -> list[str]:
        return [stack.name for stack in self.living if export in stack.imports]

    def add_change_set(self, change_set: ChangeSet) -> None:
        self._change_sets[change_set.arn] = change_set

    def change_sets(self, stack: Stack) -> list[ChangeSet]:
        return [change_set for change_set in self._change_sets.values() if change_set.stack is stack]

    def change_set(self, name_or_arn: str, stack: Stack | None) -> ChangeSet | None:
        """A name counts within its stack only: the CDK command line gives the change sets of all stacks the same name."""
        if name_or_arn in self._change_sets:
            return self._change_sets[name_or_arn]
        named = [c for c in self._change_sets.values() if c.name == name_or_arn and c.stack is stack]
        return named[-1] if named else None

    def remove_change_set(self, change_set: ChangeSet) -> None:
        self._change_sets.pop(change_set.arn, None)


class _Regions(dict):
    def __missing__(self, name: str) -> Region:
        self[name] = Region(name)
        return self[name]


REGIONS: dict[str, Region] = _Regions()
