"""From CloudFormation properties to an API operation's parameters, driven by botocore's own description of the operation."""

from __future__ import annotations

import json
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from localaws.errors import NotModelled


class Placement:
    """Places the properties of one resource on one operation, and refuses what has no place."""

    def __init__(self, client: Any, method: str, owner: str) -> None:
        operation = client.meta.method_to_api_mapping[method]
        self._shape: StructureShape = client.meta.service_model.operation_model(operation).input_shape
        self._operation = f"{client.meta.service_model.service_id}:{operation}"
        self._owner = owner

    def place(self, properties: dict[str, Any]) -> dict[str, Any]:
        return self._structure(self._shape, properties, "")

    def _value(self, shape: Shape, value: Any, path: str) -> Any:
        if getattr(shape, "is_document_type", False):
            return value
        if isinstance(shape, StructureShape):
            return self._structure(shape, value, path)
        if isinstance(shape, ListShape):
            items = value if isinstance(value, list) else [value]
            return [self._value(shape.member, item, f"{path}[{index}]") for index, item in enumerate(items)]
        if isinstance(shape, MapShape):
            return self._map(shape, value, path)
        return self._scalar(shape, value, path)

    def _structure(self, shape: StructureShape, value: Any, path: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise NotModelled(f"Property {path} of {self._owner} is {value!r}, but {self._operation} takes an object")
        members = {member.lower(): member for member in shape.members}
        placed = {}
        for name, item in value.items():
            inner = f"{path}.{name}" if path else name
            member = members.get(name.lower())
            if member is None:
                raise NotModelled(f"Property {inner} of {self._owner} cannot be placed on {self._operation}")
            placed[member] = self._value(shape.members[member], item, inner)
        return placed

    def _map(self, shape: MapShape, value: Any, path: str) -> dict[str, Any]:
        """CloudFormation spells some maps as lists, tags first of all."""
        if isinstance(value, list):
            value = {item["Key"]: item["Value"] for item in value}
        return {key: self._value(shape.value, item, f"{path}.{key}") for key, item in value.items()}

    def _scalar(self, shape: Shape, value: Any, path: str) -> Any:
        kind = shape.type_name
        try:
            if kind in ("integer", "long"):
                return int(value)
            if kind in ("float", "double"):
                return float(value)
        except (TypeError, ValueError):
            raise NotModelled(
                f"Property {path} of {self._owner} is {value!r}, but {self._operation} takes a number"
            ) from None
        if kind == "boolean":
            return as_boolean(value)
        return as_text(value) if kind == "string" else value


def as_boolean(value: Any) -> bool:
    return value if isinstance(value, bool) else str(value).lower() == "true"


def as_text(value: Any) -> str:
    """A scalar as the APIs spell it; a document (a policy, a dashboard) as JSON."""
    if isinstance(value, (dict, list)):
        return json.dumps(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def as_attributes(properties: dict[str, Any]) -> dict[str, str]:
    """Properties as the string map that SQS and SNS take."""
    return {name: as_text(value) for name, value in properties.items()}


def as_tags(tags: list[dict[str, Any]] | dict[str, Any] | None) -> dict[str, str]:
    """Tags as a map, whichever of the two forms the type uses in templates."""
    if isinstance(tags, dict):
        return {key: str(value) for key, value in tags.items()}
    return {tag["Key"]: str(tag["Value"]) for tag in tags or []}
