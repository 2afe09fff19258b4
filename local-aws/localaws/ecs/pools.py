"""Capacity providers of instances as pools of hosts: a task that finds no room makes an instance, an empty one ends.

This is the model of managed scaling and of managed draining. It follows the tasks at once, where AWS takes minutes.
"""

from __future__ import annotations

from typing import Any

from moto.autoscaling.models import autoscaling_backends
from moto.ec2 import ec2_backends
from moto.ec2.models.instance_types import INSTANCE_TYPES

from localaws.ecs import hosts
from localaws.ecs.hosts import Host, Room
from localaws.errors import LocalAwsError
from localaws.mends.autoscaling import instance_type_of


class NoRoom(LocalAwsError):
    """No instance has room for a task, and no further one may be had. On AWS the task would wait."""


class Pool:
    """The instances of one capacity provider in one cluster."""

    def __init__(self, provider: Any, cluster: Any) -> None:
        self.provider, self.cluster = provider, cluster
        self._account, self._region = provider.account_id, provider.region_name

    @property
    def hosts(self) -> list[Host]:
        return [host for host in hosts.of_cluster(self.cluster.arn) if host.provider == self.provider.name]

    def sync(self) -> None:
        """Register what was launched, and let go of what was terminated."""

    def launch_for(self, need: Room) -> Host:
        raise NotImplementedError

    def end(self, host: Host) -> None:
        raise NotImplementedError

    @property
    def least(self) -> int:
        return 0

    def place(self, need: Room, constraints: list[dict[str, Any]]) -> Host:
        """An instance that has room, the one in the emptiest zone first."""
        with hosts.lock:
            self.sync()
            active = [host for host in self.hosts if host.status == "ACTIVE" and host.satisfies(constraints)]
            fitting = [host for host in active if host.free_beside_daemons.holds(need)]
            if not fitting:
                return self._launched(need, constraints)
            busy = {h.zone: sum(len(other.running) for other in self.hosts if other.zone == h.zone) for h in fitting}
            return min(fitting, key=lambda host: busy[host.zone])


    def _launched(self, need: Room, constraints: list[dict[str, Any]]) -> Host:
        """What daemons want there comes first; an instance that then is of no use ends again by itself."""
        host = self.launch_for(need)
        if not host.satisfies(constraints):
            raise NoRoom(f"no instance of the capacity provider {self.provider.name} satisfies the placement constraints")
        if not host.free_beside_daemons.holds(need):
            raise NoRoom(
                f"an instance {host.instance.instance_type} of the capacity provider {self.provider.name} has "
                f"{host.free_beside_daemons} beside its daemons: a task needs {need}"
            )
        return host


class GroupPool(Pool):
    """Instances of an Auto Scaling group."""

    @property
    def group(self) -> Any:
        groups = autoscaling_backends[self._account][self._region].autoscaling_groups
        return next((group for group in list(groups.values()) if group.arn == self.provider.group_arn), None)

    @property
    def least(self) -> int:
        return int(self.group.min_size or 0) if self.group else 0

    def sync(self) -> None:
        group = self.group
        running = {state.instance.id: state.instance for state in group.instance_states} if group else {}
        known = {host.instance.id for host in self.hosts}
        for host in [host for host in self.hosts if host.instance.id not in running]:
            hosts.remove(host)
        for instance in [instance for identifier, instance in running.items() if identifier not in known]:
            configuration = hosts.agent_configuration(group.user_data)
            if configuration.get("ECS_CLUSTER") == self.cluster.name:
                room = hosts.room_of_type(instance.instance_type)
                attributes = hosts.attributes_of(configuration)
                hosts.add(Host(instance, self.cluster, self.provider.name, attributes, room))

    def launch_for(self, need: Room) -> Host:
        group = self.group
        self._check(group, need)
        group.set_desired_capacity(int(group.desired_capacity or 0) + 1)
        self.sync()
        return self.hosts[-1]

    def _check(self, group: Any, need: Room) -> None:
        kind = instance_type_of(group)
        room, most = hosts.room_of_type(kind), int(group.max_size or 0)
        if hosts.agent_configuration(group.user_data).get("ECS_CLUSTER") != self.cluster.name:
            raise NoRoom(
                f"the instances of the capacity provider {self.provider.name} do not register with the cluster: "
                f"their user data does not set ECS_CLUSTER={self.cluster.name}"
            )
        if not room.holds(need):
            raise NoRoom(f"an instance {kind} of the capacity provider {self.provider.name} has {room}: a task needs {need}")
        if not self.provider.scales:
            raise NoRoom(
                f"the instances of the capacity provider {self.provider.name} have no room for a task that needs {need}, "
                "and its managed scaling is off"
            )
        if len(group.instance_states) >= most:
            raise NoRoom(
                f"the capacity provider {self.provider.name} has no room for a task that needs {need}: "
                f"its {most} instances {kind} are taken, and it may have no more (MaxSize {most})"
            )

    def end(self, host: Host) -> None:
        autoscaling_backends[self._account][self._region].terminate_instance(host.instance.id, True)
        hosts.remove(host)


class ManagedPool(Pool):
    """ECS Managed Instances: the smallest type that is allowed and that holds the task."""

    def launch_for(self, need: Room) -> Host:
        template = self.provider.managed["instanceLaunchTemplate"]
        network = template["networkConfiguration"]
        backend: Any = ec2_backends[self._account][self._region]
        subnet = backend.get_subnet(network["subnets"][len(self.hosts) % len(network["subnets"])])
        kind = self._choose_type(template.get("instanceRequirements") or {}, need)
        reservation = backend.run_instances(
            "ami-managed-instances",
            1,
            None,
            [],
            instance_type=kind,
            tags={"instance": {"AmazonECSManaged": "true"}},
            placement=subnet.availability_zone,
            is_instance_type_default=False,
            subnet_id=subnet.id,
            security_group_ids=network.get("securityGroups") or [],
        )
        host = Host(reservation.instances[0], self.cluster, self.provider.name, {}, hosts.room_of_type(kind))
        hosts.add(host)
        return host

    def _choose_type(self, wanted: dict[str, Any], need: Room) -> str:
        fitting = [name for name in INSTANCE_TYPES if _is_wanted(name, wanted) and hosts.room_of_type(name).holds(need)]
        if not fitting:
            raise NoRoom(
                f"no instance type that the capacity provider {self.provider.name} allows has room for a task "
                f"that needs {need}"
            )
        return min(fitting, key=lambda name: (hosts.room_of_type(name).cpu, hosts.room_of_type(name).memory, name))

    def end(self, host: Host) -> None:
        ec2_backends[self._account][self._region].terminate_instances([host.instance.id])
        hosts.remove(host)


def _is_wanted(name: str, wanted: dict[str, Any]) -> bool:
    described = INSTANCE_TYPES[name]
    if allowed := wanted.get("allowedInstanceTypes"):
        return name in allowed
    vcpus, memory = described["VCpuInfo"]["DefaultVCpus"], described["MemoryInfo"]["SizeInMiB"]
    general = name[0] in "cmr" and name[1:2].isdigit() and "x86_64" in described["ProcessorInfo"]["SupportedArchitectures"]
    return general and _within(vcpus, wanted.get("vCpuCount")) and _within(memory, wanted.get("memoryMiB"))


def _within(value: float, bounds: dict[str, Any] | None) -> bool:
    low, high = (bounds or {}).get("min"), (bounds or {}).get("max")
    return (low is None or value >= low) and (high is None or value <= high)
