"""Tasks of Step Functions: `ecs:runTask.sync` waits for the task, fails with it, and takes it along when it is stopped."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from runtime.applications import CRASH, SLEEP, Platform
from runtime.waiting import eventually

DONE = "process.exit(0);"


def state(platform: Platform, *containers: dict[str, Any], **more: Any) -> dict[str, Any]:
    network = {"Subnets": platform.subnets, "AssignPublicIp": "DISABLED"}
    parameters = {
        "Cluster": platform.name,
        "TaskDefinition": platform.task_definition(*containers),
        "CapacityProviderStrategy": [{"CapacityProvider": "FARGATE", "Weight": 1}],
        "NetworkConfiguration": {"AwsvpcConfiguration": network},
        "Group": "mine",
    }
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::ecs:runTask.sync",
        "Parameters": parameters,
        "End": True,
        **more,
    }


@pytest.fixture
def start(platform: Platform):
    platform.ecs.put_cluster_capacity_providers(
        cluster=platform.name, capacityProviders=["FARGATE"], defaultCapacityProviderStrategy=[]
    )

    def run(first: dict[str, Any], **others: Any) -> str:
        sfn, name = platform.local.client("stepfunctions"), f"m{uuid.uuid4().hex[:10]}"
        role = platform.local.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        definition = json.dumps({"StartAt": "First", "States": {"First": first, **others}})
        machine = sfn.create_state_machine(name=name, definition=definition, roleArn=role)["stateMachineArn"]
        return sfn.start_execution(stateMachineArn=machine, name=name, input="{}")["executionArn"]

    return run


def ended(platform: Platform, execution: str) -> dict[str, Any]:
    describe = platform.local.client("stepfunctions").describe_execution
    eventually(lambda: describe(executionArn=execution)["status"] != "RUNNING", "the execution ends")
    return describe(executionArn=execution)


def tasks(platform: Platform, status: str) -> list[str]:
    return platform.ecs.list_tasks(cluster=platform.name, desiredStatus=status)["taskArns"]


def test_the_output_is_the_task(platform: Platform, start) -> None:
    execution = ended(platform, start(state(platform, platform.container(DONE, "job", None))))
    assert execution["status"] == "SUCCEEDED", execution.get("cause")
    output = json.loads(execution["output"])
    assert (output["LastStatus"], output["Containers"][0]["ExitCode"]) == ("STOPPED", 0)
    assert (output["StartedBy"], output["Group"]) == ("AWS Step Functions", "mine")
    assert output["CapacityProviderName"] == "FARGATE"


def test_an_exit_code_fails_the_state_with_the_task_as_the_cause(platform: Platform, start) -> None:
    execution = ended(platform, start(state(platform, platform.container(CRASH, "job", None))))
    assert (execution["status"], execution["error"]) == ("FAILED", "States.TaskFailed")
    assert json.loads(execution["cause"])["Containers"][0]["ExitCode"] == 3


def test_a_helper_may_end_as_it_likes(platform: Platform, start) -> None:
    helper = platform.container(CRASH, "helper", None, essential=False)
    main = platform.container(DONE, "job", None, dependsOn=[{"containerName": "helper", "condition": "COMPLETE"}])
    assert ended(platform, start(state(platform, main, helper)))["status"] == "SUCCEEDED"


def test_a_task_that_cannot_start_fails_the_state(platform: Platform, start) -> None:
    broken = platform.container(DONE, "job", None, secrets=[{"name": "KEY", "valueFrom": "not-there"}])
    execution = ended(platform, start(state(platform, broken)))
    assert (execution["status"], execution["error"]) == ("FAILED", "States.TaskFailed")
    assert json.loads(execution["cause"])["StopCode"] == "TaskFailedToStart"


def test_a_request_that_ecs_refuses_has_the_name_of_its_exception(platform: Platform, start) -> None:
    refused = state(platform, platform.container(DONE, "job", None))
    refused["Parameters"]["Cluster"] = "another"
    execution = ended(platform, start(refused))
    assert (execution["status"], execution["error"]) == ("FAILED", "ECS.ClusterNotFoundException")


def test_stopping_the_execution_stops_the_task(platform: Platform, start) -> None:
    execution = start(state(platform, platform.container(SLEEP, "job", None)))
    eventually(lambda: len(tasks(platform, "RUNNING")) == 1, "the task runs")
    platform.local.client("stepfunctions").stop_execution(executionArn=execution)
    eventually(lambda: not tasks(platform, "RUNNING"), "the task stops")
    assert ended(platform, execution)["status"] == "ABORTED"


def test_a_state_whose_time_is_over_leaves_the_task_running(platform: Platform, start) -> None:
    catch = [{"ErrorEquals": ["States.Timeout"], "Next": "Over"}]
    first = state(platform, platform.container(SLEEP, "job", None), TimeoutSeconds=2, Catch=catch)
    assert ended(platform, start(first, Over={"Type": "Succeed"}))["status"] == "SUCCEEDED"
    [task] = tasks(platform, "RUNNING")
    platform.ecs.stop_task(cluster=platform.name, task=task)


def test_a_state_that_is_tried_again_waits_for_its_task_again(platform: Platform, start) -> None:
    retry = [{"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 1, "MaxAttempts": 1}]
    execution = ended(platform, start(state(platform, platform.container(CRASH, "job", None), Retry=retry)))
    assert (execution["status"], execution["error"]) == ("FAILED", "States.TaskFailed")
    assert len(tasks(platform, "STOPPED")) == 2
