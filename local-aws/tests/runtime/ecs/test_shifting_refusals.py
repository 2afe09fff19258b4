"""What ECS refuses of deployments that shift requests, and what the local model could not honour."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from runtime.applications import Platform
from runtime.ecs.shifted import ROLE, Shifted, hook, pause

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:f"
BREAKER = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}
CONFIGURATIONS: list[tuple[dict[str, Any], str]] = [
    (BREAKER, "the deployment circuit breaker is not modelled by the local AWS with the strategy BLUE_GREEN"),
    ({"alarms": {"alarmNames": ["a"], "enable": True, "rollback": False}}, "alarms without 'rollback' are not modelled"),
    ({"earlySuccessCriteria": {"enable": True, "healthyPercent": 50}}, "early success criteria are not supported"),
    ({"bakeTimeInMinutes": 1441}, "'bakeTimeInMinutes' must be between 0 and 1440, and it is 1441"),
    ({"canaryConfiguration": {"canaryPercent": 5}}, "'canaryConfiguration' is only valid with .* CANARY"),
    ({"linearConfiguration": {"stepPercent": 5}}, "'linearConfiguration' is only valid with the deployment strategy LINEAR"),
    (
        {"strategy": "CANARY", "canaryConfiguration": {"canaryPercent": 0.01}},
        "'canaryPercent' must be between 0.1 and 100, and it is 0.01",
    ),
    (
        {"strategy": "LINEAR", "linearConfiguration": {"stepPercent": 2}},
        "'stepPercent' must be between 3 and 100, and it is 2",
    ),
    ({"lifecycleHooks": [hook(FUNCTION)]}, "A lifecycle hook must have stages of RECONCILE_SERVICE, .*, and not none"),
    ({"lifecycleHooks": [hook(FUNCTION, "LATER")]}, r"A lifecycle hook must have stages of .*, and not \['LATER'\]"),
    ({"lifecycleHooks": [{"lifecycleStages": ["PRE_SCALE_UP"]}]}, "must have 'hookTargetArn' and 'roleArn'"),
    (
        {"lifecycleHooks": [{**hook(FUNCTION, "PRE_SCALE_UP"), "timeoutConfiguration": {"timeoutInMinutes": 1}}]},
        "'timeoutConfiguration' of a lifecycle hook is modelled by the local AWS for PAUSE only",
    ),
    (
        {"lifecycleHooks": [{"targetType": "SNS", "lifecycleStages": ["PRE_SCALE_UP"]}]},
        "The target type SNS of a lifecycle hook is not one of AWS_LAMBDA, PAUSE",
    ),
    ({"lifecycleHooks": [pause("TEST_TRAFFIC_SHIFT")]}, "of type PAUSE cannot be at TEST_TRAFFIC_SHIFT"),
    ({"lifecycleHooks": [pause("PRE_SCALE_UP", 20161)]}, "'timeoutInMinutes' must be between 1 and 20160, and it is 20161"),
]


@pytest.fixture
def shifted(platform: Platform) -> Shifted:
    return Shifted(platform)


@pytest.mark.parametrize(("configuration", "sentence"), CONFIGURATIONS, ids=[sentence for _, sentence in CONFIGURATIONS])
def test_a_configuration_is_refused(shifted: Shifted, configuration: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ClientError, match=sentence):
        shifted.create(**configuration)
    assert shifted.ecs.list_services(cluster=shifted.platform.name)["serviceArns"] == []


def test_blue_green_needs_a_bake_time(shifted: Shifted) -> None:
    with pytest.raises(ClientError, match="'bakeTimeInMinutes' must be given with the deployment strategy BLUE_GREEN"):
        shifted.platform.service(
            shifted.version("1"),
            deploymentConfiguration={"strategy": "BLUE_GREEN"},
            loadBalancers=shifted.load_balancers,
        )


def test_what_the_load_balancer_must_have(shifted: Shifted) -> None:
    third = shifted.platform.target_group()
    (whole,) = shifted.load_balancers
    advanced = whole["advancedConfiguration"]
    blue_green = {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 0}
    foreign = shifted.live_rule.replace("/app/", "/app/other")
    for changed, sentence in (
        ({"productionListenerRule": foreign}, f"The listener rule {foreign} does not exist"),
        ({"testListenerRule": foreign}, f"The listener rule {foreign} does not exist"),
        ({"alternateTargetGroupArn": f"{third}0"}, "The target group .* does not exist"),
        ({"alternateTargetGroupArn": third}, "must forward to .* and to no other group"),
        ({"roleArn": ""}, "only with load balancers, each of which has"),
    ):
        entry = {**whole, "advancedConfiguration": {**advanced, **changed}}
        with pytest.raises(ClientError, match=sentence):
            shifted.platform.service(shifted.version("1"), deploymentConfiguration=blue_green, loadBalancers=[entry])
    with pytest.raises(ClientError, match="is not modelled by the local AWS with ROLLING"):
        shifted.platform.service(shifted.version("1"), loadBalancers=[whole])
    assert advanced["roleArn"] == ROLE


def test_what_the_api_of_service_deployments_refuses(shifted: Shifted) -> None:
    shifted.create(0)
    shifted.wait()
    arn = shifted.deployments()[0]["serviceDeploymentArn"]
    with pytest.raises(ClientError, match="the stop type ABORT of StopServiceDeployment is not modelled"):
        shifted.ecs.stop_service_deployment(serviceDeploymentArn=arn, stopType="ABORT")
    with pytest.raises(ClientError, match="was not found"):
        shifted.ecs.continue_service_deployment(serviceDeploymentArn=f"{arn}0", hookId="h")
    with pytest.raises(ClientError, match="are not modelled by the local AWS: all are listed"):
        shifted.ecs.list_service_deployments(cluster=shifted.platform.name, service=shifted.service, maxResults=1)
    revision = shifted.deployment(arn)["targetServiceRevision"]["arn"]
    read = shifted.ecs.describe_service_revisions(serviceRevisionArns=[revision, f"{revision}0"])
    assert read["serviceRevisions"][0]["taskDefinition"] == shifted.platform.describe(shifted.service)["taskDefinition"]
    assert read["serviceRevisions"][0]["loadBalancers"] == shifted.load_balancers
    assert read["failures"] == [{"arn": f"{revision}0", "reason": "MISSING"}]
    listed = shifted.ecs.list_service_deployments(cluster=shifted.platform.name, service=shifted.service, status=["STOPPED"])
    assert listed["serviceDeployments"] == []
