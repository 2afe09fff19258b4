"""What a resource type is to the engine, and the register of all types."""

from __future__ import annotations

import random
import string
from dataclasses import dataclass, field
from typing import Any

from localaws import context
from localaws.cloudformation.state import Stack, StackResource
from localaws.errors import LocalAwsError, NotModelled


class ResourceFailed(LocalAwsError):
    """A resource that AWS would refuse to create, update or delete."""


@dataclass(frozen=True)
class Request:
    """One thing to do to one resource."""

    stack: Stack
    logical_id: str
    type: str
    properties: dict[str, Any]

    @property
    def region(self) -> str:
        return self.stack.region

    @property
    def account(self) -> str:
        return context.ACCOUNT

    def client(self, service: str) -> Any:
        return context.client(service, self.region)

    def generated_name(self, longest: int = 128) -> str:
        """A name as CloudFormation makes one: stack, logical id, and a random end that makes replacement possible."""
        end = "".join(random.choices(string.ascii_letters + string.digits, k=12))
        return f"{self.stack.name}-{self.logical_id}"[: longest - 13].rstrip("-") + f"-{end}"


@dataclass
class Made:
    """What came of a creation: what `Ref` and `Fn::GetAtt` give."""

    physical_id: str
    attributes: dict[str, Any] = field(default_factory=dict)


class ResourceModel:
    """A resource type. What it cannot do it refuses; it never leaves out a property."""

    type: str

    def create(self, request: Request) -> Made:
        raise NotImplementedError

    def can_update(self, request: Request, current: StackResource) -> bool:
        """Whether the change is made in place. If not, the engine replaces the resource."""
        raise NotImplementedError

    def update(self, request: Request, current: StackResource) -> Made:
        raise NotImplementedError

    def delete(self, request: Request, current: StackResource) -> None:
        raise NotImplementedError

    def stabilize(self, request: Request, made: Made) -> None:
        """Waits, bounded in time, until what was created or updated is in service. Most resources are at once."""

    def keeps_superseded(self, properties: dict[str, Any]) -> bool:
        """Whether the template says that what an update leaves behind shall stay."""
        return False

    def custom_name(self, properties: dict[str, Any]) -> str | None:
        """The name that the template fixes, if it fixes one: such a resource cannot be replaced under the same name."""
        return None


_models: dict[str, ResourceModel] = {}


def register(model: ResourceModel) -> ResourceModel:
    _models[model.type] = model
    return model


def model_of(type_name: str) -> ResourceModel:
    if type_name.startswith("Custom::"):
        type_name = "AWS::CloudFormation::CustomResource"
    if type_name not in _models:
        raise NotModelled(f"Resource type {type_name} is not modelled by the local AWS")
    return _models[type_name]
