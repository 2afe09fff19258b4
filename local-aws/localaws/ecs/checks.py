"""What CreateService, UpdateService and RunTask refuse, because the local model could not honour it."""

from __future__ import annotations

from typing import Any

from moto.elbv2 import elbv2_backends

from localaws.ecs import assembly, deploymentchecks, hosts, providers
from localaws.errors import LocalAwsError, NotModelled

_NOT_MODELLED = {
    "volumeConfigurations": "volume configurations of a service",
    "vpcLatticeConfigurations": "VPC Lattice configurations of a service",
    "gatewayConnectors": "gateway connectors of a service",
}
_LAUNCH_TYPES = ("FARGATE", "EC2")


def check_service(declared: dict[str, Any]) -> None:
    """By the whole of what the service declares, after an update has been merged into it."""
    for key, what in _NOT_MODELLED.items():
        if declared.get(key):
            raise NotModelled(f"{what} ({key}) are not modelled by the local AWS")
    check_launch_type(declared.get("launchType"))
    controller = (declared.get("deploymentController") or {}).get("type", "ECS")
    if controller != "ECS":
        raise NotModelled(f"the deployment controller {controller} is not modelled by the local AWS, only ECS")
    hosts.check_constraints(declared.get("placementConstraints") or [])
    if declared.get("schedulingStrategy") == "DAEMON":
        _check_declared_daemon(declared)
    deploymentchecks.check(declared)


def check_daemon(parameters: dict[str, Any]) -> None:
    """What ECS refuses in a call for a service that runs one task on each instance, in its own words."""
    if parameters.get("capacityProviderStrategy"):
        raise LocalAwsError(
            "Specifying a capacity provider strategy is not supported when you create a service using the DAEMON "
            "scheduling strategy."
        )
    if parameters.get("desiredCount") is not None:
        raise LocalAwsError(
            "The daemon scheduling strategy does not support a desired count for services. "
            "Remove the desired count value and try again"
        )
    if parameters.get("placementStrategy"):
        raise LocalAwsError(
            "The daemon scheduling strategy does not support placement strategies. "
            "Remove the placement strategy and try again"
        )


def _check_declared_daemon(declared: dict[str, Any]) -> None:
    if declared.get("capacityProviderStrategy"):  # the default of the cluster, where no launch type is given
        check_daemon(declared)
    if declared.get("launchType") != "EC2":
        raise LocalAwsError("The launch type FARGATE does not support the DAEMON scheduling strategy.")
    if int(declared["deploymentConfiguration"]["maximumPercent"]) > 100:
        raise LocalAwsError(
            "The daemon scheduling strategy does not support values above 100 for maximumPercent on a deployment "
            "configuration. Change the maximumPercent value to 100, and try again"
        )
    if declared.get("availabilityZoneRebalancing") == "ENABLED":
        raise LocalAwsError("The daemon scheduling strategy does not support Availability Zone rebalancing.")


def check_capacity(backend: Any, cluster: Any, declared: dict[str, Any], task_definition: Any) -> None:
    """The strategy, or the launch type, against the cluster and against what the task definition is made for."""
    kind = providers.check_strategy(backend, cluster, declared.get("capacityProviderStrategy") or [])
    kind = kind or declared.get("launchType") or "EC2"
    made_for = task_definition.requires_compatibilities or ["EC2"]
    if kind not in made_for:
        raise LocalAwsError(
            f"The task definition {task_definition.arn} requires {', '.join(made_for)}: "
            f"it cannot run on capacity of the kind {kind}."
        )
    vpc = (declared.get("networkConfiguration") or {}).get("awsvpcConfiguration") or {}
    if kind != "FARGATE" and vpc.get("assignPublicIp") == "ENABLED":
        raise LocalAwsError("Assign public IP is not supported for this launch type.")


def check_launch_type(launch_type: str | None) -> None:
    if launch_type not in (None, *_LAUNCH_TYPES):
        raise NotModelled(
            f"the launch type {launch_type} is not modelled by the local AWS, only {' and '.join(_LAUNCH_TYPES)}"
        )


def check_revision(declared: dict[str, Any], task_definition: Any, account: str, region: str) -> None:
    """By the task definition that the service is to run: its images, containers and target groups must be there."""
    if declared.get("desiredCount"):
        assembly.check(task_definition)
    for entry in declared.get("loadBalancers") or []:
        _check_load_balancer(entry, task_definition, account, region)
    check_network(declared, task_definition)


def check_network(declared: dict[str, Any], task_definition: Any) -> None:
    if task_definition.network_mode == "awsvpc" and not declared.get("networkConfiguration"):
        raise LocalAwsError("Network Configuration must be provided when networkMode 'awsvpc' is specified.")


def check_task(parameters: dict[str, Any], task_definition: Any) -> None:
    """What RunTask asks for beyond the task definition."""
    if parameters.get("volumeConfigurations"):
        raise NotModelled("volume configurations of a task (volumeConfigurations) are not modelled by the local AWS")
    names = [container["name"] for container in task_definition.container_definitions]
    for override in (parameters.get("overrides") or {}).get("containerOverrides") or []:
        if override.get("name") not in names:
            raise LocalAwsError(
                f"Override for container named {override.get('name')} is not a container in the TaskDefinition."
            )
        if override.get("environmentFiles") or override.get("resourceRequirements"):
            raise NotModelled(
                f"environmentFiles and resourceRequirements of an override of container {override['name']} "
                "are not modelled by the local AWS"
            )


def _check_load_balancer(entry: dict[str, Any], task_definition: Any, account: str, region: str) -> None:
    if entry.get("loadBalancerName"):
        raise NotModelled("Classic Load Balancers (loadBalancerName) are not modelled by the local AWS")
    arn, name, port = entry["targetGroupArn"], entry["containerName"], int(entry["containerPort"])
    if arn not in elbv2_backends[account][region].target_groups:
        raise LocalAwsError(f"The target group {arn} does not exist.")
    ports = {
        c["name"]: [int(m["containerPort"]) for m in c.get("portMappings") or []]
        for c in task_definition.container_definitions
    }
    if port not in ports.get(name, []):
        raise LocalAwsError(f"The container {name} did not have a container port {port} defined.")
    deploymentchecks.check_rules(entry, account, region)
