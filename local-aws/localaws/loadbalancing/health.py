"""Health checks of target groups: each registered target is asked in turn, at the declared interval, compressed."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any, Protocol

from localaws import pace
from localaws.loadbalancing import messages
from localaws.loadbalancing.targets import Target

MAX_TIMEOUT_SECONDS = 10.0
_FIRST_LOOKS_SECONDS = 0.2
"""A starting target is asked at least this often, since its first good answer makes it healthy."""


class TargetGroup(Protocol):
    """What is read of moto's target group, anew for each check, so that ModifyTargetGroup takes effect."""

    health_check_protocol: str
    health_check_port: str | None
    health_check_path: str | None
    health_check_interval_seconds: int
    health_check_timeout_seconds: int
    unhealthy_threshold_count: Any
    healthy_threshold_count: Any


@dataclass
class Verdict:
    good: bool
    answered: bool = True
    reason: str | None = None
    description: str | None = None


async def watch(target: Target, group: TargetGroup) -> None:
    """Ask the target until it is deregistered, and keep its state as the thresholds say."""
    since, good, bad = time.monotonic(), 0, 0
    target.become("initial", "Elb.InitialHealthChecking", "Initial health checks in progress")
    while True:
        verdict = await ask(target, group)
        good, bad = (good + 1, 0) if verdict.good else (0, bad + 1)
        starting = (
            target.state == "initial" and not verdict.answered and time.monotonic() - since < pace.START_ALLOWANCE_SECONDS
        )
        if verdict.good and (target.state == "initial" or good >= int(group.healthy_threshold_count)):
            target.become("healthy")
        elif not verdict.good and not starting and bad >= int(group.unhealthy_threshold_count):
            target.become("unhealthy", verdict.reason, verdict.description)
        await asyncio.sleep(_pause(target, group))


def _pause(target: Target, group: TargetGroup) -> float:
    interval = pace.compressed(group.health_check_interval_seconds)
    return min(interval, _FIRST_LOOKS_SECONDS) if target.state == "initial" else interval


async def ask(target: Target, group: TargetGroup) -> Verdict:
    """One health check; a connection that is refused may be a target that has not started yet."""
    address = (target.address[0], local_port(target, group))
    try:
        timeout = min(float(group.health_check_timeout_seconds), MAX_TIMEOUT_SECONDS)
        return await asyncio.wait_for(_exchange(address, group), timeout)
    except asyncio.TimeoutError:
        return Verdict(False, True, "Target.Timeout", "Request timed out")
    except (OSError, messages.BadMessage, asyncio.IncompleteReadError) as broken:
        unheard = isinstance(broken, ConnectionRefusedError)
        return Verdict(
            False, not unheard, "Target.FailedHealthChecks", _unreachable(target, address[1]) if unheard else str(broken)
        )


def local_port(target: Target, group: TargetGroup) -> int:
    if group.health_check_port in (None, "traffic-port"):
        return target.address[1]
    return target.local_ports.get(int(group.health_check_port), int(group.health_check_port))


def _unreachable(target: Target, port: int) -> str:
    return (
        f"nothing listens on the local port {port}: the container must listen on the port that its PORT variable names, "
        f"which stands for its port {target.port}"
    )


async def _exchange(address: tuple[str, int], group: TargetGroup) -> Verdict:
    reader, writer = await asyncio.open_connection(*address, limit=messages.MAX_HEAD_BYTES)
    try:
        if group.health_check_protocol not in ("HTTP", "HTTPS"):
            return Verdict(True)
        lines = [("Host", f"{address[0]}:{address[1]}"), ("User-Agent", "ELB-HealthChecker/2.0"), ("Connection", "close")]
        writer.write(messages.head_bytes(f"GET {group.health_check_path or '/'} HTTP/1.1", lines))
        response = await messages.read_response(reader, "GET")
        if _code_matches(response.status, group):
            return Verdict(True)
        return Verdict(
            False, True, "Target.ResponseCodeMismatch", f"Health checks failed with these codes: [{response.status}]"
        )
    finally:
        writer.close()


def _code_matches(status: int, group: TargetGroup) -> bool:
    matcher = (getattr(group, "matcher", None) or {}).get("HttpCode") or "200"
    ranges = (part.partition("-") for part in str(matcher).split(","))
    return any(int(low) <= status <= int(high or low) for low, _, high in ranges)
