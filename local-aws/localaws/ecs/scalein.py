"""Instances as they come and go: one on which nothing but daemons runs is drained and ended, down to the least number.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.autoscaling.models import autoscaling_backends
from moto.ecs.models import ecs_backends

from localaws.ecs import hosts, providers
from localaws.ecs.pools import Pool
from localaws.ecs.task import Task


def end_empty_instances(is_daemon_task: Callable[[Task], bool]) -> bool:
    """True while an instance is draining, or has just ended."""
    return any([_scale_in(pool, is_daemon_task) for pool in _pools() if pool.provider.scales])


def look_for_instances() -> None:
    """A group may have grown or shrunk by hand."""
    with hosts.lock:
        for pool in _pools():
            pool.sync()


def _pools() -> list[Pool]:
    return [
        pool
        for regions in list(ecs_backends.values())
        for backend in list(regions.values())
        for cluster in list(backend.clusters.values())
        for pool in providers.pools_of(backend, cluster)
    ]


def _scale_in(pool: Pool, is_daemon_task: Callable[[Task], bool]) -> bool:
    with hosts.lock:
        pool.sync()
        active = [host for host in pool.hosts if host.status == "ACTIVE"]
        idle = [host for host in active if all(is_daemon_task(task) for task in host.running)]
        for host in idle[: max(0, len(active) - pool.least)]:
            host.status = "DRAINING"
        draining = [host for host in pool.hosts if host.status == "DRAINING"]
        for host in [host for host in draining if not host.running]:
            pool.end(host)
        return bool(draining)


def forget_gone_hosts(backend: Any, cluster: Any) -> None:
    """Of groups that have gone, with or without their provider."""
    groups = autoscaling_backends[backend.account_id][backend.region_name].autoscaling_groups
    running = {state.instance.id for group in list(groups.values()) for state in group.instance_states}
    with hosts.lock:
        for pool in providers.pools_of(backend, cluster):
            pool.sync()
        for host in [host for host in hosts.of_cluster(cluster.arn) if not host.provider and host.instance.id not in running]:
            hosts.remove(host)
