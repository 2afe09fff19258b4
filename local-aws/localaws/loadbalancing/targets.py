"""The registered targets of each target group: their names on AWS, where they listen here, and how healthy they are."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from localaws.loadbalancing import eventloop
from localaws.loadbalancing.connections import ConnectionPool

MAX_DRAIN_SECONDS = 60.0
"""Requests in flight are waited for in real time, up to the deregistration delay and never longer than this."""


@dataclass
class Target:
    """One registered target. `id` and `port` are AWS's names for it: a task's private address and its container's port."""

    group_arn: str
    id: str
    port: int
    address: tuple[str, int]
    local_ports: dict[int, int] = field(default_factory=dict)
    """Where the other ports of the same task listen, for health checks that use one of them."""
    on_change: Callable[[], None] = lambda: None
    state: str = "initial"
    reason: str | None = "Elb.RegistrationInProgress"
    description: str | None = "Target registration is in progress"
    in_flight: int = 0
    pool: ConnectionPool = field(default_factory=ConnectionPool)
    idle: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.idle.set()

    def become(self, state: str, reason: str | None = None, description: str | None = None) -> None:
        changed = state != self.state
        self.state, self.reason, self.description = state, reason, description
        if changed:
            self.on_change()

    def __enter__(self) -> Target:
        """One request is in flight to this target; draining waits until it has left."""
        self.in_flight += 1
        self.idle.clear()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.in_flight -= 1
        if not self.in_flight:
            self.idle.set()


_lock = threading.Lock()
_groups: dict[str, dict[tuple[str, int], Target]] = defaultdict(dict)
_watchers: dict[tuple[str, str, int], Future] = {}
_turns: dict[str, Iterator[int]] = defaultdict(itertools.count)


def registered(group_arn: str) -> list[Target]:
    with _lock:
        return list(_groups[group_arn].values())


def find(group_arn: str, target_id: str, port: int | None) -> Target | None:
    return next((t for t in registered(group_arn) if t.id == target_id and port in (None, t.port)), None)


def register(target: Target, watch: Callable[[Target], Coroutine[Any, Any, None]]) -> None:
    """Add the target; `watch` makes the coroutine that checks its health for as long as it is registered."""
    with _lock:
        _groups[target.group_arn][target.id, target.port] = target
        _watchers[target.group_arn, target.id, target.port] = eventloop.submit(watch(target))


def deregister(target: Target, delay_seconds: float) -> Future:
    """Stop sending requests to the target; the future is done when those in flight have been answered."""
    with _lock:
        watcher = _watchers.pop((target.group_arn, target.id, target.port), None)
    if watcher is not None:
        watcher.cancel()
    target.become("draining", "Target.DeregistrationInProgress", "Target deregistration is in progress")
    return eventloop.submit(_drain(target, min(delay_seconds, MAX_DRAIN_SECONDS)))


async def _drain(target: Target, seconds: float) -> None:
    try:
        await asyncio.wait_for(target.idle.wait(), seconds)
    except asyncio.TimeoutError:
        """As on AWS, requests that outlast the deregistration delay are cut off when the task stops."""
    finally:
        target.pool.close()
        with _lock:
            if _groups[target.group_arn].get((target.id, target.port)) is target:
                del _groups[target.group_arn][target.id, target.port]


def choose(group_arn: str, algorithm: str) -> Target | None:
    """The healthy target whose turn it is."""
    healthy = [target for target in registered(group_arn) if target.state == "healthy"]
    if not healthy:
        return None
    if algorithm == "least_outstanding_requests":
        return min(healthy, key=lambda target: target.in_flight)
    return healthy[next(_turns[group_arn]) % len(healthy)]


def forget_group(group_arn: str) -> None:
    for target in registered(group_arn):
        deregister(target, 0)
    with _lock:
        _groups.pop(group_arn, None)
        _turns.pop(group_arn, None)


def shutdown() -> None:
    with _lock:
        _groups.clear()
        _watchers.clear()
        _turns.clear()
