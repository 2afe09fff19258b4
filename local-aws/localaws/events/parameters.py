"""The properties of a target in the words of the API that it calls, whose case differs between the two."""

from __future__ import annotations

from typing import Any

from botocore import xform_name

from localaws import context
from localaws.errors import NotModelled


def call(service: str, region: str, operation: str, given: dict[str, Any]) -> dict[str, Any]:
    """Calls an operation by its API name in any case, with parameters in any case; an unknown one is refused, not
    dropped.
    """
    client = context.client(service, region)
    operations = {name.lower(): name for name in client.meta.service_model.operation_names}
    name = operations.get(operation.lower())
    if name is None:
        raise NotModelled(f"{service} has no operation {operation}")
    shape = client.meta.service_model.operation_model(name).input_shape
    answer = getattr(client, xform_name(name))(**(_converted(shape, given, name) if shape else {}))
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}


def _converted(shape: Any, value: Any, at: str) -> Any:
    if shape.type_name == "structure" and isinstance(value, dict):
        members = {name.lower(): name for name in shape.members}
        unknown = [name for name in value if name.lower() not in members]
        if unknown:
            raise NotModelled(f"parameter {', '.join(unknown)} of {at} is not known")
        return {
            members[name.lower()]: _converted(shape.members[members[name.lower()]], part, f"{at}.{name}")
            for name, part in value.items()
        }
    if shape.type_name == "list" and isinstance(value, list):
        return [_converted(shape.member, part, at) for part in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {name: _converted(shape.value, part, at) for name, part in value.items()}
    return value
