"""Evaluation of a template's values: Ref, the Fn:: functions, conditions."""

from __future__ import annotations

import base64
import ipaddress
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from localaws import context
from localaws.cloudformation import dynamic_references
from localaws.cloudformation.template import PLACEHOLDER, Template
from localaws.errors import LocalAwsError, NotModelled


class Referable(Protocol):
    """What a created resource offers to the rest of the template."""

    physical_id: str
    attributes: dict[str, Any]


class TemplateError(LocalAwsError):
    """A template that CloudFormation itself would reject."""


class _NoValue:
    """What `Ref: AWS::NoValue` evaluates to: whatever holds it leaves it out."""


NO_VALUE = _NoValue()


@dataclass
class Scope:
    """All that the names in a template can stand for while one stack is deployed."""

    template: Template
    region: str
    names: dict[str, Any]
    """Parameters and pseudo parameters."""
    resources: dict[str, Referable] = field(default_factory=dict)
    import_value: Callable[[str], str] = lambda name: _no_such_export(name)

    def evaluate(self, value: Any) -> Any:
        if isinstance(value, str):
            return dynamic_references.resolve(value, self.region)
        if isinstance(value, list):
            return [item for item in map(self.evaluate, value) if item is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((name, argument),) = value.items()
            if (
                name == "Ref"
                or name == "Condition"
                and isinstance(argument, str)
                and argument in self.template.section("Conditions")
            ):
                return self.reference(argument) if name == "Ref" else self.condition(argument)
            if name.startswith("Fn::"):
                return self._function(name, argument)
        evaluated = {key: self.evaluate(item) for key, item in value.items()}
        return {key: item for key, item in evaluated.items() if item is not NO_VALUE}

    def condition(self, name: str) -> bool:
        conditions = self.template.section("Conditions")
        if name not in conditions:
            raise TemplateError(f"Template error: unresolved condition {name}")
        return self.evaluate(conditions[name])

    def reference(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NO_VALUE
        if name in self.names:
            return self.names[name]
        return self._resource(name).physical_id

    def attribute(self, name: str, attribute: str) -> Any:
        attributes = self._resource(name).attributes
        if attribute in attributes:
            return attributes[attribute]
        kind = self.template.resources[name].type
        raise NotModelled(f"Attribute {attribute} of {name} ({kind}) is not modelled by the local AWS")

    def _resource(self, name: str) -> Referable:
        entry = self.template.resources.get(name)
        left_out = entry is None or entry.condition is not None and not self.condition(entry.condition)
        if left_out or name not in self.resources:  # what an update is about to delete is still there, but cannot be meant
            raise TemplateError(f"Template error: unresolved resource dependency [{name}]")
        return self.resources[name]

    def _function(self, name: str, argument: Any) -> Any:
        function = _FUNCTIONS.get(name)
        if function is None:
            raise NotModelled(f"Template function {name} is not modelled by the local AWS")
        return function(self, argument)


def _no_such_export(name: str) -> str:
    raise TemplateError(f"No export named {name} found.")


def _get_att(scope: Scope, argument: Any) -> Any:
    name, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
    return scope.attribute(name, scope.evaluate(attribute))


def _sub(scope: Scope, argument: str | list[Any]) -> str:
    text, given = (argument, {}) if isinstance(argument, str) else argument
    values = {name: scope.evaluate(value) for name, value in given.items()}

    def replace(match: Any) -> str:
        name = match[1].strip()
        if name in values:
            return _text(values[name])
        return _text(scope.attribute(*name.split(".", 1)) if "." in name else scope.reference(name))

    return dynamic_references.resolve(PLACEHOLDER.sub(replace, text).replace("${!", "${"), scope.region)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _join(scope: Scope, argument: list[Any]) -> str:
    separator, items = argument
    joined = separator.join(_text(item) for item in scope.evaluate(items))
    return dynamic_references.resolve(joined, scope.region)


def _select(scope: Scope, argument: list[Any]) -> Any:
    index, items = int(scope.evaluate(argument[0])), scope.evaluate(argument[1])
    if not 0 <= index < len(items):
        raise TemplateError(f"Template error: Fn::Select cannot select nonexistent value at index {index}")
    return items[index]


def _find_in_map(scope: Scope, argument: list[Any]) -> Any:
    name, top, second = (scope.evaluate(part) for part in argument)
    try:
        return scope.template.section("Mappings")[name][top][second]
    except KeyError:
        raise TemplateError(f"Template error: Unable to get mapping for {name}::{top}::{second}") from None


def _get_azs(scope: Scope, argument: Any) -> list[str]:
    region = scope.evaluate(argument) or scope.region
    zones = context.client("ec2", region).describe_availability_zones()["AvailabilityZones"]
    return [zone["ZoneName"] for zone in zones]


def _cidr(scope: Scope, argument: list[Any]) -> list[str]:
    block, count, bits = (scope.evaluate(part) for part in argument)
    network = ipaddress.ip_network(block)
    subnets = network.subnets(new_prefix=network.max_prefixlen - int(bits))
    return [str(next(subnets)) for _ in range(int(count))]


_FUNCTIONS: dict[str, Callable[[Scope, Any], Any]] = {
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Select": _select,
    "Fn::FindInMap": _find_in_map,
    "Fn::GetAZs": _get_azs,
    "Fn::Cidr": _cidr,
    "Fn::Split": lambda scope, argument: scope.evaluate(argument[1]).split(argument[0]),
    "Fn::ImportValue": lambda scope, argument: scope.import_value(scope.evaluate(argument)),
    "Fn::Base64": lambda scope, argument: base64.b64encode(scope.evaluate(argument).encode()).decode(),
    "Fn::ToJsonString": lambda scope, argument: json.dumps(scope.evaluate(argument)),
    "Fn::Length": lambda scope, argument: len(scope.evaluate(argument)),
    "Fn::If": lambda scope, argument: scope.evaluate(argument[1] if scope.condition(argument[0]) else argument[2]),
    "Fn::Equals": lambda scope, argument: _text(scope.evaluate(argument[0])) == _text(scope.evaluate(argument[1])),
    "Fn::Not": lambda scope, argument: not scope.evaluate(argument[0]),
    "Fn::And": lambda scope, argument: all(scope.evaluate(item) for item in argument),
    "Fn::Or": lambda scope, argument: any(scope.evaluate(item) for item in argument),
    "Fn::Contains": lambda scope, argument: scope.evaluate(argument[1]) in scope.evaluate(argument[0]),
}
