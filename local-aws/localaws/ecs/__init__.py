"""Amazon ECS: services and tasks as local processes, kept at their desired count by a scheduler."""

from __future__ import annotations

from typing import Any

from localaws.ecs import api, controller, executions, processes, scaling

__all__ = ["install", "running_processes", "scaling", "shutdown", "wait_for_service"]


def install() -> None:
    api.install()
    executions.install()


def wait_for_service(_account: str, _region: str, service_arn: str) -> None:
    """A service's ARN names its account and Region, so it alone finds the service."""
    controller.wait_for_service(service_arn)


def running_processes() -> list[dict[str, Any]]:
    return processes.running()


def shutdown() -> None:
    controller.shutdown()
