"""Ends the containers of a local model that was killed: a small process of its own, which sees its input end.

The model tells it, a line each, `+ID` of a process group that it has started and `-ID` of one that is gone.
Standard library only: it is started as a file, and shall start fast.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable


class Guard:
    """The model's side; the process is started with the first container."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    def started(self, group: int) -> None:
        self._tell(f"+{group}")

    def gone(self, group: int) -> None:
        self._tell(f"-{group}")

    def _tell(self, line: str) -> None:
        with self._lock:
            if self._process is None:
                self._process = subprocess.Popen(
                    [sys.executable, "-S", "-E", __file__],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    text=True,
                    start_new_session=True,
                )
            assert self._process.stdin
            print(line, file=self._process.stdin, flush=True)


def watch(lines: Iterable[str]) -> None:
    """The guard's side: until the input ends, however it ends."""
    groups: set[int] = set()
    for line in lines:
        group = int(line[1:])
        groups.add(group) if line[0] == "+" else groups.discard(group)
    for group in groups:
        try:
            os.killpg(group, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


if __name__ == "__main__":
    watch(sys.stdin)
