"""Services: the desired count is kept, and what DescribeServices says is so."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from botocore.exceptions import ClientError
from localaws import ecs, runtime
from localaws.errors import DeploymentFailed

from runtime.applications import CRASH, SLEEP, WEB, Platform, account
from runtime.waiting import eventually

REGION = "us-east-1"


def wait_for(service: str) -> None:
    runtime.wait_for_service(account(), REGION, service)


def test_a_service_behind_a_load_balancer_answers(platform: Platform) -> None:
    group = platform.target_group()
    url = platform.listener(group)
    service = platform.service(platform.task_definition(platform.container(WEB)), 2, **platform.behind(group))
    wait_for(service)

    assert requests.get(f"{url}/hello", timeout=5).text == "version 1"
    described = platform.describe(service)
    assert (described["desiredCount"], described["runningCount"], described["pendingCount"]) == (2, 2, 0)
    assert described["deployments"][0]["rolloutState"] == "COMPLETED"
    assert "has reached a steady state." in described["events"][0]["message"]
    health = platform.elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
    assert [target["TargetHealth"]["State"] for target in health] == ["healthy", "healthy"]
    addresses = {
        d["value"]
        for t in platform.tasks(service)
        for d in t["attachments"][0]["details"]
        if d["name"] == "privateIPv4Address"
    }
    assert {target["Target"]["Id"] for target in health} == addresses
    assert {target["Target"]["Port"] for target in health} == {8080}


def test_a_task_that_dies_is_replaced(platform: Platform) -> None:
    service = platform.service(platform.task_definition(platform.container(WEB)))
    wait_for(service)
    before = platform.tasks(service)[0]["taskArn"]
    os.killpg(next(one["pid"] for one in ecs.running_processes() if one["taskArn"] == before), signal.SIGKILL)

    def replaced() -> bool:
        running = [task for task in platform.tasks(service) if task["lastStatus"] == "RUNNING"]
        return len(running) == 1 and running[0]["taskArn"] != before

    eventually(replaced, "another task runs")
    stopped = platform.ecs.describe_tasks(cluster=platform.name, tasks=[before])["tasks"][0]
    assert (stopped["lastStatus"], stopped["stopCode"]) == ("STOPPED", "EssentialContainerExited")
    assert stopped["stoppedReason"] == "Essential container in task exited"
    assert stopped["containers"][0]["exitCode"] == 137


def test_the_desired_count_is_followed_up_and_down(platform: Platform) -> None:
    service = platform.service(platform.task_definition(platform.container(SLEEP, port=None)))
    wait_for(service)
    platform.update(service, desiredCount=3)
    wait_for(service)
    assert platform.describe(service)["runningCount"] == 3
    platform.update(service, desiredCount=0)
    wait_for(service)
    eventually(lambda: platform.describe(service)["runningCount"] == 0, "no task runs")
    assert len(platform.describe(service)["deployments"]) == 1


def test_a_service_is_read_back_as_declared(platform: Platform) -> None:
    platform.ecs.put_cluster_capacity_providers(
        cluster=platform.name, capacityProviders=["FARGATE", "FARGATE_SPOT"], defaultCapacityProviderStrategy=[]
    )
    strategy = [
        {"capacityProvider": "FARGATE", "base": 1, "weight": 0},
        {"capacityProvider": "FARGATE_SPOT", "base": 0, "weight": 1},
    ]
    declared = {
        "deploymentConfiguration": {
            "maximumPercent": 150,
            "minimumHealthyPercent": 50,
            "deploymentCircuitBreaker": {"enable": True, "rollback": True},
        },
        "capacityProviderStrategy": strategy,
        "healthCheckGracePeriodSeconds": 7,
        "enableExecuteCommand": True,
        "propagateTags": "SERVICE",
        "availabilityZoneRebalancing": "DISABLED",
        "platformVersion": "1.4.0",
        "networkConfiguration": platform.network,
    }
    service = platform.service(
        platform.task_definition(platform.container(WEB)), 2, tags=[{"key": "team", "value": "shop"}], **declared
    )
    wait_for(service)
    described = platform.describe(service)
    assert {key: described.get(key) for key in declared} == declared
    assert "launchType" not in described
    assert described["deployments"][0]["capacityProviderStrategy"] == strategy
    arns = platform.ecs.list_tasks(cluster=platform.name, serviceName=service)["taskArns"]
    tasks = platform.ecs.describe_tasks(cluster=platform.name, tasks=arns, include=["TAGS"])["tasks"]
    assert sorted(task["capacityProviderName"] for task in tasks) == ["FARGATE", "FARGATE_SPOT"]
    assert tasks[0]["tags"] == [{"key": "team", "value": "shop"}]


def test_a_deleted_service_leaves_no_process_and_no_network_interface(platform: Platform) -> None:
    service = platform.service(platform.task_definition(platform.container(WEB)), 2)
    wait_for(service)
    pids = [one["pid"] for one in ecs.running_processes() if one["cluster"] == platform.name]
    assert len(pids) == 2
    platform.ecs.delete_service(cluster=platform.name, service=service, force=True)

    assert platform.describe(service)["status"] == "INACTIVE"
    assert platform.ecs.list_services(cluster=platform.name)["serviceArns"] == []
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    for subnet in platform.subnets:
        platform.local.client("ec2").delete_subnet(SubnetId=subnet)


def test_stopping_a_task_of_a_service_brings_another(platform: Platform) -> None:
    service = platform.service(platform.task_definition(platform.container(WEB)))
    wait_for(service)
    before = platform.tasks(service)[0]["taskArn"]
    platform.ecs.stop_task(cluster=platform.name, task=before, reason="by hand")
    eventually(
        lambda: [t["taskArn"] for t in platform.tasks(service) if t["lastStatus"] == "RUNNING"] not in ([], [before]),
        "another task runs",
    )
    stopped = platform.ecs.describe_tasks(cluster=platform.name, tasks=[before])["tasks"][0]
    assert (stopped["stopCode"], stopped["stoppedReason"]) == ("UserInitiated", "by hand")


def test_a_service_that_cannot_start_fails_with_the_last_lines_of_its_log(platform: Platform) -> None:
    breaker = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}
    service = platform.service(platform.task_definition(platform.container(CRASH)), deploymentConfiguration=breaker)
    with pytest.raises(DeploymentFailed) as failed:
        wait_for(service)
    text = str(failed.value)
    assert "ECS Deployment Circuit Breaker was triggered" in text
    assert "Essential container in task exited (container web ended with exit code 3)" in text
    assert "cannot find the database" in text
    deployment = platform.describe(service)["deployments"][0]
    assert (deployment["rolloutState"], deployment["failedTasks"]) == ("FAILED", 3)


def test_a_service_of_an_unknown_image_is_refused(platform: Platform) -> None:
    container = {"name": "web", "image": "registry.example.com/nobody-built-this:1"}
    with pytest.raises(ClientError, match="registry.example.com/nobody-built-this:1 is not known to the local AWS"):
        platform.service(platform.task_definition(container))


def test_a_second_service_of_the_same_name_is_refused(platform: Platform) -> None:
    definition = platform.task_definition(platform.container(SLEEP))
    name = platform.service(definition, 0).rpartition("/")[2]
    with pytest.raises(ClientError, match="Creation of service was not idempotent"):
        platform.ecs.create_service(
            cluster=platform.name,
            serviceName=name,
            taskDefinition=definition,
            desiredCount=0,
            networkConfiguration=platform.network,
        )


def test_whoever_waits_for_a_service_hears_of_its_deletion(platform: Platform) -> None:
    service = platform.service(platform.task_definition(platform.container(SLEEP, port=None)))
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(runtime.wait_for_service, account(), "us-east-1", service)
        platform.ecs.delete_service(cluster=platform.name, service=service, force=True)
        with pytest.raises(DeploymentFailed, match="was deleted while it was being deployed|does not exist"):
            waiting.result(20)
