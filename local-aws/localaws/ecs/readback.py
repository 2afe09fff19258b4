"""What DescribeServices and DescribeClusters read: moto's own objects, kept equal to what is really there."""

from __future__ import annotations

from typing import Any

from moto.core.utils import camelcase_to_underscores
from moto.ecs.models import ecs_backends

from localaws.ecs import capacity
from localaws.ecs.scheduler import ServiceScheduler

_DECLARED = (
    "taskDefinition",
    "desiredCount",
    "launchType",
    "capacityProviderStrategy",
    "platformVersion",
    "networkConfiguration",
    "loadBalancers",
    "serviceRegistries",
    "deploymentConfiguration",
    "healthCheckGracePeriodSeconds",
    "enableExecuteCommand",
    "enableECSManagedTags",
    "propagateTags",
    "availabilityZoneRebalancing",
    "placementConstraints",
    "placementStrategy",
    "schedulingStrategy",
    "deploymentController",
)


def publish(scheduler: ServiceScheduler) -> None:
    backend = ecs_backends[scheduler.account][scheduler.region]
    service: Any = next((service for service in backend.services.values() if service.arn == scheduler.arn), None)
    if service is None:
        return
    for key in _DECLARED:
        setattr(service, camelcase_to_underscores(key), scheduler.declared.get(key))
    service.desired_count = scheduler.desired
    tasks = scheduler.tasks
    service.running_count = sum(task.running for task in tasks)
    service.pending_count = sum(task.pending for task in tasks)
    service.status = _status(scheduler)
    service.platform_family = _platform_family(scheduler.declared)
    service.deployments = [] if scheduler.deleted else _deployments(scheduler)
    service.events = list(scheduler.events.listed)
    publish_cluster(backend, service.cluster_name)


def publish_cluster(backend: Any, cluster_name: str) -> None:
    cluster = backend.clusters.get(cluster_name)
    if cluster is None:
        return
    statuses = [task.last_status for task in list(backend.tasks.get(cluster_name, {}).values())]
    cluster.running_tasks_count = statuses.count("RUNNING")
    cluster.pending_tasks_count = sum(status in ("PROVISIONING", "PENDING") for status in statuses)
    cluster.active_services_count = sum(
        s.cluster_name == cluster_name and s.status == "ACTIVE" for s in list(backend.services.values())
    )


def _status(scheduler: ServiceScheduler) -> str:
    if not scheduler.deleted:
        return "ACTIVE"
    return "INACTIVE" if scheduler.gone else "DRAINING"


def _deployments(scheduler: ServiceScheduler) -> list[dict[str, Any]]:
    family = _platform_family(scheduler.declared)
    described = []
    for index, deployment in enumerate(scheduler.deployments):
        desired = scheduler.desired if index == 0 else len(deployment.active)
        described.append(deployment.describe("ACTIVE" if index else "PRIMARY", desired, family))
    return described


def _platform_family(declared: dict[str, Any]) -> str:
    strategy = declared.get("capacityProviderStrategy")
    launch_type = capacity.launch_type_of(strategy[0]["capacityProvider"]) if strategy else declared.get("launchType")
    return "Linux" if launch_type == "FARGATE" else "EC2"
