"""A task of a service: a task that is registered with the service's target groups, and drained before it stops."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from moto.elbv2 import elbv2_backends

from localaws import pace
from localaws.ecs import ports
from localaws.ecs.task import Task
from localaws.loadbalancing import health, targets
from localaws.loadbalancing.targets import Target

SCHEDULER = "ServiceSchedulerInitiated"
_STATUSES_BEFORE_RUNNING = ("PROVISIONING", "PENDING")


@dataclass
class LoopbackAddress:
    """Where a Service Connect proxy goes; nobody waits for its connections, as a task that stops ends them itself."""

    address: tuple[str, int]

    def __enter__(self) -> LoopbackAddress:
        return self

    def __exit__(self, *_exception: object) -> None:
        return None


class ServiceTask:
    def __init__(self, task: Task, load_balancers: list[dict[str, Any]], wake: Any) -> None:
        self.task, self._load_balancers, self._wake = task, load_balancers, wake
        self._backend: Any = elbv2_backends[task.request.account][task.request.region]
        self.targets: list[Target] = []
        self.retiring = False
        self.running_since: float | None = None
        self._proven = False

    @property
    def stopped(self) -> bool:
        return self.task.last_status == "STOPPED"

    @property
    def pending(self) -> bool:
        return self.task.last_status in _STATUSES_BEFORE_RUNNING

    @property
    def running(self) -> bool:
        return self.task.last_status == "RUNNING"

    @property
    def ready(self) -> bool:
        """Running, in good health, and in service behind every load balancer of the service."""
        registered = len(self.targets) == len(self._load_balancers)
        return (
            self._proven
            and not self.retiring
            and registered
            and self.task.healthy
            and all(t.state == "healthy" for t in self.targets)
        )

    def advance(self) -> bool:
        """Register with the target groups as soon as the containers are healthy; true when that has just happened."""
        if self.running and self.running_since is None:
            self.running_since = time.monotonic()
        self._proven = self._proven or (self.running and self._works())
        if self.retiring or self.targets or not self._load_balancers or not self.task.healthy:
            return False
        self.targets = [self._register(entry) for entry in self._load_balancers]
        return True

    def health_failure(self, grace_seconds: float) -> str | None:
        """Why the scheduler must replace the task, as ECS words it."""
        if self.retiring or self.running_since is None or time.monotonic() - self.running_since < grace_seconds:
            return None
        if self.task.unhealthy:
            return "Task failed container health checks"
        for target in self.targets:
            if target.state == "unhealthy":
                return f"Task failed ELB health checks in (target-group {target.group_arn}): {target.description}"
        return self._still_silent()

    def retire(self, reason: str, max_drain_seconds: float = targets.MAX_DRAIN_SECONDS, stop_code: str = SCHEDULER) -> None:
        """Take the task out of service, let its requests finish, then stop it; this returns at once."""
        if self.retiring:
            return
        self.retiring = True
        if self.running:
            self.task.become("DEACTIVATING")
        drains = [targets.deregister(target, min(self._delay(target), max_drain_seconds)) for target in self.targets]
        threading.Thread(
            target=self._stop_when_drained, args=(drains, stop_code, reason), daemon=True, name=f"drain-{self.task.id[:8]}"
        ).start()

    def address_of(self, port_name: str) -> LoopbackAddress | None:
        """Where the named port mapping of this very task listens: another revision may map the name to another port."""
        if not self.ready:  # what starts has no local ports yet
            return None
        local = next(
            (container.named_port(port_name) for container in self.task.containers if container.named_port(port_name)), None
        )
        return LoopbackAddress(("127.0.0.1", local)) if local else None

    def deregister_now(self) -> None:
        """For a task that ended by itself: its targets have nobody left to drain."""
        for target in self.targets:
            targets.deregister(target, 0)

    def _works(self) -> bool:
        """Where no health check speaks for it, its ports must listen; where it has none, it must have run for a while."""
        if self._load_balancers or any(container.health_check for container in self.task.containers):
            return True
        listening = [
            ports.listens(container.port) for container in self.task.containers if container.essential and container.port
        ]
        return all(listening) if listening else self._age() >= pace.SETTLING_SECONDS

    def _still_silent(self) -> str | None:
        if self._proven or self._age() < pace.START_ALLOWANCE_SECONDS:
            return None
        return f"Task does not listen: {ports.CONTRACT}"

    def _age(self) -> float:
        return time.monotonic() - (self.running_since or time.monotonic())

    def _stop_when_drained(self, drains: list[Future], stop_code: str, reason: str) -> None:
        for drain in drains:
            drain.result(targets.MAX_DRAIN_SECONDS + 5)
        self.task.stop(stop_code, reason)

    def _register(self, entry: dict[str, Any]) -> Target:
        container_port = int(entry["containerPort"])
        container = next(c for c in self.task.containers if c.name == entry["containerName"])
        interface = self.task.interface
        group = self._backend.target_groups[entry["targetGroupArn"]]
        target = Target(
            group_arn=group.arn,
            id=interface.address if interface else "127.0.0.1",
            port=container_port if interface else container.ports[container_port],
            address=("127.0.0.1", container.ports[container_port]),
            local_ports=self.task.local_ports,
            on_change=self._wake,
        )
        targets.register(target, lambda registered: health.watch(registered, group))
        return target

    def _delay(self, target: Target) -> float:
        group = self._backend.target_groups.get(target.group_arn)
        return float(group.attributes["deregistration_delay.timeout_seconds"]) if group else 0.0
