"""One ECS task: its containers as local processes, from PROVISIONING to STOPPED."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from moto.moto_api._internal import mock_random

from localaws import pace
from localaws.ecs import assembly, bus, dependencies, healthcheck
from localaws.ecs.container import LocalContainer
from localaws.ecs.hosts import Host
from localaws.ecs.network import TaskNetworkInterface
from localaws.errors import LocalAwsError

DEFAULT_STOP_TIMEOUT = 30
_MIN_STOP_SECONDS, _MAX_STOP_SECONDS = 2.0, 6.0

ESSENTIAL_EXITED = "Essential container in task exited"


@dataclass
class TaskRequest:
    """What a task is started with: by RunTask, or by a service for one of its deployments."""

    account: str
    region: str
    cluster_arn: str
    task_definition: Any
    group: str
    started_by: str = ""
    launch_type: str | None = "FARGATE"
    capacity_provider: str | None = None
    platform_version: str | None = None
    network_configuration: dict[str, Any] | None = None
    overrides: dict[str, Any] = field(default_factory=dict)
    tags: list[dict[str, str]] = field(default_factory=list)
    enable_execute_command: bool = False
    names: dict[str, str] | None = None
    """The Service Connect names that the task knows; None where Service Connect is not enabled for it."""
    host: Host | None = None
    """The container instance that the task runs on; None on Fargate."""


class Task:
    """Status changes only by what happens to the processes, never by being looked at."""

    def __init__(self, request: TaskRequest, on_change: Callable[[], None]) -> None:
        self.request, self._on_change = request, on_change
        self.id = mock_random.get_random_hex(32)
        cluster = request.cluster_arn.rpartition("/")[2]
        self.task_arn = f"{request.cluster_arn.partition(':cluster/')[0]}:task/{cluster}/{self.id}"
        self.tags = list(request.tags)
        self.last_status, self.desired_status = "PROVISIONING", "RUNNING"
        self.protected_until: datetime | None = None
        self.stop_code: str | None = None
        self.stopped_reason: str | None = None
        self.times: dict[str, datetime] = {"createdAt": _now()}
        self.interface: TaskNetworkInterface | None = None
        # known from the beginning, as on AWS; assembled when the task starts.
        self.containers = [LocalContainer(definition) for definition in request.task_definition.container_definitions]
        self.stopped = threading.Event()
        self._condition = threading.Condition()

    # What others ask

    @property
    def task_definition_arn(self) -> str:
        return self.request.task_definition.arn

    @property
    def local_ports(self) -> dict[int, int]:
        return {port: local for container in self.containers for port, local in container.ports.items()}

    @property
    def health(self) -> str:
        """Of the essential containers that have a health check; UNKNOWN where none has one."""
        checked = [container.health for container in self.containers if container.essential and container.health_check]
        for state in ("UNHEALTHY", "UNKNOWN"):
            if state in checked:
                return state
        return "HEALTHY" if checked else "UNKNOWN"

    @property
    def unhealthy(self) -> bool:
        return self.health == "UNHEALTHY"

    @property
    def healthy(self) -> bool:
        """Running, with every container that has a health check in good health."""
        checked = any(container.health_check and container.essential for container in self.containers)
        return self.last_status == "RUNNING" and (self.health == "HEALTHY" or not checked)

    @property
    def protected(self) -> bool:
        """Whether the task has asked not to be stopped to scale in or in a deployment."""
        return self.protected_until is not None and self.protected_until > _now()

    def last_lines(self) -> list[str]:
        """The last log lines of the container that most likely tells why the task failed."""
        failed = [c for c in self.containers if c.exit_code not in (None, 0)] or [c for c in self.containers if c.essential]
        return next((list(container.tail.lines) for container in failed if container.tail.lines), [])

    # Its life

    def start(self) -> None:
        threading.Thread(target=self._live, daemon=True, name=f"task-{self.id[:8]}").start()

    def stop(self, stop_code: str, reason: str) -> None:
        """Ask the task to stop; the first reason given is the one that stays."""
        with self._condition:
            if self.stop_code is None:
                self.stop_code, self.stopped_reason = stop_code, reason
            self.desired_status = "STOPPED"
            self._condition.notify_all()

    def become(self, status: str) -> None:
        self.last_status = status
        bus.task_changed(self)
        self._on_change()

    def _live(self) -> None:
        try:
            self.interface = assembly.interface_of(self.request)
            self.containers = assembly.containers_of(self.request, self.id)
            self.become("PENDING")
            self._run_containers()
        except LocalAwsError as error:
            self.stop("TaskFailedToStart", str(error))
        except Exception as error:
            self.stop("TaskFailedToStart", f"the local AWS failed to start the task: {error!r}")
            raise
        finally:
            self._end()

    def _run_containers(self) -> None:
        with self._condition:
            while self.desired_status == "RUNNING":
                self._start_containers()
                if self.last_status == "PENDING" and all(c.status != "PENDING" for c in self.containers):
                    self.times["startedAt"] = _now()
                    self.become("RUNNING")
                self._look_for_an_end()
                if self.desired_status == "RUNNING":
                    self._condition.wait()

    def _start_containers(self) -> None:
        by_name = {container.name: container for container in self.containers}
        for container in [c for c in self.containers if c.status == "PENDING"]:
            if obstacle := dependencies.never_met(container, by_name):
                raise LocalAwsError(f"ContainerDependencyError: {obstacle}")
            if dependencies.may_start(container, by_name):
                container.start(lambda _container: self._woken())
                healthcheck.watch(container, self._woken, self.stopped)
                self._start_containers()
                return

    def _look_for_an_end(self) -> None:
        ended = [container for container in self.containers if container.status == "STOPPED"]
        if any(container.essential for container in ended) or len(ended) == len(self.containers):
            self.stop("EssentialContainerExited", ESSENTIAL_EXITED)

    def _woken(self) -> None:
        with self._condition:
            self._condition.notify_all()
        self._on_change()

    def _end(self) -> None:
        self.times["stoppingAt"] = _now()
        self.become("STOPPING")
        for container in reversed(self.containers):
            container.stop(stop_seconds(container.definition))
        if self.interface is not None:
            self.interface.detach()
        assembly.release(self.containers)
        self.times["stoppedAt"] = _now()
        self.stopped.set()
        self.become("STOPPED")


def stop_seconds(definition: dict[str, Any]) -> float:
    """The container's stop timeout, compressed, and bounded so that a process has time to end and nobody waits for long."""
    return min(_MAX_STOP_SECONDS, pace.compressed(definition.get("stopTimeout") or DEFAULT_STOP_TIMEOUT, _MIN_STOP_SECONDS))


def _now() -> datetime:
    return datetime.now(timezone.utc)
