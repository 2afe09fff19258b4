"""AWS::AutoScaling::AutoScalingGroup"""

from __future__ import annotations

from typing import Any

from localaws.cloudformation.api_resource import ApiResource, call
from localaws.cloudformation.model import Made, Request, ResourceFailed, register
from localaws.cloudformation.state import StackResource

Properties = dict[str, Any]


def _group(request: Request, properties: Properties) -> Properties:
    subnets = properties.get("VPCZoneIdentifier")
    if isinstance(subnets, list):
        properties["VPCZoneIdentifier"] = ",".join(subnets)
    return properties


def _described(request: Request, name: str) -> Properties:
    answer = request.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])
    return answer["AutoScalingGroups"][0]


def _arn(request: Request, made: Made) -> None:
    made.attributes["AutoScalingGroupARN"] = _described(request, made.physical_id)["AutoScalingGroupARN"]


class _AutoScalingGroup(ApiResource):
    """CloudFormation deletes a group by making it empty first, which instances protected from scale-in never let happen."""

    def _retag(self, request: Request, current: StackResource, made: Made) -> None:
        client, owner = request.client("autoscaling"), {"ResourceId": made.physical_id, "ResourceType": "auto-scaling-group"}
        before, after = current.properties.get("Tags", []), request.properties.get("Tags", [])
        kept = {tag["Key"] for tag in after}
        gone = [{**owner, "Key": tag["Key"]} for tag in before if tag["Key"] not in kept]
        if gone:
            client.delete_tags(Tags=gone)
        if after and after != before:
            launched = {tag["Key"]: str(tag["PropagateAtLaunch"]).lower() == "true" for tag in after}
            tags = [{**owner, "Key": t["Key"], "Value": t["Value"], "PropagateAtLaunch": launched[t["Key"]]} for t in after]
            client.create_or_update_tags(Tags=tags)

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
        after=_arn,
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
        resets={"CapacityRebalance": False, "MaxInstanceLifetime": 0, "NewInstancesProtectedFromScaleIn": False},
        tagging=None,
        delete_call=call("delete_auto_scaling_group", AutoScalingGroupName="$id", ForceDelete=True),
    )
)
