"""One container of a task: its process, its health check and what DescribeTasks says of it."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from localaws import pace
from localaws.containers import process
from localaws.containers.logs import LogSink
from localaws.containers.process import ContainerProcess, ContainerSpec
from localaws.errors import LocalAwsError

TAIL_LINES = 20

DEFAULT_RESTART_PERIOD = 300
"""ECS starts a container anew only if it has run for so many seconds, unless its policy names others."""

_shutting_down = threading.Event()
process.before_shutdown(_shutting_down.set)


class LineTail:
    """Passes the container's lines on to its log stream and remembers the last of them, for the text of an error."""

    def __init__(self, sink: LogSink | None) -> None:
        self._sink = sink
        self.lines: deque[str] = deque(maxlen=TAIL_LINES)

    def write(self, line: str) -> None:
        self.lines.append(line)
        if self._sink is not None:
            self._sink.write(line)

    def close(self) -> None:
        if self._sink is not None:
            self._sink.close()


@dataclass
class LocalContainer:
    definition: dict[str, Any]
    ports: dict[int, int] = field(default_factory=dict)
    """The container's declared ports, and the local port that stands for each."""
    spec: ContainerSpec | None = None
    process: ContainerProcess | None = None
    status: str = "PENDING"
    health: str = "UNKNOWN"
    exit_code: int | None = None
    reason: str | None = None
    tail: LineTail = field(default_factory=lambda: LineTail(None))
    _stopping: bool = False
    _started: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def name(self) -> str:
        return self.definition["name"]

    @property
    def port(self) -> int | None:
        """The local port that its PORT variable names; None where it maps none."""
        declared = (self.spec.environment if self.spec else {}).get("PORT", "")
        return int(declared) if self.ports and declared.isdigit() else None

    def named_port(self, name: str) -> int | None:
        """The local port that stands for a port mapping of that name."""
        mappings = self.definition.get("portMappings") or []
        return next((self.ports[int(mapping["containerPort"])] for mapping in mappings if mapping.get("name") == name), None)

    @property
    def essential(self) -> bool:
        return self.definition.get("essential", True)

    @property
    def health_check(self) -> dict[str, Any] | None:
        check = self.definition.get("healthCheck")
        return None if not check or check["command"] == ["NONE"] else check

    def start(self, on_exit: Callable[[LocalContainer], None]) -> None:
        """Start the process; `on_exit` is called, from another thread, when it has ended."""
        self._start_process()
        self.status = "RUNNING"
        threading.Thread(target=self._await_exit, args=(on_exit,), daemon=True, name=f"container-{self.name}").start()

    def _start_process(self) -> None:
        assert self.spec is not None
        self._started = time.monotonic()
        self.process = process.start(self.spec)

    def _await_exit(self, on_exit: Callable[[LocalContainer], None]) -> None:
        assert self.process is not None
        while True:
            self.exit_code = self.process.wait(None)
            if not self._start_again():
                break
        self.status = "STOPPED"
        on_exit(self)

    def _start_again(self) -> bool:
        """By its restart policy, which leaves what ends too early, and what ends with an exit code that it ignores."""
        policy = self.definition.get("restartPolicy") or {}
        period = pace.compressed(policy.get("restartAttemptPeriod") or DEFAULT_RESTART_PERIOD)
        if not policy.get("enabled") or self.exit_code in (policy.get("ignoredExitCodes") or []):
            return False
        with self._lock:
            if self._stopping or _shutting_down.is_set() or time.monotonic() - self._started < period:
                return False
            self.health = "UNKNOWN"
            self.tail.write(f"[local AWS] the container ended with exit code {self.exit_code} and is started anew")
            try:
                self._start_process()
            except LocalAwsError as error:
                self.tail.write(str(error))
                return False
        return True

    def stop(self, grace_seconds: float) -> None:
        with self._lock:
            self._stopping = True
        if self.process is not None and self.status == "RUNNING":
            self.process.stop(grace_seconds)
            self.exit_code = self.process.exit_code
        self.status = "STOPPED"

    def describe(self, task_arn: str, address: str | None) -> dict[str, Any]:
        described = {
            "containerArn": f"{task_arn.replace(':task/', ':container/')}/{self.name}",
            "taskArn": task_arn,
            "name": self.name,
            "image": self.definition["image"],
            "lastStatus": self.status,
            "healthStatus": self.health,
            "cpu": str(self.definition.get("cpu", 0)),
            "networkBindings": [],
            "networkInterfaces": [{"privateIpv4Address": address}] if address else [],
        }
        optional = {"exitCode": self.exit_code, "reason": self.reason, "memory": _text(self.definition.get("memory"))}
        return described | {key: value for key, value in optional.items() if value is not None}


def _text(value: object) -> str | None:
    return None if value is None else str(value)
