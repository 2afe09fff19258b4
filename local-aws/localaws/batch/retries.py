"""Whether a failed attempt is followed by another one. Pure: no process, no API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MOST_ATTEMPTS = 10


@dataclass(frozen=True)
class Outcome:
    """How an attempt ended, in the words that evaluateOnExit compares."""

    exit_code: int | None
    reason: str | None
    status_reason: str


def tries_again(strategy: dict[str, Any], attempts_made: int, outcome: Outcome) -> bool:
    """The first entry whose conditions all hold decides; where none does, the job is tried again while attempts are left."""
    if attempts_made >= int(strategy.get("attempts") or 1):
        return False
    for entry in strategy.get("evaluateOnExit") or []:
        if _holds(entry, outcome):
            return entry["action"].upper() == "RETRY"
    return True


def _holds(entry: dict[str, Any], outcome: Outcome) -> bool:
    exit_code = None if outcome.exit_code is None else str(outcome.exit_code)
    texts = {"onExitCode": exit_code, "onReason": outcome.reason, "onStatusReason": outcome.status_reason}
    return all(_matches(entry[name], text) for name, text in texts.items() if name in entry)


def _matches(pattern: str, text: str | None) -> bool:
    """A pattern may end with an asterisk, and has none elsewhere. Case does not matter."""
    if text is None:
        return False
    if pattern.endswith("*"):
        return text.lower().startswith(pattern[:-1].lower())
    return text.lower() == pattern.lower()
