"""A container as a local process: started in a process group of its own, logged line by line, ended by the id it was
started under.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from typing import Callable, Iterable

from localaws.containers import command_line
from localaws.containers.guard import Guard
from localaws.containers.images import Image
from localaws.containers.logs import LogSink
from localaws.errors import LocalAwsError

_SHUTDOWN_GRACE_SECONDS = 2.0

_before_shutdown: list[Callable[[], None]] = []
_guard = Guard()
_running: set[ContainerProcess] = set()
_running_lock = threading.Lock()


@dataclass
class ContainerSpec:
    """What is to run. `entrypoint` and `command` stand for the image's own, by the rules of Docker; None leaves them."""

    name: str
    image: Image
    environment: dict[str, str] = field(default_factory=dict)
    entrypoint: list[str] | None = None
    command: list[str] | None = None
    log: LogSink | None = None


class ContainerProcess:
    def __init__(self, popen: subprocess.Popen, log: LogSink | None) -> None:
        self._popen, self._log = popen, log
        self._ended = threading.Event()
        self._group_lock = threading.Lock()
        self._group_gone = False
        self.pid = popen.pid
        self.exit_code: int | None = None
        self._pump = threading.Thread(target=self._pump_lines, daemon=True, name=f"log-{self.pid}")
        self._pump.start()
        threading.Thread(target=self._await_end, daemon=True, name=f"wait-{self.pid}").start()

    def wait(self, timeout: float | None = None) -> int | None:
        """The exit code, or None when the process still runs after `timeout` seconds."""
        self._ended.wait(timeout)
        return self.exit_code

    def stop(self, grace_seconds: float) -> None:
        """As a container is stopped: SIGTERM, and SIGKILL for what is left after the grace."""
        self._signal_group(signal.SIGTERM)
        if not self._ended.wait(grace_seconds):
            self.kill()

    def kill(self) -> None:
        self._signal_group(signal.SIGKILL)
        self._ended.wait(_SHUTDOWN_GRACE_SECONDS)

    def _signal_group(self, number: int) -> None:
        with self._group_lock:
            if self._group_gone:
                return
            try:
                os.killpg(self.pid, number)
            except (ProcessLookupError, PermissionError):  # macOS says EPERM for a group of zombies
                pass

    def _await_end(self) -> None:
        code = self._popen.wait()
        self._signal_group(signal.SIGKILL)  # a container ends with its first process: its children end too
        with self._group_lock:
            self._group_gone = True
        _guard.gone(self.pid)
        self._pump.join(_SHUTDOWN_GRACE_SECONDS)
        if self._log:
            self._log.close()
        self.exit_code = code if code >= 0 else 128 - code
        with _running_lock:
            _running.discard(self)
        self._ended.set()

    def _pump_lines(self) -> None:
        assert self._popen.stdout
        for line in self._popen.stdout:
            if self._log:
                self._log.write(line.decode(errors="replace").rstrip("\r\n"))


def start(spec: ContainerSpec) -> ContainerProcess:
    arguments = command_line.arguments(spec.image, spec.entrypoint, spec.command)
    environment = command_line.environment(spec.image, spec.environment)
    try:
        popen = subprocess.Popen(
            command_line.with_program_found(arguments, environment["PATH"]),
            cwd=command_line.working_directory(spec.image),
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise LocalAwsError(f"CannotStartContainerError: container {spec.name}: {arguments[0]}: {error.strerror}") from error
    _guard.started(popen.pid)
    process = ContainerProcess(popen, spec.log)
    with _running_lock:
        if process.exit_code is None:
            _running.add(process)
    return process


def before_shutdown(close: Callable[[], None]) -> None:
    """For what starts containers again when they end, as retries do: it is told before the containers are stopped."""
    _before_shutdown.append(close)


def stop_all() -> None:
    """Every container at once, so that a shutdown costs one grace and not one for each."""
    for close in _before_shutdown:
        close()
    with _running_lock:
        processes = list(_running)
    _signal_all(processes, signal.SIGTERM)
    deadline = time.monotonic() + _SHUTDOWN_GRACE_SECONDS
    for process in processes:
        process.wait(max(0.0, deadline - time.monotonic()))
    for process in processes:
        process.kill()


def _signal_all(processes: Iterable[ContainerProcess], number: int) -> None:
    for process in processes:
        process._signal_group(number)
