"""The one class behind nearly all resource types: a table entry that says which API operations create, update and delete.

A table entry is a call of `resource(...)`. Its texts are paths into what is known at that moment:

- `answer.x.y` the answer of the create operation, `given.x` its parameters, `properties.X` those of the template;
- in the arguments of `call(...)`, `$id` is the physical id, `$properties.X` and `$attributes.X` speak for themselves (and
  are left out where there is no such property), `$$` is a dollar, and everything else is a literal value.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from localaws.cloudformation import readback
from localaws.cloudformation.model import Made, Request, ResourceModel, register
from localaws.cloudformation.properties import Placement, as_tags
from localaws.cloudformation.state import StackResource
from localaws.cloudformation.tagging import Tagging

log = logging.getLogger(__name__)

Properties = dict[str, Any]
Path = str | Callable[["Creation"], Any]
Prepare = Callable[[Request, Properties], Properties]
After = Callable[[Request, Made], None]


@dataclass(frozen=True)
class Call:
    operation: str
    arguments: Mapping[str, Any]

    def resolved(self, physical_id: str, properties: Properties, attributes: Mapping[str, Any]) -> Properties:
        known = {"id": physical_id, "properties": properties, "attributes": attributes}
        resolved = {name: _resolve(value, known) for name, value in self.arguments.items()}
        return {name: value for name, value in resolved.items() if value is not None}


def call(operation: str, **arguments: Any) -> Call:
    return Call(operation, arguments)


@dataclass(frozen=True)
class Creation:
    """What the paths of a table entry can look at."""

    request: Request
    given: Properties
    answer: Any

    def look_up(self, path: Path) -> Any:
        if callable(path):
            return path(self)
        known = {"given": self.given, "answer": self.answer, "properties": self.request.properties}
        return _dig(known, path)


def _resolve(value: Any, known: Mapping[str, Any]) -> Any:
    if isinstance(value, str) and value.startswith("$$"):
        return value[1:]
    if isinstance(value, str) and value.startswith("$"):
        return _dig(known, value[1:])
    if isinstance(value, list):
        return [_resolve(item, known) for item in value]
    if isinstance(value, dict):
        return {name: _resolve(item, known) for name, item in value.items()}
    return value


def _dig(value: Any, path: str) -> Any:
    for part in path.split("."):
        if value is None:
            return None
        value = value[int(part)] if isinstance(value, list) else value.get(part)
    return value


def _keys(value: Any) -> set[str]:
    """The keys of a list of attributes: one that is left out would have to go back to a default that only AWS knows."""
    return {item["Key"] for item in value if isinstance(item, dict) and "Key" in item} if isinstance(value, list) else set()


@contextmanager
def undone_on_failure(undo: Callable[[], object]) -> Iterator[None]:
    """Takes back what is half made; what goes wrong on the way back must not hide why it has to go."""
    try:
        yield
    except Exception:
        try:
            undo()
        except Exception:
            log.warning("what was half made could not be taken back", exc_info=True)
        raise


def _as_given(_request: Request, properties: Properties) -> Properties:
    return properties


def _nothing_more(_request: Request, _made: Made) -> None:
    return None


@dataclass
class ApiResource(ResourceModel):
    type: str
    service: str
    create_operation: str
    identifier: Path
    attributes: Mapping[str, Path] = field(default_factory=dict)
    name: str | None = None
    """The property that holds the name; where the template leaves it out, one is generated."""
    longest_name: int = 128
    revisions: bool = False
    """Whether creating under a name that exists makes a new revision, so that a name never stands in the way of a
    replacement.
    """
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """What CloudFormation sends on creation where the template says nothing."""
    rename: Mapping[str, str] = field(default_factory=dict)
    """Properties whose name in the API is another one."""
    separate: tuple[str, ...] = ()
    """Properties that `after` sets through operations of their own."""
    prepare: Prepare = _as_given
    after: After = _nothing_more
    update_call: Call | None = None
    in_place: tuple[str, ...] = ()
    """The properties that `update_call` takes. A change of any other property replaces the resource."""
    in_place_after: tuple[str, ...] = ()
    """Properties that creation takes as they are, and whose later change `after` brings about."""
    resets: Mapping[str, Any] = field(default_factory=dict)
    """What to send for a property that the new template no longer has."""
    resets_by_omission: bool = False
    """Whether the update operation writes the whole object, so that what is left out goes back to its default."""
    fixed: tuple[str, ...] = ()
    """Properties that the update operation wants to hear again, but cannot change."""
    delete_call: Call | None = None
    before_delete: After = _nothing_more
    tagging: Tagging | None = None
    waits: After = _nothing_more
    reads: Call | None = None
    """How the resource is described: what was declared must be found there, else the resource fails."""
    repeatable: bool = True
    """Whether `prepare` says the same each time; not so where it makes up a value."""
    found: str = ""
    """Where in the answer of `reads` the resource is."""

    def create(self, request: Request) -> Made:
        properties = {**self.defaults, **self._named(request)}
        given = self._place(request, self.create_operation, self.prepare(request, dict(properties)))
        answer = getattr(request.client(self.service), self.create_operation)(**given)
        creation = Creation(request, given, answer)
        made = Made(str(creation.look_up(self.identifier)), {})
        made.attributes = {attribute: creation.look_up(path) for attribute, path in self.attributes.items()}
        with undone_on_failure(lambda: self._delete(request, made.physical_id, made.attributes)):
            self.after(request, made)
            self._read_back(request, made, given)
        return made

    def can_update(self, request: Request, current: StackResource) -> bool:
        changed = {
            n for n in {*request.properties, *current.properties} if request.properties.get(n) != current.properties.get(n)
        }
        updatable = {*self.in_place, *self.separate, *self.in_place_after} - set(self.fixed)
        if self.tagging:
            updatable.add(self.tagging.property)
        removed = {name for name in changed if name not in request.properties} - {self.tagging and self.tagging.property}
        lost_keys = any(_keys(current.properties.get(n)) - _keys(request.properties.get(n)) for n in self.separate)
        resettable = {*self.resets, *(self.in_place if self.resets_by_omission else ())}
        return changed <= updatable and removed <= resettable and not lost_keys

    def update(self, request: Request, current: StackResource) -> Made:
        """Sends all updatable properties, not only those that changed: what AWS would merge must not depend on history."""
        made = Made(current.physical_id, dict(current.attributes))
        given: Properties = {}
        if self.update_call:
            removed = {
                n: value for n, value in self.resets.items() if n in current.properties and n not in request.properties
            }
            properties = {**request.properties, **removed}
            key = self.update_call.resolved(made.physical_id, properties, made.attributes)
            prepared = self.prepare(request, dict(properties))
            sent = {name: value for name, value in prepared.items() if name in self.in_place}
            given = self._place(request, self.update_call.operation, sent)
            getattr(request.client(self.service), self.update_call.operation)(**{**given, **key})
        if self.tagging:
            self._retag(request, current, made)
        made.attributes.update(self._given_attributes(given))
        self.after(request, made)
        self._read_back(request, made, {**self._as_created(request), **given})
        return made

    def _as_created(self, request: Request) -> Properties:
        """What a creation with these properties would be given: an update has to end in the same."""
        if not self.repeatable:
            return {}
        return self._place(request, self.create_operation, self.prepare(request, dict(request.properties)))

    def _given_attributes(self, given: Properties) -> Properties:
        """Attributes that repeat what was given change with an update."""
        members = {
            name: path.removeprefix("given.")
            for name, path in self.attributes.items()
            if isinstance(path, str) and path.startswith("given.")
        }
        return {name: given[member] for name, member in members.items() if member in given}

    def delete(self, request: Request, current: StackResource) -> None:
        self._delete(request, current.physical_id, current.attributes)

    def stabilize(self, request: Request, made: Made) -> None:
        self.waits(request, made)

    def custom_name(self, properties: Properties) -> str | None:
        return properties.get(self.name) if self.name and not self.revisions else None

    def _named(self, request: Request) -> Properties:
        if self.name is None or self.name in request.properties:
            return request.properties
        return {**request.properties, self.name: request.generated_name(self.longest_name)}

    def _place(self, request: Request, operation: str, properties: Properties) -> Properties:
        sent = {self.rename.get(name, name): value for name, value in properties.items() if name not in self.separate}
        owner = f"{request.logical_id} ({self.type})"
        return Placement(request.client(self.service), operation, owner).place(sent)

    def _read_back(self, request: Request, made: Made, given: Properties) -> None:
        if self.reads:
            client, owner = request.client(self.service), f"{request.logical_id} ({self.type})"
            arguments = self.reads.resolved(made.physical_id, request.properties, made.attributes)
            answer = getattr(client, self.reads.operation)(**arguments)
            readback.check(client, self.reads.operation, self.found, given, answer, owner)

    def _retag(self, request: Request, current: StackResource, made: Made) -> None:
        before = as_tags(current.properties.get(self.tagging.property))
        after = as_tags(request.properties.get(self.tagging.property))
        self.tagging.change(request.client(self.tagging.service or self.service), made, before, after)

    def _delete(self, request: Request, physical_id: str, attributes: Mapping[str, Any]) -> None:
        self.before_delete(request, Made(physical_id, dict(attributes)))
        if self.delete_call:
            arguments = self.delete_call.resolved(physical_id, request.properties, attributes)
            getattr(request.client(self.service), self.delete_call.operation)(**arguments)


def resource(
    type_name: str,
    *,
    service: str,
    create: str,
    identifier: Path,
    update: Call | None = None,
    delete: Call | None,
    **more: Any,
) -> ApiResource:
    """One line of a service's table of resource types."""
    model = ApiResource(type_name, service, create, identifier, update_call=update, delete_call=delete, **more)
    register(model)
    return model
