"""The container instances that tasks on EC2 capacity run on: real records of EC2, and room on them that tasks take.

Nothing boots: an instance is registered with its cluster as soon as it is launched, if its user data says so.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.moto_api._internal import mock_random

from localaws.errors import NotModelled

_KEPT_BY_THE_SYSTEM = 0.1
"""The share of an instance's memory that its system and the agent keep, rounded up: what is found to fit here fits on AWS."""

HOST_GONE = "Host EC2 (instance {}) terminated."


@dataclass(frozen=True)
class Room:
    """What a task takes, or an instance has."""

    cpu: int
    memory: int
    gpus: int
    interfaces: int

    def holds(self, other: Room) -> bool:
        left = self.without([other])
        return min(left.cpu, left.memory, left.gpus, left.interfaces) >= 0

    def without(self, taken: list[Room]) -> Room:
        return Room(
            self.cpu - sum(room.cpu for room in taken),
            self.memory - sum(room.memory for room in taken),
            self.gpus - sum(room.gpus for room in taken),
            self.interfaces - sum(room.interfaces for room in taken),
        )

    def __str__(self) -> str:
        parts = [f"{self.cpu} CPU units", f"{self.memory} MiB"]
        parts += [f"{self.gpus} GPUs"] if self.gpus else []
        return ", ".join(parts) + f" and {self.interfaces} network interfaces for tasks"


def room_of_type(instance_type: str) -> Room:
    """Of the type's network interfaces, one is the instance's own. Trunking, an opt-in of the account, is off."""
    described = INSTANCE_TYPES.get(instance_type)
    if described is None:
        raise NotModelled(f"the instance type {instance_type} is not known to the local AWS")
    gpus = sum(gpu.get("Count", 0) for gpu in (described.get("GpuInfo") or {}).get("Gpus", []))
    return Room(
        cpu=int(described["VCpuInfo"]["DefaultVCpus"]) * 1024,
        memory=int(described["MemoryInfo"]["SizeInMiB"] * (1 - _KEPT_BY_THE_SYSTEM)),
        gpus=gpus,
        interfaces=int(described["NetworkInfo"]["MaximumNetworkInterfaces"]) - 1,
    )


def room_of_task(task_definition: Any) -> Room:
    containers = task_definition.container_definitions
    gpus = [
        int(item["value"])
        for container in containers
        for item in container.get("resourceRequirements") or []
        if item["type"] == "GPU"
    ]
    return Room(
        cpu=int(task_definition.cpu or sum(int(c.get("cpu") or 0) for c in containers)),
        memory=int(
            task_definition.memory or sum(int(c.get("memory") or c.get("memoryReservation") or 0) for c in containers)
        ),
        gpus=sum(gpus),
        interfaces=1 if task_definition.network_mode == "awsvpc" else 0,
    )


@dataclass(eq=False)
class Host:
    """A registered container instance."""

    instance: Any
    cluster: Any
    provider: str
    attributes: dict[str, str]
    room: Room
    id: str = field(default_factory=lambda: mock_random.get_random_hex(32))
    status: str = "ACTIVE"
    tasks: list[Any] = field(default_factory=list)
    registered_at: datetime = field(default_factory=lambda: datetime.now(timezone.utc))

    @property
    def arn(self) -> str:
        return f"{self.cluster.arn.replace(':cluster/', ':container-instance/')}/{self.id}"

    @property
    def zone(self) -> str:
        return self.instance.availability_zone

    @property
    def running(self) -> list[Any]:
        """The tasks that take room: all that have not stopped."""
        self.tasks = [task for task in self.tasks if task.last_status != "STOPPED"]
        return self.tasks

    @property
    def free(self) -> Room:
        return self.room.without([room_of_task(task.request.task_definition) for task in self.running])

    @property
    def free_beside_daemons(self) -> Room:
        """ECS starts daemons first: other tasks get what they leave, even before they are there."""
        return self.free.without(wanted_by_daemons(self))

    def describe(self) -> dict[str, Any]:
        return {
            "containerInstanceArn": self.arn,
            "ec2InstanceId": self.instance.id,
            "capacityProviderName": self.provider,
            "status": self.status,
            "agentConnected": True,
            "runningTasksCount": sum(task.last_status == "RUNNING" for task in self.running),
            "pendingTasksCount": sum(task.last_status in ("PROVISIONING", "PENDING") for task in self.running),
            "registeredAt": self.registered_at,
            "registeredResources": _resources(self.room),
            "remainingResources": _resources(self.free),
            "attributes": self._all_attributes(),  # moto makes a list of them
        }

    def _all_attributes(self) -> dict[str, str]:
        return {
            "ecs.availability-zone": self.zone,
            "ecs.instance-type": self.instance.instance_type,
            "ecs.os-type": "linux",
            **self.attributes,
        }

    def satisfies(self, constraints: list[dict[str, Any]]) -> bool:
        return all(_member(constraint, self._all_attributes()) for constraint in constraints)


_hosts: dict[str, list[Host]] = {}
"""By the ARN of their cluster."""
lock = threading.RLock()
_daemons: Callable[[Host], list[Room]] = lambda _host: []


def ask_for_daemons(asked: Callable[[Host], list[Room]]) -> None:
    """Whoever knows the services says what their daemons still want on an instance."""
    global _daemons
    _daemons = asked


def wanted_by_daemons(host: Host) -> list[Room]:
    return _daemons(host)


def of_cluster(cluster_arn: str) -> list[Host]:
    return list(_hosts.get(cluster_arn, []))


def add(host: Host) -> None:
    with lock:
        _hosts.setdefault(host.cluster.arn, []).append(host)


def remove(host: Host) -> None:
    """What still runs there ends with the instance, as ECS words it."""
    with lock:
        host.status = "INACTIVE"
        _hosts[host.cluster.arn].remove(host)
    for task in host.running:
        task.stop("TerminationNotice", HOST_GONE.format(host.instance.id))


def forget() -> None:
    with lock:
        _hosts.clear()


def agent_configuration(user_data: Any) -> dict[str, str]:
    """What the user data of an instance writes into the configuration of the ECS agent."""
    text = str(user_data or "")
    try:
        text = base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        pass
    return dict(re.findall(r"^(?:echo )?['\"]?(ECS_[A-Z_]+)=(.*?)(?:['\"]? >> \S+)?$", text, re.MULTILINE))


def attributes_of(configuration: dict[str, str]) -> dict[str, str]:
    return json.loads(configuration.get("ECS_INSTANCE_ATTRIBUTES") or "{}")


def check_constraints(constraints: list[dict[str, Any]]) -> None:
    for constraint in constraints:
        _member(constraint, {})


def _member(constraint: dict[str, Any], attributes: dict[str, str]) -> bool:
    """Of the cluster query language: one attribute that is, is not, or is one of some values."""
    expression = constraint.get("expression") or ""
    match = re.fullmatch(r"\s*attribute:(\S+)\s*(==|!=|in|not_in)\s*(.+?)\s*", expression)
    if constraint.get("type") != "memberOf" or match is None:
        kind = constraint.get("type")
        raise NotModelled(
            f"the placement constraint {kind} {expression} is not modelled by the local AWS, "
            "only memberOf with one comparison of an attribute"
        )
    name, operator, right = match.groups()
    values = [value.strip() for value in right.strip("[]").split(",")]
    return (attributes.get(name) in values) == (operator in ("==", "in"))


def _resources(room: Room) -> list[dict[str, Any]]:
    amounts = {"CPU": room.cpu, "MEMORY": room.memory}
    described: list[dict[str, Any]] = [{"name": n, "type": "INTEGER", "integerValue": v} for n, v in amounts.items()]
    return described + ([{"name": "GPU", "type": "INTEGER", "integerValue": room.gpus}] if room.gpus else [])
