"""A listener of an Application Load Balancer as a local HTTP server: it picks each request's rule and follows it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from localaws.loadbalancing import actions, conditions, forward, messages, stickiness, targets, tcp
from localaws.loadbalancing.messages import Body, Request, Response

CLIENT_KEEP_ALIVE_SECONDS = 60.0


@dataclass
class HttpListener:
    """Reads rules, attributes and target groups from moto for each request, so that every change takes effect at once."""

    listener: Any
    load_balancer: Any
    backend: Any

    async def serve(self) -> asyncio.Server:
        return await asyncio.start_server(self._connected, "127.0.0.1", 0, limit=messages.MAX_HEAD_BYTES, backlog=1024)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = writer.get_extra_info("peername")[0]
        try:
            while await self._one_request(reader, writer, client):
                continue
        except messages.BadMessage:
            _write_whole(writer, *actions.error(400), keep_alive=False)
        except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError):
            writer.transport.abort()
        finally:
            writer.close()

    async def _one_request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, client: str) -> bool:
        """Answer one request; true where the connection may carry another."""
        request = await asyncio.wait_for(messages.read_request(reader), CLIENT_KEEP_ALIVE_SECONDS)
        if request is None:
            return False
        action = self._action_for(request, client)
        if action["Type"] == "forward":
            return await self._forward(request, action, reader, writer, client)
        answer = actions.fixed_response(action) if action["Type"] == "fixed-response" else self._redirect(action, request)
        keep_alive = request.keep_alive and request.body.empty
        _write_whole(writer, *answer, keep_alive=keep_alive, bodiless=request.method == "HEAD")
        await writer.drain()
        return keep_alive

    def _action_for(self, request: Request, client: str) -> dict[str, Any]:
        rules = self.listener.rules.values()
        for rule in sorted((rule for rule in rules if not rule.is_default), key=lambda rule: int(rule.priority)):
            if conditions.matches(rule.conditions, request, client):
                return rule.actions[-1].data
        return next(rule for rule in rules if rule.is_default).actions[-1].data

    def _redirect(self, action: dict[str, Any], request: Request) -> tuple[Response, bytes]:
        return actions.redirect(action, request, self.listener.protocol, int(self.listener.port))

    async def _forward(
        self,
        request: Request,
        action: dict[str, Any],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        client: str,
    ) -> bool:
        group, target = self._target(action, request)
        keep_alive = request.keep_alive
        try:
            if target is None:
                raise forward.GatewayError(503)
            if "100-continue" in request.headers.tokens("expect"):
                writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            added = forward.Forwarded(client, self.listener.protocol, int(self.listener.port)).lines(request)
            async with forward.exchange(request, reader, target, added, self._idle_seconds()) as exchange:
                exchange.response.headers.lines += stickiness.lines(group, target, self.listener.protocol)
                return await _relay(request, exchange, reader, writer)
        except forward.GatewayError as failed:
            keep_alive = keep_alive and request.body.empty
            _write_whole(writer, *actions.error(failed.status), keep_alive=keep_alive, bodiless=request.method == "HEAD")
            await writer.drain()
            return keep_alive

    def _target(self, action: dict[str, Any], request: Request) -> tuple[Any, targets.Target | None]:
        arn = actions.target_group_of(action)
        group = self.backend.target_groups.get(arn)
        if arn is None or group is None:
            return None, None
        chosen = stickiness.known(group, request.headers)
        return group, chosen or targets.choose(arn, group.attributes["load_balancing.algorithm.type"])

    def _idle_seconds(self) -> float:
        return float(self.load_balancer.attrs.get("idle_timeout.timeout_seconds", 60))


async def _relay(
    request: Request, exchange: forward.Exchange, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> bool:
    """Pass the target's answer on as it comes; true where the client's connection may carry another request."""
    response = exchange.response
    if response.status == 101:
        return await _switch_protocols(exchange, reader, writer)
    endless = request.version == "HTTP/1.0" and (response.body.chunked or response.body.until_close)
    keep_alive = request.keep_alive and not endless
    framing = Body(length=None) if endless else response.body
    _write_head(writer, response, framing, keep_alive)
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


def _write_head(writer: asyncio.StreamWriter, response: Response, framing: Body, keep_alive: bool) -> None:
    lines = response.headers.end_to_end()
    if announced := framing.header():
        lines = [(name, value) for name, value in lines if name.lower() != "content-length"] + announced
    lines.append(("Connection", "keep-alive" if keep_alive else "close"))
    writer.write(messages.head_bytes(f"HTTP/1.1 {response.status} {response.reason}", lines))


def _write_whole(
    writer: asyncio.StreamWriter, response: Response, content: bytes, *, keep_alive: bool, bodiless: bool = False
) -> None:
    _write_head(writer, response, response.body, keep_alive)
    if not bodiless:
        writer.write(content)
