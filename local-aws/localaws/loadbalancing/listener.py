"""A listener of an Application Load Balancer as a local HTTP server: it picks each request's rule and follows it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from localaws.loadbalancing import actions, conditions, forward, httpserver, messages, stickiness, targets
from localaws.loadbalancing.httpserver import HttpServer
from localaws.loadbalancing.messages import Request, Response

@dataclass
class HttpListener(HttpServer):
    """Reads rules, attributes and target groups from moto for each request, so that every change takes effect at once."""

    listener: Any
    load_balancer: Any
    backend: Any

    async def serve(self) -> asyncio.Server:
        return await asyncio.start_server(self.connected, "127.0.0.1", 0, limit=messages.MAX_HEAD_BYTES, backlog=1024)

    async def answer(
        self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, client: str
    ) -> bool:
        action = self._action_for(request, client)
        if action["Type"] == "forward":
            return await self._forward(request, action, reader, writer, client)
        answer = actions.fixed_response(action) if action["Type"] == "fixed-response" else self._redirect(action, request)
        keep_alive = request.keep_alive and request.body.empty
        httpserver.write_whole(writer, *answer, keep_alive=keep_alive, bodiless=request.method == "HEAD")
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
        try:
            if target is None:
                raise forward.GatewayError(503)
            httpserver.go_ahead(request, writer)
            added = forward.Forwarded(client, self.listener.protocol, int(self.listener.port)).lines(request)
            async with forward.exchange(request, reader, target, added, self._idle_seconds()) as exchange:
                exchange.response.headers.lines += stickiness.lines(group, target, self.listener.protocol)
                return await httpserver.relay(request, exchange, reader, writer)
        except forward.GatewayError as failed:
            return await httpserver.gateway_error(failed, request, writer)

    def _target(self, action: dict[str, Any], request: Request) -> tuple[Any, targets.Target | None]:
        arn = actions.target_group_of(action)
        group = self.backend.target_groups.get(arn)
        if arn is None or group is None:
            return None, None
        chosen = stickiness.known(group, request.headers)
        return group, chosen or targets.choose(arn, group.attributes["load_balancing.algorithm.type"])

    def _idle_seconds(self) -> float:
        return float(self.load_balancer.attrs.get("idle_timeout.timeout_seconds", 60))
