"""The events of ECS reach the rules of the default event bus."""

from __future__ import annotations

import json
from typing import Any

import pytest
from localaws import runtime
from localaws.errors import DeploymentFailed
from runtime.applications import CRASH, WEB, Platform, account
from runtime.waiting import eventually


def queue_of(platform: Platform, pattern: dict[str, Any]) -> str:
    """A queue that receives what a rule on the default bus matches."""
    events, sqs = platform.local.client("events"), platform.local.client("sqs")
    url = sqs.create_queue(QueueName=platform.name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name=platform.name, EventPattern=json.dumps({"source": ["aws.ecs"], **pattern}))
    events.put_targets(Rule=platform.name, Targets=[{"Id": "queue", "Arn": arn}])
    return url


def received(platform: Platform, url: str) -> list[dict[str, Any]]:
    messages = (
        platform.local.client("sqs")
        .receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
        .get("Messages", [])
    )
    return [json.loads(message["Body"]) for message in messages]


def test_a_task_tells_its_states(platform: Platform) -> None:
    cluster = platform.ecs.describe_clusters(clusters=[platform.name])["clusters"][0]["clusterArn"]
    url = queue_of(
        platform, {"detail-type": ["ECS Task State Change"], "detail": {"clusterArn": [cluster], "lastStatus": ["STOPPED"]}}
    )
    definition = platform.task_definition(platform.container(CRASH, "job", None))
    answer = platform.ecs.run_task(
        cluster=platform.name, taskDefinition=definition, launchType="FARGATE", networkConfiguration=platform.network
    )
    eventually(lambda: received(platform, url), "the event has arrived")
    event = received(platform, url)[0]
    assert event["resources"] == [answer["tasks"][0]["taskArn"]]
    assert event["detail"]["stopCode"] == "EssentialContainerExited"
    assert event["detail"]["containers"][0]["exitCode"] == 3


def test_a_deployment_tells_that_it_failed(platform: Platform) -> None:
    url = queue_of(
        platform, {"detail-type": ["ECS Deployment State Change"], "detail": {"eventName": ["SERVICE_DEPLOYMENT_FAILED"]}}
    )
    breaker = {"deploymentCircuitBreaker": {"enable": True, "rollback": False}}
    good = platform.service(platform.task_definition(platform.container(WEB)))
    bad = platform.service(platform.task_definition(platform.container(CRASH)), deploymentConfiguration=breaker)
    runtime.wait_for_service(account(), "us-east-1", good)
    with pytest.raises(DeploymentFailed):
        runtime.wait_for_service(account(), "us-east-1", bad)
    eventually(lambda: received(platform, url), "the event has arrived")
    assert [event["resources"] for event in received(platform, url)] == [[bad]]
