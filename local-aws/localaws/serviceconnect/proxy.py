"""The loopback proxy behind one name: to the ready task whose turn it is, for each connection or, in HTTP, each request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from localaws.loadbalancing import eventloop, messages, tcp
from localaws.serviceconnect.configuration import Endpoint
from localaws.serviceconnect.requests import RequestProxy

Chooser = Callable[[str], "tcp.Backend | None"]
"""Given the name of a port mapping, the task whose turn it is; None where no task is ready."""


@dataclass
class Proxy:
    service_arn: str
    endpoint: Endpoint
    choose: Chooser
    server: asyncio.Server | None = None

    def __post_init__(self) -> None:
        self._requests = RequestProxy(self._next)

    @property
    def address(self) -> str:
        assert self.server is not None
        return f"127.0.0.1:{self.server.sockets[0].getsockname()[1]}"

    def open(self) -> Proxy:
        self.server = eventloop.call(
            asyncio.start_server(self._connected, "127.0.0.1", 0, limit=messages.MAX_HEAD_BYTES, backlog=1024)
        )
        return self

    def close(self) -> None:
        eventloop.call(self._close())

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.endpoint.http:
            await self._requests.connected(reader, writer)
        else:
            await tcp.pass_on(reader, writer, self._next)

    def _next(self) -> tcp.Backend | None:
        return self.choose(self.endpoint.port_name)

    async def _close(self) -> None:
        assert self.server is not None
        self.server.close()
        self._requests.close()
