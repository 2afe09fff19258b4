"""Mends of SQS."""

from __future__ import annotations

import threading
import time
from typing import Any

from moto.sqs.models import Message, Queue, SQSBackend

_LOOK_AGAIN_SECONDS = 0.5
"""A message that becomes visible again wakes nobody."""


def install() -> None:
    keep_policies()
    deliver_to_one_at_a_time()


def deliver_to_one_at_a_time() -> None:
    """Two consumers that ask at the same moment get the same message, and each is told that it is the second delivery.

    A message that is sent while another one is deleted is lost, since deleting writes the whole list anew.
    """
    receive, delete, add, lock = SQSBackend.receive_message, Queue.delete_message, Queue.add_message, threading.RLock()

    def receive_message(
        self: SQSBackend, queue_name: str, count: int, wait_seconds_timeout: int, *positional: Any, **given: Any
    ) -> list[Message]:
        deadline = time.monotonic() + (wait_seconds_timeout or 0)
        while True:
            with lock:
                found = receive(self, queue_name, count, 0, *positional, **given)
            left = deadline - time.monotonic()
            if found or left <= 0:
                return found
            self.get_queue(queue_name).wait_for_messages(min(left, _LOOK_AGAIN_SECONDS))

    def delete_message(self: Queue, receipt_handle: str) -> None:
        with lock:
            delete(self, receipt_handle)

    def add_message(self: Queue, message: Message) -> None:
        with lock:
            add(self, message)

    SQSBackend.receive_message = receive_message
    Queue.delete_message = delete_message
    Queue.add_message = add_message


def keep_policies() -> None:
    """SetQueueAttributes without a policy takes the queue's policy away; AWS changes only what is given."""
    original = Queue._set_attributes

    def set_attributes(self: Queue, attributes: dict[str, Any], now: float | None = None) -> None:
        known = self.policy if hasattr(self, "_policy_json") else None  # the constructor comes through here too
        original(self, {"Policy": known, **attributes}, now)

    Queue._set_attributes = set_attributes
