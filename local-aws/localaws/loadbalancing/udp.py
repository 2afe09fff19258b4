"""UDP proxies: the datagrams of one client go to one target, and what the target sends back goes to that client."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

from localaws.loadbalancing.targets import Target

IDLE_SECONDS = 120.0
"""A flow that carries nothing for this long is forgotten, and so is its target."""

Address = tuple[str, int]


class _Flow(asyncio.DatagramProtocol):
    """One client's datagrams on their way to a target, from a port of their own, by which the answers are told apart."""

    def __init__(self, target: Target, answer: Callable[[bytes], None]) -> None:
        self.target, self._answer = target, answer
        self._transport: asyncio.DatagramTransport | None = None
        self._waiting: list[bytes] = []
        self.last_used = asyncio.get_running_loop().time()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)
        for datagram in self._waiting:
            self._transport.sendto(datagram)

    def send(self, datagram: bytes) -> None:
        self.last_used = asyncio.get_running_loop().time()
        if self._transport is None:
            self._waiting.append(datagram)
        else:
            self._transport.sendto(datagram)

    def datagram_received(self, data: bytes, _address: Address) -> None:
        self.last_used = asyncio.get_running_loop().time()
        self._answer(data)

    def error_received(self, _error: Exception) -> None:
        """Nothing listens there (any more). A datagram may be lost; its health check takes the target out."""

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class UdpServer(asyncio.DatagramProtocol):
    """A UDP listener on a free loopback port."""

    def __init__(self, choose: Callable[[], Target | None]) -> None:
        self._choose = choose
        self._flows: dict[Address, _Flow] = {}
        self._opening: set[asyncio.Task] = set()
        self._transport: asyncio.DatagramTransport | None = None

    @property
    def port(self) -> int:
        return cast(asyncio.DatagramTransport, self._transport).get_extra_info("sockname")[1]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, client: Address) -> None:
        self._forget_idle()
        flow = self._flows.get(client)
        if flow is None or flow.target.state != "healthy":
            flow = self._begin(client, flow)
        if flow is not None:
            flow.send(data)

    def close(self) -> None:
        for flow in self._flows.values():
            flow.close()
        self._flows.clear()
        if self._transport is not None:
            self._transport.close()

    def _begin(self, client: Address, before: _Flow | None) -> _Flow | None:
        """A flow whose target has gone begins anew with another one; without a healthy target the datagram is dropped."""
        if before is not None:
            self._flows.pop(client).close()
        target = self._choose()
        if target is None:
            return None
        flow = _Flow(target, lambda datagram: self._answer(datagram, client))
        self._flows[client] = flow
        opening = asyncio.ensure_future(
            asyncio.get_running_loop().create_datagram_endpoint(lambda: flow, remote_addr=target.address)
        )
        self._opening.add(opening)
        opening.add_done_callback(self._opening.discard)
        return flow

    def _answer(self, datagram: bytes, client: Address) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(datagram, client)

    def _forget_idle(self) -> None:
        now = asyncio.get_running_loop().time()
        for client in [client for client, flow in self._flows.items() if now - flow.last_used > IDLE_SECONDS]:
            self._flows.pop(client).close()


async def serve(choose: Callable[[], Target | None]) -> UdpServer:
    _, protocol = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: UdpServer(choose), local_addr=("127.0.0.1", 0)
    )
    return protocol
