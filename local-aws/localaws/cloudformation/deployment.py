"""One deployment of a stack: brings the resources to what the template says, or back to what they were."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor

from botocore.exceptions import BotoCoreError, ClientError

from localaws.cloudformation import template as templates
from localaws.cloudformation.intrinsics import Scope
from localaws.cloudformation.model import Made, Request, ResourceFailed, ResourceModel, model_of
from localaws.cloudformation.state import Stack, StackResource
from localaws.cloudformation.template import Resource

log = logging.getLogger(__name__)

OPERATION = threading.RLock()
"""Held while one resource is changed: moto's backends are not written for concurrent writers."""


class DeploymentStopped(Exception):
    """A resource failed; the events tell which and why."""


def reason_of(error: BaseException) -> str:
    """What a user reads in the events: the API's own words, without a Python type in front."""
    if isinstance(error, ClientError):
        details = error.response["Error"]
        return f"{details.get('Message') or details.get('Code')} (Service operation: {error.operation_name})"
    if isinstance(error, BotoCoreError):
        return f"Properties validation failed: {error}"
    return str(error) or type(error).__name__


class Deployment:
    """Walks over the template in the order of its references. What it did it writes down, so that it can be undone."""

    def __init__(self, stack: Stack, scope: Scope) -> None:
        self._stack = stack
        self._scope = scope
        self._waiting: dict[str, Future[None]] = {}
        self._undo: list[_Step] = []
        self._superseded: list[StackResource] = []
        scope.resources = stack.resources  # type: ignore[assignment]

    def run(self) -> None:
        """Creates and updates. Whoever depends on a resource that is still coming up waits for it; others go on."""
        wanted = self._wanted()
        with ThreadPoolExecutor(max_workers=16, thread_name_prefix="stabilize") as pool:
            for logical_id in templates.in_dependency_order(wanted):
                for other in wanted[logical_id].references & self._waiting.keys():
                    self._waiting[other].result()
                self._bring(wanted[logical_id], pool)
            for future in self._waiting.values():
                future.result()

    def clean_up(self) -> None:
        """After success: deletes what the template no longer holds, and what was replaced. Newest first."""
        wanted = self._wanted()
        gone = [resource for name, resource in self._stack.resources.items() if name not in wanted]
        for resource in [*reversed(self._superseded), *reversed(gone)]:
            if self._stack.resources.get(resource.logical_id) is resource:
                del self._stack.resources[resource.logical_id]
            remove(self._stack, resource)

    def roll_back(self) -> None:
        """Undoes each step, the last one first."""
        for step in reversed(self._undo):
            step.undo(self._stack)

    def _wanted(self) -> dict[str, Resource]:
        resources = self._scope.template.resources
        return {
            name: resource
            for name, resource in resources.items()
            if resource.condition is None or self._scope.condition(resource.condition)
        }

    def _bring(self, resource: Resource, pool: ThreadPoolExecutor) -> None:
        current = self._stack.resources.get(resource.logical_id)
        attempt = current or StackResource(resource.logical_id, resource.type, "", {}, {}, resource.deletion_policy)
        verb = "UPDATE" if current else "CREATE"
        try:
            request = Request(self._stack, resource.logical_id, resource.type, self._scope.evaluate(resource.properties))
            if current and (current.type, current.properties) == (resource.type, request.properties):
                current.deletion_policy = resource.deletion_policy
                return
            self._change(request, resource, current, pool)
        except DeploymentStopped:
            raise
        except Exception as error:  # whatever a handler raises fails the deployment: nothing may look like success
            self._fail(attempt, verb, error)

    def _change(self, request: Request, resource: Resource, current: StackResource | None, pool: ThreadPoolExecutor) -> None:
        model = model_of(resource.type)
        in_place = current is not None and current.type == resource.type and model.can_update(request, current)
        changed = StackResource(
            request.logical_id,
            request.type,
            current.physical_id if in_place else "",
            request.properties,
            deletion_policy=resource.deletion_policy,
        )
        verb = "UPDATE" if current else "CREATE"
        self._stack.record(changed, f"{verb}_IN_PROGRESS")
        if in_place:
            changed.attributes = current.attributes
            self._stack.resources[request.logical_id] = (
                changed  # before the attempt: one that breaks off half-way is undone too
            )
            self._undo.append(_Updated(current))
            made = self._act(lambda: model.update(request, current))
        else:
            _refuse_replacement_under_the_same_name(model, request, current)
            made = self._act(lambda: model.create(request))
            same = current is not None and (made.physical_id, request.type) == (current.physical_id, current.type)
            self._undo.append(_Overwritten(current) if same else _Created(changed, current))
        changed.physical_id, changed.attributes = made.physical_id, made.attributes
        self._supersede(current, changed, resource)
        self._stack.resources[request.logical_id] = changed
        self._waiting[request.logical_id] = pool.submit(self._stabilize, model, request, changed, verb)

    def _act(self, action) -> Made:
        with OPERATION:
            return action()

    def _supersede(self, current: StackResource | None, changed: StackResource, resource: Resource) -> None:
        """A new physical id means that the old object is left over, even where a custom resource was updated in place."""
        if current is None or (current.physical_id, current.type) == (changed.physical_id, changed.type):
            return
        if resource.update_replace_policy == "Delete" and not model_of(changed.type).keeps_superseded(changed.properties):
            self._superseded.append(current)

    def _stabilize(self, model: ResourceModel, request: Request, changed: StackResource, verb: str) -> None:
        try:
            model.stabilize(request, Made(changed.physical_id, changed.attributes))
        except Exception as error:
            self._fail(changed, verb, error)
        self._stack.record(changed, f"{verb}_COMPLETE")

    def _fail(self, resource: StackResource, verb: str, error: Exception) -> None:
        log.info("%s of %s failed", verb, resource.logical_id, exc_info=error)
        self._stack.record(resource, f"{verb}_FAILED", reason_of(error))
        raise DeploymentStopped(f"The following resource(s) failed to {verb.lower()}: [{resource.logical_id}]. ") from error


def _refuse_replacement_under_the_same_name(model: ResourceModel, request: Request, current: StackResource | None) -> None:
    name = model.custom_name(request.properties)
    if current and name and name == model.custom_name(current.properties) and current.type == request.type:
        raise ResourceFailed(
            "CloudFormation cannot update a stack when a custom-named resource requires replacing. "
            f"Rename {name} and update the stack again."
        )


def remove(stack: Stack, resource: StackResource) -> None:
    """Deletes one resource, unless its policy keeps it, and says so in the events."""
    if (
        resource.deletion_policy == "Retain"
        or resource.deletion_policy == "RetainExceptOnCreate"
        and stack.status != "ROLLBACK_IN_PROGRESS"
    ):
        stack.record(resource, "DELETE_SKIPPED")
        return
    stack.record(resource, "DELETE_IN_PROGRESS")
    request = Request(stack, resource.logical_id, resource.type, resource.properties)
    try:
        with OPERATION:
            model_of(resource.type).delete(request, resource)
    except Exception as error:
        stack.record(resource, "DELETE_FAILED", reason_of(error))
        raise DeploymentStopped(f"The following resource(s) failed to delete: [{resource.logical_id}]. ") from error
    stack.record(resource, "DELETE_COMPLETE")


class _Step:
    """Something that was done, and can be undone."""

    def undo(self, stack: Stack) -> None:
        raise NotImplementedError


class _Created(_Step):
    """A new resource, perhaps in the place of an older one, which comes back into force."""

    def __init__(self, made: StackResource, replaced: StackResource | None) -> None:
        self._made, self._replaced = made, replaced

    def undo(self, stack: Stack) -> None:
        stack.resources.pop(self._made.logical_id, None)
        if self._replaced:
            stack.resources[self._made.logical_id] = self._replaced
        remove(stack, self._made)


class _Overwritten(_Step):
    """A replacement that hit the very object that was to be replaced: a setting of something else, which has no identity."""

    def __init__(self, before: StackResource) -> None:
        self._before = before

    def undo(self, stack: Stack) -> None:
        before = self._before
        stack.resources[before.logical_id] = before
        with OPERATION:
            model_of(before.type).create(Request(stack, before.logical_id, before.type, before.properties))
        stack.record(before, "UPDATE_COMPLETE")


class _Updated(_Step):
    """A resource changed in place: it gets its old properties back, even where the update broke off half-way."""

    def __init__(self, before: StackResource) -> None:
        self._before = before

    def undo(self, stack: Stack) -> None:
        before = self._before
        changed = stack.resources[before.logical_id]
        model = model_of(before.type)
        request = Request(stack, before.logical_id, before.type, before.properties)
        stack.resources[before.logical_id] = before
        stack.record(before, "UPDATE_IN_PROGRESS")
        try:
            with OPERATION:
                made = model.update(request, changed)
            before.physical_id, before.attributes = made.physical_id, made.attributes
            model.stabilize(request, made)
            if changed.physical_id != made.physical_id:
                remove(stack, changed)
        except Exception as error:
            stack.record(before, "UPDATE_FAILED", reason_of(error))
            raise DeploymentStopped(f"The following resource(s) failed to update: [{before.logical_id}]. ") from error
        stack.record(before, "UPDATE_COMPLETE")
