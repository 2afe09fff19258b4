"""The awslogs driver: lines of a container become CloudWatch Logs events."""

from __future__ import annotations

import logging
import re
import threading
import time

from botocore.exceptions import BotoCoreError, ClientError

from localaws import context
from localaws.errors import LocalAwsError

_log = logging.getLogger(__name__)

_FLUSH_SECONDS = 0.3
_ENTRY_SECONDS = 1.0
"""How long an entry of several lines waits for the next one."""
_MAX_BUFFERED_LINES = 500
_MAX_EVENT_CHARACTERS = 60_000
"""A quarter of the service's 256 KB, since a character may take four bytes."""
_MAX_BATCH_CHARACTERS = 200_000
"""Likewise a fifth of the service's 1 MB for a call."""


class LogSink:
    """One log stream. A writer that is faster than the service waits for it (the driver's blocking mode): memory is
    bounded.
    """

    def __init__(
        self, region: str, group: str, stream: str, create_group: bool = False, entry_start: re.Pattern[str] | None = None
    ) -> None:
        self.region, self.group, self.stream = region, group, stream
        self._entry_start = entry_start
        self._wait = _FLUSH_SECONDS if entry_start is None else _ENTRY_SECONDS
        self._events: list[dict] = []
        self._lock = threading.Lock()
        self._sending = threading.Lock()
        self._timer: threading.Timer | None = None
        self._client = context.client("logs", region)
        if create_group:
            self._ignore_existing(self._client.create_log_group, logGroupName=group)
        self._ignore_existing(self._client.create_log_stream, logGroupName=group, logStreamName=stream)

    def write(self, line: str) -> None:
        now = int(time.time() * 1000)
        pieces = [line[i : i + _MAX_EVENT_CHARACTERS] for i in range(0, len(line), _MAX_EVENT_CHARACTERS)]
        with self._lock:
            if self._continues(line):
                self._events[-1]["message"] += f"\n{line}"
                return
            self._events.extend({"timestamp": now, "message": piece} for piece in pieces)  # an empty line is no event
            full = len(self._events) >= _MAX_BUFFERED_LINES
            if self._events and self._timer is None and not full:
                self._timer = threading.Timer(self._wait, self.flush)
                self._timer.daemon = True
                self._timer.start()
        if full:
            self.flush()

    def _continues(self, line: str) -> bool:
        """Whether the line belongs to the entry before it, and that has room for it."""
        if self._entry_start is None or not self._events or self._entry_start.search(line):
            return False
        return len(self._events[-1]["message"]) + len(line) < _MAX_EVENT_CHARACTERS

    def flush(self) -> None:
        with self._sending:
            with self._lock:
                events, self._events = self._events, []
                if self._timer:
                    self._timer.cancel()
                    self._timer = None
            for batch in _batches(events):
                self._send(batch)

    def close(self) -> None:
        self.flush()

    def _send(self, batch: list[dict]) -> None:
        """A group that was deleted under a running container loses its lines, on AWS too; the container goes on."""
        try:
            self._client.put_log_events(logGroupName=self.group, logStreamName=self.stream, logEvents=batch)
        except (BotoCoreError, ClientError) as error:
            _log.warning("%d lines of %s in %s are lost: %s", len(batch), self.stream, self.group, error)

    def _ignore_existing(self, call, **parameters: str) -> None:
        try:
            call(**parameters)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceAlreadyExistsException":
                return
            raise LocalAwsError(
                f"ResourceInitializationError: failed to validate logger args: log group {self.group} in {self.region}: "
                f"{error.response['Error']['Message']}"
            ) from error


def _batches(events: list[dict]) -> list[list[dict]]:
    batches: list[list[dict]] = []
    size = _MAX_BATCH_CHARACTERS
    for event in events:
        size += len(event["message"])
        if size > _MAX_BATCH_CHARACTERS:
            batches.append([])
            size = len(event["message"])
        batches[-1].append(event)
    return batches
