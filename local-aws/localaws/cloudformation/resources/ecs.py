"""AWS::ECS::*"""

from __future__ import annotations

from typing import Any

from localaws import runtime
from localaws.cloudformation.api_resource import call, resource
from localaws.cloudformation.model import Made, Request
from localaws.cloudformation.tagging import Tagging
from localaws.errors import NotModelled

Properties = dict[str, Any]

_CAPACITY = ("CapacityProviders", "DefaultCapacityProviderStrategy")


def _tagging(arn: str) -> Tagging:
    return Tagging(
        "tag_resource", "untag_resource", "resourceArn", "tags", "tagKeys", arn=arn, listed=True, pair=("key", "value")
    )


def _put_capacity(request: Request, made: Made) -> None:
    if any(name in request.properties for name in _CAPACITY):
        strategy = request.properties.get("DefaultCapacityProviderStrategy", [])
        request.client("ecs").put_cluster_capacity_providers(
            cluster=made.physical_id,
            capacityProviders=request.properties.get("CapacityProviders", []),
            defaultCapacityProviderStrategy=_strategy(strategy),
        )


def _strategy(items: list[Properties]) -> list[Properties]:
    names = {"CapacityProvider": "capacityProvider", "Weight": "weight", "Base": "base"}
    return [
        {names[key]: value if key == "CapacityProvider" else int(value) for key, value in item.items()} for item in items
    ]


resource(
    "AWS::ECS::Cluster",
    service="ecs",
    create="create_cluster",
    name="ClusterName",
    reads=call("describe_clusters", clusters=["$id"], include=["SETTINGS", "CONFIGURATIONS", "TAGS"]),
    found="clusters.0",
    identifier="answer.cluster.clusterName",
    attributes={"Arn": "answer.cluster.clusterArn"},
    rename={"ClusterSettings": "settings"},
    separate=_CAPACITY,
    after=_put_capacity,
    update=call("update_cluster", cluster="$id"),
    in_place=("ClusterSettings", "Configuration", "ServiceConnectDefaults"),
    resets={"Configuration": {"ExecuteCommandConfiguration": {"Logging": "DEFAULT"}}},
    tagging=_tagging("Arn"),
    delete=call("delete_cluster", cluster="$id"),
)

resource(
    "AWS::ECS::ClusterCapacityProviderAssociations",
    service="ecs",
    create="put_cluster_capacity_providers",
    identifier="given.cluster",
    update=call("put_cluster_capacity_providers", cluster="$id"),
    in_place=_CAPACITY,
    delete=call("put_cluster_capacity_providers", cluster="$id", capacityProviders=[], defaultCapacityProviderStrategy=[]),
)

resource(
    "AWS::ECS::TaskDefinition",
    service="ecs",
    create="register_task_definition",
    name="Family",
    revisions=True,
    reads=call("describe_task_definition", taskDefinition="$id"),
    found="taskDefinition",
    identifier="answer.taskDefinition.taskDefinitionArn",
    attributes={"TaskDefinitionArn": "answer.taskDefinition.taskDefinitionArn"},
    tagging=_tagging(""),
    delete=call("deregister_task_definition", taskDefinition="$id"),
)


def _refuse_what_no_task_can_honour(request: Request, properties: Properties) -> Properties:
    strategy = (properties.get("DeploymentConfiguration") or {}).get("Strategy", "ROLLING")
    controller = (properties.get("DeploymentController") or {}).get("Type", "ECS")
    for what, value, honoured in (
        ("Deployment strategy", strategy, "ROLLING"),
        ("Deployment controller", controller, "ECS"),
    ):
        if value != honoured:
            raise NotModelled(f"{what} {value} of {request.logical_id} is not modelled by the local AWS: only {honoured} is")
    if properties.get("LaunchType") == "EXTERNAL":
        raise NotModelled(f"Launch type EXTERNAL of {request.logical_id} is not modelled by the local AWS")
    return properties


def _wait_until_steady(request: Request, made: Made) -> None:
    runtime.wait_for_service(request.account, request.region, made.physical_id)


resource(
    "AWS::ECS::Service",
    service="ecs",
    create="create_service",
    name="ServiceName",
    reads=call("describe_services", cluster="$properties.Cluster", services=["$id"], include=["TAGS"]),
    found="services.0",
    identifier="answer.service.serviceArn",
    attributes={"Name": "answer.service.serviceName", "ServiceArn": "answer.service.serviceArn"},
    defaults={"DesiredCount": 1},
    rename={"PlacementStrategies": "placementStrategy"},
    prepare=_refuse_what_no_task_can_honour,
    waits=_wait_until_steady,
    update=call("update_service", cluster="$properties.Cluster", service="$id"),
    in_place=(
        "AvailabilityZoneRebalancing",
        "CapacityProviderStrategy",
        "DeploymentConfiguration",
        "DesiredCount",
        "EnableECSManagedTags",
        "EnableExecuteCommand",
        "HealthCheckGracePeriodSeconds",
        "LoadBalancers",
        "NetworkConfiguration",
        "PlacementConstraints",
        "PlacementStrategies",
        "PlatformVersion",
        "PropagateTags",
        "ServiceConnectConfiguration",
        "ServiceRegistries",
        "TaskDefinition",
    ),
    resets={
        "DesiredCount": 1,
        "EnableExecuteCommand": False,
        "LoadBalancers": [],
        "PlacementConstraints": [],
        "PlacementStrategies": [],
        "ServiceConnectConfiguration": {"Enabled": False},
        "ServiceRegistries": [],
    },
    tagging=_tagging("ServiceArn"),
    delete=call("delete_service", cluster="$properties.Cluster", service="$id", force=True),
)
