"""Local ports for containers: each one that maps a port gets a free one, and is told by its PORT variable."""

from __future__ import annotations

import random
import socket
import threading

_FIRST, _LAST = 20000, 29999
"""Below the range from which operating systems take the ports of outgoing connections, which would take one first."""

CONTRACT = (
    "the container must listen on the port that its PORT variable names, "
    "which is a local one of its own and stands for the port that it maps"
)

_lock = threading.Lock()
_reserved: set[int] = set()


def reserve() -> int:
    """A port that nothing listens on and that no other task was given."""
    with _lock:
        for port in random.sample(range(_FIRST, _LAST + 1), _LAST - _FIRST + 1):
            if port not in _reserved and _free(port):
                _reserved.add(port)
                return port
    raise OSError(f"no free port between {_FIRST} and {_LAST}")


def release(port: int) -> None:
    with _lock:
        _reserved.discard(port)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
