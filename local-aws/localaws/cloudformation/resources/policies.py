"""Policies that are resources in templates, but attributes of queues and topics in the API."""

from __future__ import annotations

from collections.abc import Callable

from localaws.cloudformation.model import Made, Request, ResourceModel
from localaws.cloudformation.properties import as_text
from localaws.cloudformation.state import StackResource
from localaws.errors import NotModelled

Put = Callable[[Request, str, str | None], None]
"""Puts a policy on an owner; None stands for the policy that the owner has where none is declared."""


class AttachedPolicy(ResourceModel):
    """Puts one policy document on each of a list of owners, and takes it off again."""

    def __init__(self, type_name: str, owners: str, put: Put) -> None:
        self.type, self._owners, self._put = type_name, owners, put

    def create(self, request: Request) -> Made:
        self._attach(request)
        return Made(request.generated_name())

    def can_update(self, request: Request, current: StackResource) -> bool:
        return True

    def update(self, request: Request, current: StackResource) -> Made:
        for owner in set(current.properties[self._owners]) - set(request.properties[self._owners]):
            self._put(request, owner, None)
        self._attach(request)
        return Made(current.physical_id)

    def delete(self, request: Request, current: StackResource) -> None:
        for owner in current.properties[self._owners]:
            self._put(request, owner, None)

    def _attach(self, request: Request) -> None:
        unknown = set(request.properties) - {self._owners, "PolicyDocument"}
        if unknown:
            raise NotModelled(
                f"Property {sorted(unknown)[0]} of {request.logical_id} ({self.type}) is not modelled by the local AWS"
            )
        for owner in request.properties[self._owners]:
            self._put(request, owner, as_text(request.properties["PolicyDocument"]))
