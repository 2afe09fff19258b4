"""An HTTP/1.1 server that passes requests on: the connections of its clients, and the answers that go back to them."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod

from localaws.loadbalancing import actions, forward, messages, tcp
from localaws.loadbalancing.messages import Body, Request, Response

CLIENT_KEEP_ALIVE_SECONDS = 60.0


class HttpServer(ABC):
    @abstractmethod
    async def answer(
        self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, client: str
    ) -> bool:
        """Answer one request; true where the connection may carry another."""

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = writer.get_extra_info("peername")[0]
        try:
            while await self._one_request(reader, writer, client):
                continue
        except messages.BadMessage:
            write_whole(writer, *actions.error(400), keep_alive=False)
        except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError):
            writer.transport.abort()
        finally:
            writer.close()

    async def _one_request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, client: str) -> bool:
        request = await asyncio.wait_for(messages.read_request(reader), CLIENT_KEEP_ALIVE_SECONDS)
        return request is not None and await self.answer(request, reader, writer, client)


def go_ahead(request: Request, writer: asyncio.StreamWriter) -> None:
    """Before the body of a request is read, for a client that waits to be asked for it."""
    if "100-continue" in request.headers.tokens("expect"):
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")


async def gateway_error(failed: forward.GatewayError, request: Request, writer: asyncio.StreamWriter) -> bool:
    """Tell the client that there is no answer; a body that nobody has read ends the connection."""
    keep_alive = request.keep_alive and request.body.empty
    write_whole(writer, *actions.error(failed.status), keep_alive=keep_alive, bodiless=request.method == "HEAD")
    await writer.drain()
    return keep_alive


async def relay(
    request: Request, exchange: forward.Exchange, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> bool:
    """Pass the target's answer on as it comes; true where the client's connection may carry another request."""
    response = exchange.response
    if response.status == 101:
        return await _switch_protocols(exchange, reader, writer)
    endless = request.version == "HTTP/1.0" and (response.body.chunked or response.body.until_close)
    keep_alive = request.keep_alive and not endless
    framing = Body(length=None) if endless else response.body
    write_head(writer, response, framing, keep_alive)
    async for piece in exchange.body():
        writer.write(framing.framed(piece))
        await writer.drain()
    writer.write(framing.end())
    await writer.drain()
    return keep_alive and exchange.request_sent


async def _switch_protocols(exchange: forward.Exchange, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
    """A WebSocket: after the target has agreed, the load balancer only passes bytes on, until none come for the idle timeout."""
    exchange.timer.breaks(writer.transport.abort)
    exchange.timer.touch()
    upgrade = [("Connection", "Upgrade"), ("Upgrade", exchange.response.headers.first("upgrade") or "websocket")]
    writer.write(messages.head_bytes("HTTP/1.1 101 Switching Protocols", exchange.response.headers.end_to_end() + upgrade))
    await tcp.pipe(reader, writer, exchange.connection.reader, exchange.connection.writer, exchange.timer.touch)
    return False


def write_head(writer: asyncio.StreamWriter, response: Response, framing: Body, keep_alive: bool) -> None:
    lines = response.headers.end_to_end()
    if announced := framing.header():
        lines = [(name, value) for name, value in lines if name.lower() != "content-length"] + announced
    lines.append(("Connection", "keep-alive" if keep_alive else "close"))
    writer.write(messages.head_bytes(f"HTTP/1.1 {response.status} {response.reason}", lines))


def write_whole(
    writer: asyncio.StreamWriter, response: Response, content: bytes, *, keep_alive: bool, bodiless: bool = False
) -> None:
    write_head(writer, response, response.body, keep_alive)
    if not bodiless:
        writer.write(content)
