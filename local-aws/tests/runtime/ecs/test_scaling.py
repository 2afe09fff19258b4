"""Application Auto Scaling: policies and scheduled actions that are started by hand change the number of tasks."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from localaws import runtime
from localaws.ecs import scaling
from runtime.applications import WEB, Platform, account

DIMENSION = {"ServiceNamespace": "ecs", "ScalableDimension": "ecs:service:DesiredCount"}


@pytest.fixture
def service(platform: Platform) -> str:
    arn = platform.service(platform.task_definition(platform.container(WEB)), 2)
    target = {**DIMENSION, "ResourceId": resource(platform, arn), "MinCapacity": 1, "MaxCapacity": 4}
    platform.local.client("application-autoscaling").register_scalable_target(**target)
    return arn


def resource(platform: Platform, service: str) -> str:
    return f"service/{platform.name}/{service.rpartition('/')[2]}"


def start(platform: Platform, route: str, **body: Any) -> requests.Response:
    return requests.post(f"{platform.local.endpoint}/_local/scaling/{route}", json=body, timeout=10)


def test_a_service_below_its_bounds_is_brought_up_to_them(platform: Platform, service: str) -> None:
    scaling = platform.local.client("application-autoscaling")
    scaling.register_scalable_target(**DIMENSION, ResourceId=resource(platform, service), MinCapacity=3, MaxCapacity=4)
    runtime.wait_for_service(account(), "us-east-1", service)
    assert platform.describe(service)["runningCount"] == 3


def test_target_tracking_follows_the_metric_within_the_bounds(platform: Platform, service: str) -> None:
    configuration = {
        "TargetValue": 60.0,
        "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"},
    }
    platform.local.client("application-autoscaling").put_scaling_policy(
        PolicyName=f"{platform.name}-cpu",
        PolicyType="TargetTrackingScaling",
        ResourceId=resource(platform, service),
        TargetTrackingScalingPolicyConfiguration=configuration,
        **DIMENSION,
    )
    assert start(platform, "policy", policyName=f"{platform.name}-cpu", metric=75).json()["to"] == 3
    runtime.wait_for_service(account(), "us-east-1", service)
    assert platform.describe(service)["runningCount"] == 3
    assert start(platform, "policy", policyName=f"{platform.name}-cpu", metric=600).json()["to"] == 4


def test_a_scheduled_action_moves_the_bounds(platform: Platform, service: str) -> None:
    client = platform.local.client("application-autoscaling")
    client.put_scheduled_action(
        ScheduledActionName=f"{platform.name}-night",
        Schedule="cron(0 20 * * ? *)",
        ResourceId=resource(platform, service),
        ScalableTargetAction={"MinCapacity": 0, "MaxCapacity": 0},
        **DIMENSION,
    )
    assert start(platform, "scheduled-action", scheduledActionName=f"{platform.name}-night").json() == {
        "resourceId": resource(platform, service),
        "from": 2,
        "to": 0,
    }
    runtime.wait_for_service(account(), "us-east-1", service)
    targets = client.describe_scalable_targets(ServiceNamespace="ecs", ResourceIds=[resource(platform, service)])[
        "ScalableTargets"
    ]
    assert (targets[0]["MinCapacity"], targets[0]["MaxCapacity"]) == (0, 0)


def test_a_policy_that_is_unknown_is_an_error(platform: Platform) -> None:
    answer = start(platform, "policy", policyName="nobody", metric=1)
    assert answer.status_code == 400
    assert "there are 0 scaling policies named nobody" in answer.json()["error"]


STEPS = [
    (
        "ChangeInCapacity",
        [
            {"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 10, "ScalingAdjustment": 1},
            {"MetricIntervalLowerBound": 10, "ScalingAdjustment": 3},
        ],
        5,
        3,
    ),
    (
        "ChangeInCapacity",
        [
            {"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 10, "ScalingAdjustment": 1},
            {"MetricIntervalLowerBound": 10, "ScalingAdjustment": 3},
        ],
        10,
        5,
    ),
    ("ChangeInCapacity", [{"MetricIntervalUpperBound": 0, "ScalingAdjustment": -1}], -3, 1),
    ("ExactCapacity", [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 7}], 0, 7),
    ("PercentChangeInCapacity", [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 10}], 0, 3),
    ("PercentChangeInCapacity", [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 150}], 0, 5),
]


@pytest.mark.parametrize(("kind", "steps", "breach", "expected"), STEPS)
def test_steps(kind: str, steps: list[dict[str, Any]], breach: float, expected: int) -> None:
    assert scaling.stepped(2, breach, {"AdjustmentType": kind, "StepAdjustments": steps}) == expected


def test_scale_in_can_be_disabled() -> None:
    assert scaling.tracked(4, 10, {"TargetValue": 50}) == 1
    assert scaling.tracked(4, 10, {"TargetValue": 50, "DisableScaleIn": True}) == 4
