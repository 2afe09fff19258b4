"""The order in which the containers of a task start, by their `dependsOn`."""

from __future__ import annotations

from collections.abc import Iterable

from localaws.ecs.container import LocalContainer
from localaws.errors import NotModelled

_CONDITIONS = ("START", "HEALTHY", "COMPLETE", "SUCCESS")


def check(definitions: Iterable[dict]) -> None:
    """Refuse what would leave a container waiting for ever."""
    definitions = list(definitions)
    names = {definition["name"] for definition in definitions}
    for definition in definitions:
        for dependency in definition.get("dependsOn") or []:
            what = f"container {definition['name']} depends on {dependency['containerName']}"
            if dependency["condition"] not in _CONDITIONS:
                raise NotModelled(f"{what} with the condition '{dependency['condition']}', which is not modelled")
            if dependency["containerName"] not in names:
                raise NotModelled(f"{what}, which its task definition does not have")


def may_start(container: LocalContainer, others: dict[str, LocalContainer]) -> bool:
    return all(_met(others[d["containerName"]], d["condition"]) for d in container.definition.get("dependsOn") or [])


def never_met(container: LocalContainer, others: dict[str, LocalContainer]) -> str | None:
    """Why the container can no longer start, in a sentence; None while it still may."""
    for dependency in container.definition.get("dependsOn") or []:
        other, condition = others[dependency["containerName"]], dependency["condition"]
        if condition == "SUCCESS" and other.exit_code not in (None, 0):
            return f"container {container.name} needs {other.name} to succeed, and it exited with code {other.exit_code}"
        if condition == "HEALTHY" and (other.health == "UNHEALTHY" or other.status == "STOPPED"):
            return f"container {container.name} needs {other.name} to be healthy, and it is {_state(other)}"
    return None


def _met(other: LocalContainer, condition: str) -> bool:
    if condition == "START":
        return other.status != "PENDING"
    if condition == "HEALTHY":
        return other.status == "RUNNING" and other.health == "HEALTHY"
    return other.exit_code == 0 if condition == "SUCCESS" else other.exit_code is not None


def _state(container: LocalContainer) -> str:
    return "stopped" if container.status == "STOPPED" else container.health.lower()
