"""AWS::AutoScaling::AutoScalingGroup"""

from __future__ import annotations

from typing import Any

from localaws.cloudformation.api_resource import ApiResource, call
from localaws.cloudformation.model import Made, Request, ResourceFailed, register
from localaws.cloudformation.properties import as_boolean
from localaws.cloudformation.state import StackResource
from localaws.errors import NotModelled

Properties = dict[str, Any]


_KEPT = (
    "AutoScalingGroupName",
    "AvailabilityZones",
    "CapacityRebalance",
    "Cooldown",
    "DesiredCapacity",
    "HealthCheckGracePeriod",
    "HealthCheckType",
    "LaunchTemplate",
    "MaxInstanceLifetime",
    "MaxSize",
    "MinSize",
    "MixedInstancesPolicy",
    "NewInstancesProtectedFromScaleIn",
    "Tags",
    "TerminationPolicies",
    "VPCZoneIdentifier",
)
"""The operation takes more, lifecycle hooks for instance, and moto drops it without a word."""


def _group(request: Request, properties: Properties) -> Properties:
    if unknown := sorted(set(properties) - set(_KEPT)):
        raise NotModelled(f"Property {unknown[0]} of {request.logical_id} ({request.type}) is not modelled by the local AWS")
    subnets = properties.get("VPCZoneIdentifier")
    if isinstance(subnets, list):
        properties["VPCZoneIdentifier"] = ",".join(subnets)
    return properties


def _described(request: Request, name: str) -> Properties:
    answer = request.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])
    return answer["AutoScalingGroups"][0]


def _arn_and_tags(request: Request, made: Made) -> None:
    group = _described(request, made.physical_id)
    made.attributes["AutoScalingGroupARN"] = group["AutoScalingGroupARN"]
    client, owner = request.client("autoscaling"), {"ResourceId": made.physical_id, "ResourceType": "auto-scaling-group"}
    wanted = request.properties.get("Tags", [])
    gone = {tag["Key"] for tag in group["Tags"]} - {tag["Key"] for tag in wanted}
    if gone:
        client.delete_tags(Tags=[{**owner, "Key": key} for key in sorted(gone)])
    if wanted:
        tags = [{**owner, **tag, "PropagateAtLaunch": as_boolean(tag["PropagateAtLaunch"])} for tag in wanted]
        client.create_or_update_tags(Tags=tags)


class _AutoScalingGroup(ApiResource):
    """CloudFormation deletes a group by making it empty first, which instances protected from scale-in never let happen."""

    def delete(self, request: Request, current: StackResource) -> None:
        group = _described(request, current.physical_id)
        protected = [item["InstanceId"] for item in group["Instances"] if item.get("ProtectedFromScaleIn")]
        if protected:
            raise ResourceFailed(
                f"The Auto Scaling group {current.physical_id} cannot be deleted: its instance {protected[0]} is protected "
                "from scale-in, and nobody takes the protection back; switch managed termination protection off"
            )
        super().delete(request, current)


register(
    _AutoScalingGroup(
        "AWS::AutoScaling::AutoScalingGroup",
        "autoscaling",
        "create_auto_scaling_group",
        "given.AutoScalingGroupName",
        name="AutoScalingGroupName",
        rename={"Cooldown": "DefaultCooldown"},
        reads=call("describe_auto_scaling_groups", AutoScalingGroupNames=["$id"]),
        found="AutoScalingGroups.0",
        prepare=_group,
        after=_arn_and_tags,
        update_call=call("update_auto_scaling_group", AutoScalingGroupName="$id"),
        in_place=(
            "CapacityRebalance",
            "DesiredCapacity",
            "HealthCheckGracePeriod",
            "HealthCheckType",
            "MaxInstanceLifetime",
            "MaxSize",
            "MinSize",
            "MixedInstancesPolicy",
            "NewInstancesProtectedFromScaleIn",
            "VPCZoneIdentifier",
        ),
        in_place_after=("Tags",),
        resets={
            "CapacityRebalance": False,
            "MaxInstanceLifetime": 0,
            "NewInstancesProtectedFromScaleIn": False,
            "Tags": [],
        },
        delete_call=call("delete_auto_scaling_group", AutoScalingGroupName="$id", ForceDelete=True),
    )
)
