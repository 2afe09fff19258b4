"""Entries of several lines, as the awslogs driver joins them.

https://docs.docker.com/engine/logging/drivers/awslogs/#awslogs-multiline-pattern
"""

from __future__ import annotations

import re

from localaws.errors import NotModelled

_TIMES = {
    "A": r"[A-Za-z]+day",
    "B": r"[A-Z][a-z]+",
    "H": r"\d{2}",
    "I": r"\d{2}",
    "L": r"\.\d{3}",
    "M": r"\d{2}",
    "S": r"\d{2}",
    "Y": r"\d{4}",
    "Z": r"[A-Z]{1,4}T",
    "a": r"[A-Z][a-z]{2}",
    "b": r"[A-Z][a-z]{2}",
    "d": r"\d{2}",
    "f": r"\d{6}",
    "j": r"\d{3}",
    "m": r"\d{2}",
    "p": r"(?:AM|PM)",
    "y": r"\d{2}",
    "z": r"[+-]\d{4}",
}


def start_of_entry(options: dict[str, str]) -> re.Pattern[str] | None:
    """What begins an entry; None where each line is one."""
    pattern, form = options.get("awslogs-multiline-pattern"), options.get("awslogs-datetime-format")
    if pattern and form:
        raise NotModelled("awslogs-multiline-pattern and awslogs-datetime-format exclude each other, in AWS too")
    if form:
        pattern = re.sub(r"%(.)", lambda letter: _time(letter[1]), re.sub(r"([.()\[\]*+?^$|\\{}])", r"\\\1", form))
    try:
        return re.compile(pattern) if pattern else None
    except re.error as error:
        raise NotModelled(f"the pattern {pattern} of awslogs is not modelled by the local AWS: {error}") from error


def _time(letter: str) -> str:
    if letter not in _TIMES:
        raise NotModelled(f"%{letter} of awslogs-datetime-format is not modelled by the local AWS")
    return _TIMES[letter]
