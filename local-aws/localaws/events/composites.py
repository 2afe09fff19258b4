"""The rules of composite alarms: which alarms they name, and whether they hold."""

from __future__ import annotations

import re
from collections.abc import Callable

from moto.cloudwatch.exceptions import ValidationError

_TOKEN = re.compile(r"""\s*(?:(?P<quoted>"[^"]*"|'[^']*')|(?P<sign>[()])|(?P<word>[^\s()"']+))""")

_STATES = ("ALARM", "OK", "INSUFFICIENT_DATA")


def name_of(reference: str) -> str:
    """An alarm by its name, or by its ARN, which ends with the name."""
    return reference.split(":alarm:", 1)[1] if reference.startswith("arn:") else reference


def holds(rule: str, state_of: Callable[[str], str]) -> bool:
    """Whether a rule is true, given how to look up the state of an alarm by its name."""
    return _Rule(rule, state_of).value()


def named(rule: str) -> set[str]:
    """The names of the alarms that a rule asks for."""
    names: set[str] = set()

    def note(name: str) -> str:
        names.add(name)
        return "OK"

    holds(rule, note)
    return names


class _Rule:
    """Reads `ALARM("a") AND (OK(b) OR NOT TRUE)`: NOT binds before AND, AND before OR. Both sides are always read."""

    def __init__(self, rule: str, state_of: Callable[[str], str]) -> None:
        self._rule, self._state_of = rule, state_of
        self._tokens: list[str] = []
        position, text = 0, rule.strip()
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                raise self._refusal("it cannot be read")
            self._tokens.append(match.group().strip())
            position = match.end()
        self._next = 0

    def value(self) -> bool:
        result = self._any()
        if self._next < len(self._tokens):
            raise self._refusal(f"nothing may follow before {self._tokens[self._next]}")
        return result

    def _any(self) -> bool:
        result = self._all()
        while self._at("OR"):
            result = self._all() or result
        return result

    def _all(self) -> bool:
        result = self._one()
        while self._at("AND"):
            result = self._one() and result
        return result

    def _one(self) -> bool:
        if self._at("NOT"):
            return not self._one()
        if self._at("("):
            result = self._any()
            self._expect(")")
            return result
        word = self._take()
        if word in ("TRUE", "FALSE"):
            return word == "TRUE"
        if word not in _STATES:
            raise self._refusal(f"{word} is not modelled by the local AWS: ALARM, OK, INSUFFICIENT_DATA, AND, OR, NOT, TRUE and FALSE are")
        self._expect("(")
        reference = self._take()
        self._expect(")")
        return self._state_of(name_of(reference.strip("\"'"))) == word

    def _at(self, token: str) -> bool:
        found = self._next < len(self._tokens) and self._tokens[self._next] == token
        self._next += found
        return found

    def _take(self) -> str:
        if self._next >= len(self._tokens):
            raise self._refusal("it ends too soon")
        self._next += 1
        return self._tokens[self._next - 1]

    def _expect(self, token: str) -> None:
        if not self._at(token):
            raise self._refusal(f"{token} is missing")

    def _refusal(self, why: str) -> ValidationError:
        return ValidationError(f"AlarmRule {self._rule!r}: {why}")
