"""HTTP through Service Connect: each request goes to the task whose turn it is, and once more to another one
where the connection to the first has failed, so that a task that stops is not heard of.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from localaws.loadbalancing import forward, httpserver, tcp
from localaws.loadbalancing.connections import ConnectionPool
from localaws.loadbalancing.forward import GatewayError
from localaws.loadbalancing.httpserver import HttpServer
from localaws.loadbalancing.messages import Request

ATTEMPTS = 3
"""As ECS documents it: two retries, which avoid the host of the attempt before."""

_IDLE_SECONDS = 60.0


@dataclass
class Upstream:
    """A task, with the connections to it that are kept open."""

    address: tuple[str, int]
    pool: ConnectionPool = field(default_factory=ConnectionPool)

    def __enter__(self) -> Upstream:
        return self

    def __exit__(self, *_exception: object) -> None:
        return None


class RequestProxy(HttpServer):
    def __init__(self, choose: Callable[[], tcp.Backend | None]) -> None:
        self._choose = choose
        self._upstreams: dict[tuple[str, int], Upstream] = {}

    async def answer(
        self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, client: str
    ) -> bool:
        lines, avoided = forward.passed_on(request), None
        httpserver.go_ahead(request, writer)
        for attempt in range(1, ATTEMPTS + 1):
            upstream = self._upstream(avoided)
            try:
                if upstream is None:
                    raise GatewayError(503)
                async with forward.exchange(request, reader, upstream, lines, _IDLE_SECONDS) as exchange:
                    return await httpserver.relay(request, exchange, reader, writer)
            except GatewayError as failed:
                if attempt == ATTEMPTS or failed.status != 502 or not request.body.empty:
                    return await httpserver.gateway_error(failed, request, writer)
                self._forget(avoided := upstream)
        return False

    def close(self) -> None:
        for upstream in list(self._upstreams.values()):
            self._forget(upstream)

    def _upstream(self, avoided: Upstream | None) -> Upstream | None:
        """Whose turn it is; the one that has just failed only where there is no other."""
        backend = self._choose()
        if avoided is not None and backend is not None and backend.address == avoided.address:
            backend = self._choose()
        if backend is not None and backend.address not in self._upstreams:
            self._forget_the_idle()
            self._upstreams[backend.address] = Upstream(backend.address)
        return backend and self._upstreams[backend.address]

    def _forget_the_idle(self) -> None:
        """Tasks come and go; connections to those that have gone must not be kept."""
        for upstream in list(self._upstreams.values()):
            if upstream.pool.idle:
                self._forget(upstream)

    def _forget(self, upstream: Upstream | None) -> None:
        if upstream is not None:
            upstream.pool.close()
            self._upstreams.pop(upstream.address, None)
