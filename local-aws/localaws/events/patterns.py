"""Event patterns: what EventBridge compares, and a refusal for the comparisons that are not modelled. Pure."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from typing import Any

from localaws.errors import NotModelled

_ABSENT = object()


def check(pattern: dict[str, Any], at: str = "") -> None:
    """Refuses an unknown comparison when the rule is made, rather than taking it for a match when an event comes."""
    for name, wanted in pattern.items():
        if name == "$or":
            for alternative in wanted:
                check(alternative, at)
        elif isinstance(wanted, dict):
            check(wanted, f"{at}{name}.")
        else:
            for entry in wanted:
                _check_comparison(entry, f"{at}{name}")


def matches(pattern: dict[str, Any], event: Any) -> bool:
    """Every field of the pattern must match the event; a field's list matches when one of its entries does."""
    if isinstance(event, list):
        return any(matches(pattern, item) for item in event)
    fields = event if isinstance(event, dict) else {}
    for name, wanted in pattern.items():
        if name == "$or":
            if not any(matches(alternative, event) for alternative in wanted):
                return False
        elif isinstance(wanted, dict):
            if not matches(wanted, fields.get(name, {})):
                return False
        elif not _field_matches(wanted, fields.get(name, _ABSENT)):
            return False
    return True


def _field_matches(wanted: list[Any], value: Any) -> bool:
    return any(_entry_matches(entry, value) for entry in wanted)


def _entry_matches(entry: Any, value: Any) -> bool:
    if isinstance(entry, dict) and "exists" in entry:
        return (value is not _ABSENT and not isinstance(value, dict)) == entry["exists"]
    if value is _ABSENT:
        return False
    if isinstance(value, list):
        return any(_value_matches(entry, item) for item in value)
    return _value_matches(entry, value)


def _value_matches(entry: Any, value: Any) -> bool:
    if isinstance(entry, dict):
        ((operator, operand),) = entry.items()
        return _COMPARISONS[operator](operand, value)
    return type(entry) is type(value) and entry == value or _both_numbers(entry, value) and entry == value


def _both_numbers(*values: Any) -> bool:
    return all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values)


def _starts(operand: Any, value: Any) -> bool:
    return _with_case(operand, value, str.startswith)


def _ends(operand: Any, value: Any) -> bool:
    return _with_case(operand, value, str.endswith)


def _with_case(operand: Any, value: Any, compare: Callable[[str, str], bool]) -> bool:
    if not isinstance(value, str):
        return False
    if isinstance(operand, dict):
        return compare(value.lower(), operand["equals-ignore-case"].lower())
    return compare(value, operand)


def _equals_ignoring_case(operand: Any, value: Any) -> bool:
    return isinstance(value, str) and value.lower() == operand.lower()


def _wildcard(operand: str, value: Any) -> bool:
    """An asterisk is any text; a backslash takes its meaning away."""
    parts = re.split(r"(\\\*|\\\\|\*)", operand)
    expression = "".join(".*" if part == "*" else re.escape(part[1:] if part in ("\\*", "\\\\") else part) for part in parts)
    return isinstance(value, str) and re.fullmatch(expression, value, re.DOTALL) is not None


def _numeric(operand: list[Any], value: Any) -> bool:
    compare = {
        "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b,
        "=": lambda a, b: a == b,
        ">=": lambda a, b: a >= b,
        ">": lambda a, b: a > b,
    }
    return _both_numbers(value) and all(compare[sign](value, bound) for sign, bound in zip(operand[::2], operand[1::2]))


def _cidr(operand: str, value: Any) -> bool:
    try:
        return ipaddress.ip_address(value) in ipaddress.ip_network(operand)
    except ValueError:
        return False


def _anything_but(operand: Any, value: Any) -> bool:
    """Of a value, of each in a list, or of what another comparison says, whose operand may be a list here."""
    if isinstance(operand, dict):
        ((operator, inner),) = operand.items()
        return not any(_COMPARISONS[operator](one, value) for one in (inner if isinstance(inner, list) else [inner]))
    return not any(_value_matches(one, value) for one in (operand if isinstance(operand, list) else [operand]))


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "prefix": _starts,
    "suffix": _ends,
    "equals-ignore-case": _equals_ignoring_case,
    "wildcard": _wildcard,
    "numeric": _numeric,
    "cidr": _cidr,
    "anything-but": _anything_but,
}


def _check_comparison(entry: Any, at: str) -> None:
    if not isinstance(entry, dict):
        return
    operators = list(entry)
    if len(operators) != 1 or operators[0] not in (*_COMPARISONS, "exists"):
        raise NotModelled(f"the comparison {entry} of {at} in an event pattern is not modelled by the local AWS")
    operand = entry[operators[0]]
    inner = operand if isinstance(operand, dict) else {}
    allowed = {"anything-but": ("prefix", "suffix", "wildcard", "equals-ignore-case")}.get(
        operators[0], ("equals-ignore-case",)
    )
    if any(name not in allowed for name in inner):
        raise NotModelled(f"the comparison {entry} of {at} in an event pattern is not modelled by the local AWS")
