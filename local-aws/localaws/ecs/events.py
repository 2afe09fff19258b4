"""The events of a service, as DescribeServices lists them: newest first."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from moto.moto_api._internal import mock_random

from localaws.ecs.servicetask import ServiceTask

_KEPT = 100


class ServiceEvents:
    def __init__(self, service: str) -> None:
        self._service = service
        self.listed: list[dict[str, Any]] = []

    def add(self, text: str) -> None:
        event = {
            "id": str(mock_random.uuid4()),
            "createdAt": datetime.now(timezone.utc),
            "message": f"(service {self._service}) {text}",
        }
        self.listed = [event, *self.listed[: _KEPT - 1]]

    def started(self, tasks: list[ServiceTask]) -> None:
        self.add(f"has started {len(tasks)} tasks: {_names(tasks)}.")

    def stopped(self, tasks: list[ServiceTask]) -> None:
        self.add(f"has stopped {len(tasks)} running tasks: {_names(tasks)}.")

    def registered(self, task: ServiceTask) -> None:
        for target in task.targets:
            self.add(f"registered 1 targets in (target-group {target.group_arn})")

    def task_failed(self, task: ServiceTask, reason: str) -> None:
        self.add(f"{_names([task])} failed: {reason}")


def _names(tasks: list[ServiceTask]) -> str:
    return " ".join(f"(task {task.task.id})" for task in tasks)
