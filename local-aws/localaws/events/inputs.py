"""What a rule's target gets: the event, a part of it, a constant, or a template filled from it. Pure."""

from __future__ import annotations

import json
import re
from typing import Any

from localaws.errors import LocalAwsError, NotModelled

_STEP = re.compile(r"\.([\w-]+)|\['([^']+)'\]|\[(\d+)\]")
_PLACEHOLDER = re.compile(r"<([\w.-]+)>")
ABSENT = object()


def input_of(target: dict[str, Any], event: dict[str, Any], rule: dict[str, str]) -> str:
    """The text that the target receives. `rule` has the rule's name and arn, which templates may use."""
    if target.get("Input") is not None:
        return target["Input"]
    if target.get("InputPath"):
        found = at_path(event, target["InputPath"])
        if found is ABSENT:
            raise LocalAwsError(f"input path {target['InputPath']} is not in the event")
        return json.dumps(found)
    if target.get("InputTransformer"):
        return _filled(target["InputTransformer"], event, rule)
    return json.dumps(event)


def at_path(document: Any, path: str) -> Any:
    """JSONPath as far as EventBridge has it: names, quoted names and indexes from the root."""
    if not path.startswith("$"):
        raise NotModelled(f"the path {path} is not modelled by the local AWS: it does not start with $")
    position = 1
    while position < len(path):
        step = _STEP.match(path, position)
        if step is None:
            raise NotModelled(f"the path {path} is not modelled by the local AWS: only names and indexes are")
        position = step.end()
        name, index = step.group(1) or step.group(2), step.group(3)
        if name is not None and isinstance(document, dict) and name in document:
            document = document[name]
        elif index is not None and isinstance(document, list) and int(index) < len(document):
            document = document[int(index)]
        else:
            return ABSENT
    return document


def _filled(transformer: dict[str, Any], event: dict[str, Any], rule: dict[str, str]) -> str:
    paths = transformer.get("InputPathsMap") or {}
    values = {name: at_path(event, path) for name, path in paths.items()}
    values |= {
        "aws.events.rule-arn": rule["arn"],
        "aws.events.rule-name": rule["name"],
        "aws.events.event.ingestion-time": event["time"],
        "aws.events.event": {name: value for name, value in event.items() if name != "detail"},
        "aws.events.event.json": event,
    }
    template = transformer["InputTemplate"]
    filled, position, quoted = [], 0, False
    for match in _PLACEHOLDER.finditer(template):
        if match.group(1) not in values:
            continue
        before = template[position : match.start()]
        quoted ^= len(re.findall(r'(?<!\\)"', before)) % 2 == 1
        filled += [before, text_of(values[match.group(1)], quoted)]
        position = match.end()
    return "".join(filled) + template[position:]


def text_of(value: Any, quoted: bool) -> str:
    """A value within quotes becomes part of their text, elsewhere JSON. What the event does not have is empty."""
    if value is ABSENT:
        return "" if quoted else '""'
    if not quoted:
        return json.dumps(value)
    return json.dumps(value if isinstance(value, str) else json.dumps(value))[1:-1]
