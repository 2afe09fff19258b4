"""What CreateService, UpdateService and DeleteService bring about, once moto has recorded the call."""

from __future__ import annotations

from typing import Any

from localaws.ecs import capacity, checks, controller, placement, readback, weights
from localaws.ecs.deployment import Deployment, revision_of
from localaws.ecs.scheduler import ServiceScheduler
from localaws.ecs.servicetask import ServiceTask
from localaws.ecs.task import Task, TaskRequest
from localaws.serviceconnect import configuration, namespaces, registries
from localaws.serviceconnect.configuration import Endpoint, ServiceConnect

DELETION_SECONDS = 30.0


def check(backend: Any, cluster: Any, service_arn: str, declared: dict[str, Any]) -> None:
    """Everything that can be refused is refused before anything is recorded or started."""
    checks.check_service(declared)
    task_definition = backend.describe_task_definition(declared["taskDefinition"])
    checks.check_capacity(backend, cluster, declared, task_definition)
    checks.check_revision(declared, task_definition, backend.account_id, backend.region_name)
    namespaces.check(backend.region_name, service_arn, _connect(backend, cluster, declared))
    _registered(backend, declared)


def create(backend: Any, cluster: Any, service: Any, declared: dict[str, Any]) -> None:
    scheduler = ServiceScheduler(
        backend.account_id, backend.region_name, service.arn, service.name, declared, _starter(backend, cluster, service)
    )
    _deploy(backend, cluster, scheduler, force=False)
    readback.publish(scheduler)
    controller.add(scheduler)
    controller.wake()


def update(backend: Any, cluster: Any, scheduler: ServiceScheduler, declared: dict[str, Any], force: bool) -> None:
    with scheduler.changed:
        scheduler.declared = declared
        _deploy(backend, cluster, scheduler, force)
        readback.publish(scheduler)
    controller.wake()


def delete(scheduler: ServiceScheduler) -> None:
    """Stop the tasks and wait for their end: the caller goes on to delete subnets and target groups that they use."""
    namespaces.withdraw(scheduler.region, scheduler.arn)
    registries.withdraw(scheduler.arn)
    scheduler.delete()
    controller.wake()
    controller.wait_until_gone(scheduler, DELETION_SECONDS)
    readback.publish(scheduler)


def _deploy(backend: Any, cluster: Any, scheduler: ServiceScheduler, force: bool) -> None:
    connect = _connect(backend, cluster, scheduler.declared)
    namespaces.publish(scheduler.region, scheduler.arn, connect, scheduler.choose_task)
    registries.publish(scheduler.arn, _registered(backend, scheduler.declared), scheduler.choose_task)
    names = namespaces.names(scheduler.region, connect.namespace) if connect else None
    scheduler.deploy(revision_of(scheduler.declared), names, force)


def _connect(backend: Any, cluster: Any, declared: dict[str, Any]) -> ServiceConnect | None:
    definitions = backend.describe_task_definition(declared["taskDefinition"]).container_definitions
    default = (cluster.service_connect_defaults or {}).get("namespace")
    return configuration.read(
        declared.get("serviceConnectConfiguration"), default, definitions, backend.account_id, backend.region_name
    )


def _registered(backend: Any, declared: dict[str, Any]) -> list[Endpoint]:
    definitions = backend.describe_task_definition(declared["taskDefinition"]).container_definitions
    return registries.read(declared.get("serviceRegistries") or [], definitions, backend.account_id, backend.region_name)


def _starter(backend: Any, cluster: Any, service: Any) -> Any:
    def start(scheduler: ServiceScheduler, deployment: Deployment) -> ServiceTask:
        revision = deployment.revision
        strategy = revision.get("capacityProviderStrategy")
        provider = (
            capacity.choose(strategy, [t.task.request.capacity_provider for t in deployment.active]) if strategy else None
        )
        task_definition = backend.describe_task_definition(revision["taskDefinition"])
        host = placement.of_service(backend, cluster, scheduler, provider, revision.get("launchType"), task_definition)
        request = TaskRequest(
            account=backend.account_id,
            region=backend.region_name,
            cluster_arn=cluster.arn,
            task_definition=task_definition,
            group=f"service:{service.name}",
            started_by=deployment.id,
            launch_type=capacity.launch_type_of(provider) if provider else revision.get("launchType"),
            capacity_provider=provider,
            platform_version=revision.get("platformVersion"),
            network_configuration=revision.get("networkConfiguration"),
            tags=_propagated_tags(revision.get("propagateTags"), service, task_definition),
            enable_execute_command=bool(revision.get("enableExecuteCommand")),
            names=deployment.names,
            host=host,
        )
        task = Task(request, controller.wake)
        if host is not None:
            host.tasks.append(task)
        backend.tasks.setdefault(cluster.name, {})[task.task_arn] = task
        task.start()
        return ServiceTask(task, weights.load_balancers(revision, deployment.color), controller.wake)

    return start


def _propagated_tags(propagate: str | None, service: Any, task_definition: Any) -> list[dict[str, str]]:
    source = {"SERVICE": service, "TASK_DEFINITION": task_definition}.get(propagate or "NONE")
    return list(source.tags or []) if source else []
