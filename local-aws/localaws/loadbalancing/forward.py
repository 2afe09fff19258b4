"""One request to one target: the head rewritten, the bodies streamed both ways, the connection kept for the next."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from localaws.loadbalancing import messages
from localaws.loadbalancing.connections import Connection
from localaws.loadbalancing.messages import Body, Request, Response
from localaws.loadbalancing.targets import Target


class GatewayError(Exception):
    """The target did not give a whole answer; nothing of it has reached the client yet."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class IdleTimer:
    """Breaks the connection to a target that neither sends nor takes a byte for the idle timeout."""

    def __init__(self, connection: Connection, seconds: float) -> None:
        self._seconds = seconds
        self._broken: list[Callable[[], None]] = [connection.abort]
        self._loop = asyncio.get_running_loop()
        self._deadline = self._loop.time() + seconds
        self._handle = self._loop.call_at(self._deadline, self._look)
        self.expired = False

    def touch(self) -> None:
        self._deadline = self._loop.time() + self._seconds

    def cancel(self) -> None:
        self._handle.cancel()

    def breaks(self, end: Callable[[], None]) -> None:
        """What it ends besides the connection to the target."""
        self._broken.append(end)

    def _look(self) -> None:
        if self._loop.time() < self._deadline:
            self._handle = self._loop.call_at(self._deadline, self._look)
        else:
            self.expired = True
            for end in self._broken:
                end()


@dataclass
class Exchange:
    """A target's answer whose head has been read and whose body is still to come."""

    response: Response
    connection: Connection
    timer: IdleTimer
    sender: asyncio.Future | None

    @property
    def request_sent(self) -> bool:
        """False where the target answered before it had read the whole request: neither connection can carry another."""
        return self.sender is None or (
            self.sender.done() and not self.sender.cancelled() and self.sender.exception() is None
        )

    async def body(self) -> AsyncIterator[bytes]:
        async for piece in self.response.body.read(self.connection.reader):
            self.timer.touch()
            yield piece
        if self.timer.expired:
            raise ConnectionResetError("the target did not finish its answer within the idle timeout")

    def finish(self, target: Target) -> None:
        if self.request_sent and self.response.keep_alive and self.response.status != 101:
            target.pool.give_back(self.connection)
        else:
            self.connection.close()

    def release(self) -> None:
        self.timer.cancel()
        if self.sender is not None:
            self.sender.cancel()


@dataclass
class Forwarded:
    """What the listener adds to the request on its way."""

    client_address: str
    protocol: str
    port: int

    def lines(self, request: Request) -> list[tuple[str, str]]:
        added = ("x-forwarded-for", "x-forwarded-proto", "x-forwarded-port")
        before = request.headers.all("x-forwarded-for")
        return [
            *((name, value) for name, value in passed_on(request) if name.lower() not in added),
            ("X-Forwarded-For", ", ".join([*before, self.client_address])),
            ("X-Forwarded-Proto", self.protocol.lower()),
            ("X-Forwarded-Port", str(self.port)),
        ]


def passed_on(request: Request) -> list[tuple[str, str]]:
    """The header lines of a request for the next hop: what speaks of this connection alone is said anew."""
    lines = [line for line in request.headers.end_to_end() if line[0].lower() not in ("content-length", "expect")]
    if "websocket" in request.headers.tokens("upgrade"):
        lines += [("Connection", "Upgrade"), ("Upgrade", "websocket")]
    return [*lines, *request.body.header()]


@asynccontextmanager
async def exchange(
    request: Request, client: asyncio.StreamReader, target: Target, lines: list[tuple[str, str]], idle_seconds: float
) -> AsyncIterator[Exchange]:
    """Send the request and read the head of the answer; raises GatewayError (502 or 504) where there is none."""
    head = messages.head_bytes(f"{request.method} {request.target} HTTP/1.1", lines)
    with target:
        begun = await _attempt(request, head, client, target, idle_seconds)
        if begun is None:
            target.pool.drop_idle()
            begun = await _attempt(request, head, client, target, idle_seconds)
        if begun is None:
            raise GatewayError(502)
        try:
            yield begun
            begun.finish(target)
        except BaseException:
            begun.connection.abort()
            raise
        finally:
            begun.release()


async def _attempt(
    request: Request, head: bytes, client: asyncio.StreamReader, target: Target, idle_seconds: float
) -> Exchange | None:
    """None says: this was a kept connection which the target had closed meanwhile, and the request may be sent again."""
    connection = await _connect(target)
    timer, sender = IdleTimer(connection, idle_seconds), None
    connection.writer.write(head)
    if not request.body.empty:
        sender = asyncio.ensure_future(_send(request.body, client, connection, timer))
    try:
        return Exchange(await messages.read_response(connection.reader, request.method), connection, timer, sender)
    except BaseException as broken:
        timer.cancel()
        connection.abort()
        if sender is not None:
            sender.cancel()
        if not isinstance(broken, (OSError, messages.BadMessage, asyncio.IncompleteReadError)):
            raise
        if connection.reused and request.body.empty and isinstance(broken, OSError) and not timer.expired:
            return None
        raise GatewayError(504 if timer.expired else 502) from broken


async def _connect(target: Target) -> Connection:
    try:
        return await target.pool.take(target.address)
    except OSError as refused:
        raise GatewayError(502) from refused


async def _send(body: Body, client: asyncio.StreamReader, connection: Connection, timer: IdleTimer) -> None:
    async for piece in body.read(client):
        connection.writer.write(body.framed(piece))
        await connection.writer.drain()
        timer.touch()
    connection.writer.write(body.end())
