"""The default event bus as the services of the local model use it."""

from __future__ import annotations

import json
import logging
import queue
import threading
from functools import cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from localaws import context

_log = logging.getLogger(__name__)


def publish(region: str, source: str, detail_type: str, resources: list[str], detail: dict[str, Any]) -> None:
    """Puts an event of an AWS service on the region's default bus. Returns at once; events arrive in the order of
    the calls.
    """
    entry = {"Source": source, "DetailType": detail_type, "Resources": resources, "Detail": json.dumps(detail, default=str)}
    _outbox().put((region, entry))


@cache
def _outbox() -> queue.SimpleQueue[tuple[str, dict[str, Any]]]:
    outbox: queue.SimpleQueue[tuple[str, dict[str, Any]]] = queue.SimpleQueue()
    threading.Thread(target=_send_all, args=(outbox,), daemon=True, name="event-bus").start()
    return outbox


def _send_all(outbox: queue.SimpleQueue[tuple[str, dict[str, Any]]]) -> None:
    while True:
        region, entry = outbox.get()
        try:
            answer = context.client("events", region).put_events(Entries=[entry])
            if answer.get("FailedEntryCount"):
                _log.warning("event %s was not accepted: %s", entry["DetailType"], answer["Entries"])
        except (BotoCoreError, ClientError) as error:
            _log.warning("event %s was not accepted: %s", entry["DetailType"], error)
