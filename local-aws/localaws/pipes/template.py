"""What a pipe makes of one message. Pure."""

from __future__ import annotations

import json
import re
from typing import Any

from localaws.errors import LocalAwsError, NotModelled
from localaws.events.inputs import ABSENT, at_path, text_of

_PLACEHOLDER = re.compile(r"<([$\w][^<>]*)>")


def filled(template: str, record: dict[str, Any], told: dict[str, str]) -> str:
    """A path without quotes stands for a value of any type. A body that is JSON is looked into, any other is a text."""
    parsed = {**record, "body": _parsed(record["body"])}
    text, position, quoted = [], 0, False
    for match in _PLACEHOLDER.finditer(template):
        before = template[position : match.start()]
        quoted ^= len(re.findall(r'(?<!\\)"', before)) % 2 == 1
        text += [before, text_of(_value(match.group(1), parsed, told), quoted)]
        position = match.end()
    return "".join(text) + template[position:]


def _value(name: str, record: dict[str, Any], told: dict[str, str]) -> Any:
    if name in told:
        return told[name]
    if not name.startswith("$"):
        raise NotModelled(f"the variable <{name}> of a pipe's template is not modelled by the local AWS")
    found = at_path(record, name)
    if found is ABSENT:
        raise LocalAwsError(f"the message has no {name}, and what AWS puts in its place is not documented")
    return found


def _parsed(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body
