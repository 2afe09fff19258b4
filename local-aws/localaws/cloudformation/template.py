"""A template as data: parsing JSON and YAML, what a resource refers to, and the order that follows from it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from localaws.errors import NotModelled

SECTIONS = {
    "AWSTemplateFormatVersion",
    "Description",
    "Metadata",
    "Parameters",
    "Mappings",
    "Conditions",
    "Rules",
    "Resources",
    "Outputs",
}
RESOURCE_ENTRIES = {"Type", "Properties", "DependsOn", "Condition", "DeletionPolicy", "UpdateReplacePolicy", "Metadata"}
POLICIES = {"Delete", "Retain", "RetainExceptOnCreate"}
PLACEHOLDER = re.compile(r"\$\{([^!}][^}]*)\}")


@dataclass(frozen=True)
class Resource:
    """One entry of the template's Resources section."""

    logical_id: str
    type: str
    properties: dict[str, Any]
    depends_on: tuple[str, ...] = ()
    condition: str | None = None
    deletion_policy: str = "Delete"
    update_replace_policy: str = "Delete"

    @property
    def references(self) -> set[str]:
        """Every name that the resource mentions: resources, but parameters and pseudo parameters too."""
        return set(_references(self.properties)) | set(self.depends_on)


@dataclass(frozen=True)
class Template:
    body: str
    document: dict[str, Any]
    resources: dict[str, Resource] = field(default_factory=dict)

    def section(self, name: str) -> dict[str, Any]:
        return self.document.get(name) or {}

    @property
    def description(self) -> str | None:
        return self.document.get("Description")


EMPTY = Template("", {})


def parse(body: str) -> Template:
    """Reads a template, and refuses at once every section and entry that the engine would not honour."""
    document = json.loads(body) if body.lstrip().startswith("{") else yaml.load(body, Loader=_ShortFormLoader)
    unknown = set(document) - SECTIONS
    if unknown:
        raise NotModelled(f"Template section {', '.join(sorted(unknown))} is not modelled by the local AWS")
    resources = {name: _resource(name, entry) for name, entry in (document.get("Resources") or {}).items()}
    return Template(body, document, resources)


def _resource(logical_id: str, entry: dict[str, Any]) -> Resource:
    unknown = set(entry) - RESOURCE_ENTRIES
    if unknown:
        raise NotModelled(f"{', '.join(sorted(unknown))} of resource {logical_id} is not modelled by the local AWS")
    depends_on = entry.get("DependsOn") or []
    policies = [entry.get("DeletionPolicy", "Delete"), entry.get("UpdateReplacePolicy", "Delete")]
    for policy in policies:
        if policy not in POLICIES:
            raise NotModelled(f"Deletion policy {policy} of resource {logical_id} is not modelled by the local AWS")
    return Resource(
        logical_id,
        entry["Type"],
        entry.get("Properties") or {},
        (depends_on,) if isinstance(depends_on, str) else tuple(depends_on),
        entry.get("Condition"),
        *policies,
    )


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _references(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "Ref" and isinstance(item, str):
                yield item
            elif key == "Fn::GetAtt":
                yield item[0] if isinstance(item, list) else item.split(".")[0]
            elif key == "Fn::Sub":
                yield from _references_of_sub(item)
            else:
                yield from _references(item)


def _references_of_sub(argument: str | list[Any]) -> Iterator[str]:
    text, values = (argument, {}) if isinstance(argument, str) else argument
    for name in PLACEHOLDER.findall(text):
        if name not in values:
            yield name.split(".")[0]
    yield from _references(values)


def in_dependency_order(resources: dict[str, Resource]) -> list[str]:
    """Logical ids, each after all that it refers to. A circle is an error, as it is in CloudFormation."""
    order: list[str] = []
    entered: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in order:
            return
        if name in entered:
            raise ValueError(f"Circular dependency between resources: [{', '.join(path[path.index(name) :])}]")
        entered.add(name)
        for other in sorted(resources[name].references & resources.keys() - {name}):
            visit(other, (*path, name))
        order.append(name)

    for name in resources:
        visit(name, ())
    return order


class _ShortFormLoader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms (`!Ref`, `!GetAtt a.b`, `!Sub`)."""


def _short_form(loader: _ShortFormLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix in ("Ref", "Condition"):
        return {suffix: value}
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {f"Fn::{suffix}": value}


_ShortFormLoader.add_multi_constructor("!", _short_form)
# CloudFormation reads `2012-10-17` as text, where YAML would make a date of it
_ShortFormLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
