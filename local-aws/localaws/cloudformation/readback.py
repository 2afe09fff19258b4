"""The check that makes a green tick true: what was declared is read back over the API, and what is lost fails the
resource.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from localaws.errors import NotModelled


def check(client: Any, method: str, path: str, given: Mapping[str, Any], answer: Any, owner: str) -> None:
    """Compares what the create operation was given with what the describing operation says, where both speak of it."""
    operation = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method])
    shape: Shape = operation.output_shape
    for part in filter(None, path.split(".")):
        shape = shape.member if isinstance(shape, ListShape) else shape.members[part]
        answer = answer[int(part)] if isinstance(answer, list) else answer.get(part, {})
    lost = next(_lost(shape, given, answer, ""), None)
    if lost:
        raise NotModelled(
            f"Property {lost} of {owner} is not kept by the local AWS: {operation.name} does not return it as declared"
        )


def _lost(shape: Shape, given: Any, read: Any, path: str) -> Iterator[str]:
    """The paths of all that differs. Members that the answer does not have by design (tags, tokens) are not compared."""
    if getattr(shape, "is_document_type", False):
        if not _same(given, read):
            yield path
    elif isinstance(shape, StructureShape) and isinstance(given, Mapping):
        for name, value in given.items():
            if name in shape.members:
                yield from _lost(shape.members[name], value, (read or {}).get(name), f"{path}.{name}" if path else name)
    elif isinstance(shape, MapShape) and isinstance(given, Mapping):
        for key, value in given.items():
            yield from _lost(shape.value, value, (read or {}).get(key), f"{path}.{key}")
    elif isinstance(shape, ListShape) and isinstance(given, list):
        yield from _lost_items(shape, given, read or [], path)
    elif not isinstance(shape, StructureShape) and not _same(given, read):  # some answers wrap a plain value in an object
        yield path


def _lost_items(shape: ListShape, given: list[Any], read: list[Any], path: str) -> Iterator[str]:
    """Each declared item must be there; the order is the service's own affair, and so are items that it adds itself."""
    for index, item in enumerate(given):
        differences = [list(_lost(shape.member, item, other, f"{path}[{index}]")) for other in read]
        if [] not in differences:
            yield min(differences, key=len, default=[f"{path}[{index}]"])[0]


def _same(given: Any, read: Any) -> bool:
    if isinstance(read, datetime) or given == read:
        return True
    if read is None:
        return given in ("", [], {}, False, 0)
    return _plain(given) == _plain(read)


def _plain(value: Any) -> Any:
    """Numbers are text in some answers, and documents come back parsed or formatted anew."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return value
    if isinstance(value, bool):
        return str(value).lower()
    return float(value) if isinstance(value, int) else value
