"""What could not be honoured is refused with a sentence, at the call that asks for it."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from runtime.applications import SLEEP, Platform

BREAKER = {"enable": True, "rollback": True}
REFUSED = [
    ({"deploymentConfiguration": {"strategy": "PURPLE"}}, "PURPLE is not one of ROLLING, BLUE_GREEN, CANARY, LINEAR"),
    ({"deploymentConfiguration": {"strategy": "CANARY"}}, "CANARY is modelled by the local AWS only with load balancers"),
    (
        {"deploymentConfiguration": {"deploymentCircuitBreaker": {**BREAKER, "resetOnHealthyTask": True}}},
        "'resetOnHealthyTask' of the deployment circuit breaker is not modelled",
    ),
    (
        {
            "deploymentConfiguration": {
                "deploymentCircuitBreaker": {**BREAKER, "thresholdConfiguration": {"type": "PERCENT", "value": 50}}
            }
        },
        "the threshold type PERCENT of the deployment circuit breaker is not modelled, only COUNT",
    ),
    ({"deploymentController": {"type": "CODE_DEPLOY"}}, "the deployment controller CODE_DEPLOY is not modelled"),
    ({"deploymentController": {"type": "EXTERNAL"}}, "the deployment controller EXTERNAL is not modelled"),
    ({"launchType": "EXTERNAL"}, "the launch type EXTERNAL is not modelled"),
    ({"schedulingStrategy": "DAEMON"}, "does not support a desired count"),
    (
        {"placementConstraints": [{"type": "distinctInstance"}]},
        "the placement constraint distinctInstance  is not modelled",
    ),
    (
        {"serviceRegistries": [{"registryArn": "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-1"}]},
        "The service registry .*srv-1 does not exist",
    ),
    (
        {
            "deploymentConfiguration": {
                "lifecycleHooks": [
                    {
                        "hookTargetArn": "arn:aws:lambda:us-east-1:123456789012:function:f",
                        "lifecycleStages": ["PRE_SCALE_UP"],
                    }
                ]
            }
        },
        "'lifecycleHooks' of a rolling deployment is not modelled",
    ),
]


@pytest.mark.parametrize(("declared", "sentence"), REFUSED, ids=[sentence for _, sentence in REFUSED])
def test_create_service_refuses(platform: Platform, declared: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ClientError, match=sentence):
        platform.service(platform.task_definition(platform.container(SLEEP)), **declared)
    assert platform.ecs.list_services(cluster=platform.name)["serviceArns"] == []


def test_update_service_refuses_and_leaves_the_service_as_it_was(platform: Platform) -> None:
    service = platform.service(platform.task_definition(platform.container(SLEEP)), 0)
    with pytest.raises(ClientError, match="LINEAR is modelled by the local AWS only with load balancers"):
        platform.update(service, deploymentConfiguration={"strategy": "LINEAR"}, desiredCount=1)
    assert platform.describe(service)["desiredCount"] == 0


def test_a_load_balancer_on_a_port_that_no_container_has(platform: Platform) -> None:
    group = platform.target_group()
    definition = platform.task_definition(platform.container(SLEEP))
    with pytest.raises(ClientError, match="The container web did not have a container port 9999 defined"):
        platform.service(definition, **platform.behind(group, port=9999))


def test_a_volume_that_is_not_there(platform: Platform) -> None:
    volume = {"name": "shared", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}}
    definition = platform.ecs.register_task_definition(
        family="efs", containerDefinitions=[platform.container(SLEEP, memory=64)], volumes=[volume]
    )
    with pytest.raises(ClientError, match="volume shared with efsVolumeConfiguration is not modelled"):
        platform.ecs.run_task(cluster=platform.name, taskDefinition=definition["taskDefinition"]["taskDefinitionArn"])


def test_start_task(platform: Platform) -> None:
    definition = platform.task_definition(platform.container(SLEEP))
    with pytest.raises(ClientError, match="StartTask is not modelled"):
        platform.ecs.start_task(cluster=platform.name, taskDefinition=definition, containerInstances=["i"])


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"overrides": {"containerOverrides": [{"name": "nobody"}]}}, "container named nobody is not a container"),
        (
            {"overrides": {"containerOverrides": [{"name": "web", "environmentFiles": [{"value": "arn:x", "type": "s3"}]}]}},
            "environmentFiles and resourceRequirements of an override of container web are not modelled",
        ),
        ({"volumeConfigurations": [{"name": "data"}]}, "volumeConfigurations"),
    ],
)
def test_run_task_refuses(platform: Platform, asked: dict[str, Any], sentence: str) -> None:
    definition = platform.task_definition(platform.container(SLEEP))
    with pytest.raises(ClientError, match=sentence):
        platform.ecs.run_task(
            cluster=platform.name,
            taskDefinition=definition,
            launchType="FARGATE",
            networkConfiguration=platform.network,
            **asked,
        )
