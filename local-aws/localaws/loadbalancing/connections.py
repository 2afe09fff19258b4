"""Connections to a target that are kept open between requests."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

MAX_IDLE_SECONDS = 2.0
"""Well below the keep-alive time of common servers (5 s in Node), so that the target does not close it under our hands."""

MAX_KEPT = 64
HEAD_LIMIT = 65536


@dataclass
class Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    reused: bool = False
    idle_since: float = 0.0

    def abort(self) -> None:
        self.writer.transport.abort()

    def close(self) -> None:
        self.writer.close()


@dataclass
class ConnectionPool:
    """The idle connections to one address, the most recently used first."""

    kept: list[Connection] = field(default_factory=list)
    closed: bool = False

    async def take(self, address: tuple[str, int]) -> Connection:
        while self.kept:
            connection = self.kept.pop()
            if not connection.reader.at_eof() and time.monotonic() - connection.idle_since < MAX_IDLE_SECONDS:
                connection.reused = True
                return connection
            connection.close()
        return Connection(*await asyncio.open_connection(*address, limit=HEAD_LIMIT))

    @property
    def idle(self) -> bool:
        """Whether no connection came back for so long that none of them would be taken."""
        return all(time.monotonic() - connection.idle_since >= MAX_IDLE_SECONDS for connection in self.kept)

    def give_back(self, connection: Connection) -> None:
        if self.closed or len(self.kept) >= MAX_KEPT:
            connection.close()
            return
        connection.idle_since = time.monotonic()
        self.kept.append(connection)

    def drop_idle(self) -> None:
        while self.kept:
            self.kept.pop().close()

    def close(self) -> None:
        self.closed = True
        self.drop_idle()
