"""The processes behind the running tasks of all clusters, for whoever looks into the machine."""

from __future__ import annotations

from typing import Any

from moto.ecs.models import ecs_backends

from localaws.ecs.container import LocalContainer
from localaws.ecs.task import Task


def running() -> list[dict[str, Any]]:
    tasks: list[Any] = [
        task
        for regions in ecs_backends.values()
        for backend in regions.values()
        for known in backend.tasks.values()
        for task in list(known.values())
    ]
    return [_describe(task, container) for task in tasks for container in task.containers if container.status == "RUNNING"]


def _describe(task: Task, container: LocalContainer) -> dict[str, Any]:
    kind, _, name = task.request.group.partition(":")
    return {
        "taskArn": task.task_arn,
        "cluster": task.request.cluster_arn.rpartition("/")[2],
        "service": name if kind == "service" else None,
        "container": container.name,
        "image": container.definition["image"],
        "pid": container.process.pid if container.process else None,
        "port": container.port,
    }
