"""Mends of SQS."""

from __future__ import annotations

from typing import Any

from moto.sqs.models import Queue


def install() -> None:
    keep_policies()


def keep_policies() -> None:
    """SetQueueAttributes without a policy takes the queue's policy away; AWS changes only what is given."""
    original = Queue._set_attributes

    def set_attributes(self: Queue, attributes: dict[str, Any], now: float | None = None) -> None:
        known = self.policy if hasattr(self, "_policy_json") else None  # the constructor comes through here too
        original(self, {"Policy": known, **attributes}, now)

    Queue._set_attributes = set_attributes
