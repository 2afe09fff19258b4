"""AWS::ECS::*"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from localaws import runtime
from localaws.cloudformation.api_resource import ApiResource, Call, call, resource
from localaws.cloudformation.model import Made, Request, register
from localaws.cloudformation.state import StackResource
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
    controller = (properties.get("DeploymentController") or {}).get("Type", "ECS")
    if controller != "ECS":
        raise NotModelled(f"Deployment controller {controller} of {request.logical_id} is not modelled: only ECS is")
    if configuration := properties.get("DeploymentConfiguration"):
        # what a template no longer declares is over, while UpdateService keeps what it is not told of
        strategy = configuration.get("Strategy", "ROLLING")
        hooks = {} if strategy == "ROLLING" else {"LifecycleHooks": configuration.get("LifecycleHooks", [])}
        properties["DeploymentConfiguration"] = {**configuration, "Strategy": strategy, **hooks}
    if properties.get("SchedulingStrategy") == "DAEMON" and "DesiredCount" not in request.properties:
        properties.pop("DesiredCount", None)  # the default is for services that have a count of their own
    if properties.get("LaunchType") == "EXTERNAL":
        raise NotModelled(f"Launch type EXTERNAL of {request.logical_id} is not modelled by the local AWS")
    return properties


def _wait_until_steady(request: Request, made: Made) -> None:
    runtime.wait_for_service(request.account, request.region, made.physical_id)


class _CapacityProvider(ApiResource):
    """Its group, its cluster and the purchase option of managed instances are fixed: with others, it is another provider."""

    def can_update(self, request: Request, current: StackResource) -> bool:
        return _fixed(request.properties) == _fixed(current.properties) and super().can_update(request, current)

    def update(self, request: Request, current: StackResource) -> Made:
        return ApiResource.update(replace(self, prepare=_without_what_is_fixed), request, current)


def _fixed(properties: Properties) -> tuple[Any, Any]:
    group, managed = properties.get("AutoScalingGroupProvider") or {}, properties.get("ManagedInstancesProvider") or {}
    return group.get("AutoScalingGroupArn"), (managed.get("InstanceLaunchTemplate") or {}).get("CapacityOptionType")


def _without_what_is_fixed(_request: Request, properties: Properties) -> Properties:
    """The operation that updates a provider takes neither the group nor the purchase option."""
    if group := properties.get("AutoScalingGroupProvider"):
        properties["AutoScalingGroupProvider"] = {k: v for k, v in group.items() if k != "AutoScalingGroupArn"}
    if managed := properties.get("ManagedInstancesProvider"):
        template = {k: v for k, v in managed["InstanceLaunchTemplate"].items() if k != "CapacityOptionType"}
        properties["ManagedInstancesProvider"] = {**managed, "InstanceLaunchTemplate": template}
    return properties


register(
    _CapacityProvider(
        "AWS::ECS::CapacityProvider",
        service="ecs",
        create_operation="create_capacity_provider",
        identifier="answer.capacityProvider.name",
        attributes={"CapacityProviderArn": "answer.capacityProvider.capacityProviderArn"},
        name="Name",
        rename={"ClusterName": "cluster"},
        reads=call("describe_capacity_providers", capacityProviders=["$id"], include=["TAGS"]),
        found="capacityProviders.0",
        update_call=call("update_capacity_provider", name="$id", cluster="$properties.ClusterName"),
        in_place=("AutoScalingGroupProvider", "ManagedInstancesProvider"),
        tagging=_tagging("CapacityProviderArn"),
        delete_call=call("delete_capacity_provider", capacityProvider="$id"),
    )
)

_FORCE = "ForceNewDeployment"
_NONCE = ("EnableForceNewDeployment", "ForceNewDeploymentNonce")


class _Service(ApiResource):
    """A changed nonce forces a new deployment, in the same call that brings all other changes."""

    def create(self, request: Request) -> Made:
        _nonce(request.properties, request.logical_id)
        return super().create(request)

    def update(self, request: Request, current: StackResource) -> Made:
        after, before = _nonce(request.properties, request.logical_id), _nonce(current.properties, request.logical_id)
        if after is None or after == before or self.update_call is None:
            return super().update(request, current)
        forced = Call(self.update_call.operation, {**self.update_call.arguments, "forceNewDeployment": True})
        return ApiResource.update(replace(self, update_call=forced), request, current)


def _nonce(properties: Properties, owner: str) -> str | None:
    given = properties.get(_FORCE) or {}
    if unknown := sorted(set(given) - set(_NONCE)):
        raise NotModelled(f"Property {_FORCE}.{unknown[0]} of {owner} (AWS::ECS::Service) is not modelled by the local AWS")
    return given.get(_NONCE[1], "") if str(given.get(_NONCE[0])).lower() == "true" else None


register(
    _Service(
        "AWS::ECS::Service",
        service="ecs",
        create_operation="create_service",
        name="ServiceName",
        reads=call("describe_services", cluster="$properties.Cluster", services=["$id"], include=["TAGS"]),
        found="services.0",
        identifier="answer.service.serviceArn",
        attributes={"Name": "answer.service.serviceName", "ServiceArn": "answer.service.serviceArn"},
        defaults={"DesiredCount": 1},
        rename={"PlacementStrategies": "placementStrategy"},
        prepare=_refuse_what_no_task_can_honour,
        waits=_wait_until_steady,
        separate=(_FORCE,),
        update_call=call("update_service", cluster="$properties.Cluster", service="$id"),
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
            _FORCE: None,
            "DesiredCount": 1,
            "EnableExecuteCommand": False,
            "LoadBalancers": [],
            "PlacementConstraints": [],
            "PlacementStrategies": [],
            "ServiceConnectConfiguration": {"Enabled": False},
            "ServiceRegistries": [],
        },
        tagging=_tagging("ServiceArn"),
        delete_call=call("delete_service", cluster="$properties.Cluster", service="$id", force=True),
    )
)
