"""AWS::ApplicationAutoScaling::*"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from localaws.cloudformation.api_resource import Creation, call, resource
from localaws.cloudformation.model import Made, Request
from localaws.cloudformation.properties import Placement

Properties = dict[str, Any]

_TARGET = ("ServiceNamespace", "ResourceId", "ScalableDimension")


def _target_id(creation: Creation) -> str:
    given = creation.given
    return "|".join((given["ResourceId"], given["ScalableDimension"], given["ServiceNamespace"]))


def _put_scheduled_actions(request: Request, made: Made) -> None:
    """Scheduled actions are a list of the target in templates, but things of their own in the API."""
    client = request.client("application-autoscaling")
    target = {name: request.properties[name] for name in _TARGET}
    wanted = request.properties.get("ScheduledActions", [])
    known = client.describe_scheduled_actions(
        ServiceNamespace=target["ServiceNamespace"],
        ResourceId=target["ResourceId"],
        ScalableDimension=target["ScalableDimension"],
    )["ScheduledActions"]
    for action in known:
        if action["ScheduledActionName"] not in [item["ScheduledActionName"] for item in wanted]:
            client.delete_scheduled_action(ScheduledActionName=action["ScheduledActionName"], **target)
    placement = Placement(client, "put_scheduled_action", f"{request.logical_id} ({request.type})")
    for action in wanted:
        client.put_scheduled_action(**placement.place({**action, **target}))


def _delete_scheduled_actions(request: Request, made: Made) -> None:
    """AWS deletes them with their target."""
    _put_scheduled_actions(replace(request, properties={**request.properties, "ScheduledActions": []}), made)


resource(
    "AWS::ApplicationAutoScaling::ScalableTarget",
    service="application-autoscaling",
    create="register_scalable_target",
    reads=call(
        "describe_scalable_targets",
        ServiceNamespace="$properties.ServiceNamespace",
        ResourceIds=["$properties.ResourceId"],
        ScalableDimension="$properties.ScalableDimension",
    ),
    found="ScalableTargets.0",
    identifier=_target_id,
    attributes={"Id": _target_id},
    separate=("ScheduledActions",),
    after=_put_scheduled_actions,
    update=call("register_scalable_target", **{name: f"$properties.{name}" for name in _TARGET}),
    in_place=("MaxCapacity", "MinCapacity", "RoleARN", "SuspendedState"),
    resets={"ScheduledActions": []},
    before_delete=_delete_scheduled_actions,
    delete=call("deregister_scalable_target", **{name: f"$properties.{name}" for name in _TARGET}),
)


def _by_target_id(_request: Request, properties: Properties) -> Properties:
    """`ScalingTargetId` is CloudFormation's short form of three properties."""
    target = properties.pop("ScalingTargetId", None)
    if target:
        resource_id, dimension, namespace = target.split("|")
        properties.update(ResourceId=resource_id, ScalableDimension=dimension, ServiceNamespace=namespace)
    return properties


resource(
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    service="application-autoscaling",
    create="put_scaling_policy",
    name="PolicyName",
    reads=call(
        "describe_scaling_policies",
        PolicyNames=["$attributes.PolicyName"],
        **{name: f"$attributes.{name}" for name in _TARGET},
    ),
    found="ScalingPolicies.0",
    identifier="answer.PolicyARN",
    attributes={"Arn": "answer.PolicyARN", "PolicyName": "given.PolicyName", **{name: f"given.{name}" for name in _TARGET}},
    prepare=_by_target_id,
    update=call(
        "put_scaling_policy", PolicyName="$attributes.PolicyName", **{name: f"$attributes.{name}" for name in _TARGET}
    ),
    in_place=("PolicyType", "StepScalingPolicyConfiguration", "TargetTrackingScalingPolicyConfiguration"),
    delete=call(
        "delete_scaling_policy", PolicyName="$attributes.PolicyName", **{name: f"$attributes.{name}" for name in _TARGET}
    ),
)
