"""The health check command of a container, run as a local process beside it."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from typing import Any

from localaws import pace
from localaws.containers import process
from localaws.containers.process import ContainerSpec
from localaws.ecs.container import LocalContainer
from localaws.errors import LocalAwsError

DEFAULT_INTERVAL, DEFAULT_TIMEOUT, DEFAULT_RETRIES = 30, 5, 3


def watch(container: LocalContainer, on_change: Callable[[], None], ended: threading.Event) -> None:
    """Run the command at its interval until the container has ended, and keep the container's health."""
    check = container.health_check
    if check is not None:
        threading.Thread(
            target=_run, args=(container, check, on_change, ended), daemon=True, name=f"health-{container.name}"
        ).start()


def _run(container: LocalContainer, check: dict[str, Any], on_change: Callable[[], None], ended: threading.Event) -> None:
    started, failures = time.monotonic(), 0
    allowance = max(pace.FIRST_HEALTH_SECONDS, pace.compressed(check.get("startPeriod") or 0))
    interval = pace.compressed(check.get("interval") or DEFAULT_INTERVAL, at_least=0.2)
    first_interval = min(interval, 0.5)
    while not ended.wait(first_interval if container.health == "UNKNOWN" else interval) and container.status == "RUNNING":
        good = passes(container, check)
        failures = 0 if good else failures + 1
        starting = container.health == "UNKNOWN" and time.monotonic() - started < allowance
        if good and container.health != "HEALTHY":
            container.health = "HEALTHY"
            on_change()
        elif not starting and failures >= (check.get("retries") or DEFAULT_RETRIES) and container.health != "UNHEALTHY":
            container.health = "UNHEALTHY"
            on_change()


def passes(container: LocalContainer, check: dict[str, Any]) -> bool:
    """One run of the command, which must end with 0 within its time-out."""
    assert container.spec is not None
    arguments = local_command(check["command"], container.ports)
    spec = ContainerSpec(
        f"{container.name} health check", container.spec.image, container.spec.environment, arguments[:1], arguments[1:]
    )
    try:
        run = process.start(spec)
    except LocalAwsError as error:
        container.tail.write(str(error))
        return False
    code = run.wait(check.get("timeout") or DEFAULT_TIMEOUT)
    if code is None:
        run.kill()
    return code == 0


def local_command(command: list[str], ports: dict[int, int]) -> list[str]:
    """The command as it runs here: a declared port of localhost is replaced by the local port that stands for it."""
    kind, *rest = command
    arguments = ["/bin/sh", "-c", *rest] if kind == "CMD-SHELL" else rest if kind == "CMD" else command
    return [_with_local_ports(argument, ports) for argument in arguments]


def _with_local_ports(text: str, ports: dict[int, int]) -> str:
    def local(found: re.Match[str]) -> str:
        return f"{found[1]}:{ports.get(int(found[2]), int(found[2]))}"

    return re.sub(r"\b(localhost|127\.0\.0\.1):(\d+)\b", local, text)
