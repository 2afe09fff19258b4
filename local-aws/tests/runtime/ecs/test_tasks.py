"""RunTask and StopTask: tasks that run once, containers that wait for one another, and how their end is told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from runtime.applications import CRASH, SLEEP, WEB, Platform
from runtime.waiting import eventually

SAY = "console.log(JSON.stringify({ argument: process.argv[2], name: process.env.NAME, other: process.env.OTHER }));"


def run(platform: Platform, *containers: dict[str, Any], **more: Any) -> str:
    definition = platform.task_definition(*containers)
    answer = platform.ecs.run_task(
        cluster=platform.name, taskDefinition=definition, launchType="FARGATE", networkConfiguration=platform.network, **more
    )
    return answer["tasks"][0]["taskArn"]


def described(platform: Platform, task: str) -> dict[str, Any]:
    return platform.ecs.describe_tasks(cluster=platform.name, tasks=[task])["tasks"][0]


def container(task: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in task["containers"] if one["name"] == name)


@pytest.fixture
def stopped(platform: Platform):
    def wait(task: str) -> dict[str, Any]:
        eventually(lambda: described(platform, task)["lastStatus"] == "STOPPED", "the task has stopped")
        return described(platform, task)

    return wait


def awslogs(platform: Platform) -> dict[str, Any]:
    platform.local.client("logs").create_log_group(logGroupName=f"/ecs/{platform.name}")
    return {
        "logDriver": "awslogs",
        "options": {"awslogs-group": f"/ecs/{platform.name}", "awslogs-stream-prefix": "run", "awslogs-region": "us-east-1"},
    }


def test_a_task_runs_once_with_its_overrides_and_logs(platform: Platform, stopped) -> None:
    definition = platform.container(SAY, "job", None, {"NAME": "first", "OTHER": "kept"}, logConfiguration=awslogs(platform))
    override = {"name": "job", "command": ["node", "main.js", "now"], "environment": [{"name": "NAME", "value": "second"}]}
    task = run(platform, definition, overrides={"containerOverrides": [override]}, startedBy="a test")
    ended = stopped(task)
    assert (ended["stopCode"], ended["stoppedReason"]) == ("EssentialContainerExited", "Essential container in task exited")
    assert container(ended, "job")["exitCode"] == 0
    assert (ended["startedBy"], ended["launchType"], ended["desiredStatus"]) == ("a test", "FARGATE", "STOPPED")
    assert ended["createdAt"] <= ended["startedAt"] <= ended["stoppingAt"] <= ended["stoppedAt"]
    events = platform.local.client("logs").get_log_events(
        logGroupName=f"/ecs/{platform.name}", logStreamName=f"run/job/{task.rpartition('/')[2]}"
    )["events"]
    assert json.loads(events[0]["message"]) == {"argument": "now", "name": "second", "other": "kept"}


def test_the_containers_of_a_task_are_known_before_it_starts(platform: Platform) -> None:
    definition = platform.task_definition(platform.container(SLEEP, "job", None))
    answer = platform.ecs.run_task(
        cluster=platform.name, taskDefinition=definition, launchType="FARGATE", networkConfiguration=platform.network
    )
    assert [one["name"] for one in answer["tasks"][0]["containers"]] == ["job"]
    platform.ecs.stop_task(cluster=platform.name, task=answer["tasks"][0]["taskArn"])


def test_the_exit_code_of_a_task_is_that_of_its_process(platform: Platform, stopped) -> None:
    assert container(stopped(run(platform, platform.container(CRASH, "job", None))), "job")["exitCode"] == 3


def test_a_task_that_is_stopped_by_hand(platform: Platform, stopped) -> None:
    task = run(platform, platform.container(SLEEP, "job", None))
    eventually(lambda: described(platform, task)["lastStatus"] == "RUNNING", "the task runs")
    assert described(platform, task)["lastStatus"] == "RUNNING", "looking at a task does not change it"
    platform.ecs.stop_task(cluster=platform.name, task=task, reason="enough")
    ended = stopped(task)
    assert (ended["stopCode"], ended["stoppedReason"]) == ("UserInitiated", "enough")
    assert container(ended, "job")["exitCode"] == 143
    assert task not in platform.ecs.list_tasks(cluster=platform.name)["taskArns"]
    assert task in platform.ecs.list_tasks(cluster=platform.name, desiredStatus="STOPPED")["taskArns"]


def test_a_log_group_that_is_missing_keeps_a_task_from_starting(platform: Platform, stopped) -> None:
    logs = {
        "logDriver": "awslogs",
        "options": {"awslogs-group": "/nobody/made/this", "awslogs-stream-prefix": "x", "awslogs-region": "us-east-1"},
    }
    ended = stopped(run(platform, platform.container(SLEEP, "job", None, logConfiguration=logs)))
    assert ended["stopCode"] == "TaskFailedToStart"
    assert "ResourceInitializationError" in ended["stoppedReason"]


def test_containers_of_a_task_reach_each_other_on_localhost(platform: Platform, stopped) -> None:
    asks = "fetch('http://localhost:8080/hello').then((answer) => answer.text()).then((text) => process.exit(text === 'version 1' ? 0 : 9));"
    check = {"command": ["CMD-SHELL", "curl -fs http://localhost:8080/"], "interval": 5}
    web = platform.container(WEB, "web", essential=False, healthCheck=check)
    client = platform.container(asks, "client", None, dependsOn=[{"containerName": "web", "condition": "HEALTHY"}])
    assert container(stopped(run(platform, web, client)), "client")["exitCode"] == 0


def test_a_container_waits_for_the_success_of_another(platform: Platform, stopped, tmp_path) -> None:
    mark = tmp_path / "mark"
    first = platform.container(
        f"require('fs').writeFileSync({json.dumps(str(mark))}, 'done')", "first", None, essential=False
    )
    second = platform.container(
        f"process.exit(require('fs').existsSync({json.dumps(str(mark))}) ? 0 : 9)",
        "second",
        None,
        dependsOn=[{"containerName": "first", "condition": "SUCCESS"}],
    )
    ended = stopped(run(platform, second, first))
    assert (container(ended, "first")["exitCode"], container(ended, "second")["exitCode"]) == (0, 0)


def test_a_container_whose_dependency_failed_never_starts(platform: Platform, stopped) -> None:
    first = platform.container(CRASH, "first", None, essential=False)
    second = platform.container(SLEEP, "second", None, dependsOn=[{"containerName": "first", "condition": "SUCCESS"}])
    ended = stopped(run(platform, first, second))
    assert ended["stopCode"] == "TaskFailedToStart"
    assert "container second needs first to succeed, and it exited with code 3" in ended["stoppedReason"]
    assert "exitCode" not in container(ended, "second")


def test_the_end_of_an_essential_container_stops_the_others(platform: Platform, stopped) -> None:
    ended = stopped(
        run(platform, platform.container(CRASH, "main", None), platform.container(SLEEP, "aside", None, essential=False))
    )
    assert (container(ended, "main")["exitCode"], container(ended, "aside")["exitCode"]) == (3, 143)


def test_a_container_that_is_not_essential_may_end(platform: Platform) -> None:
    task = run(platform, platform.container(SLEEP, "main", None), platform.container(CRASH, "aside", None, essential=False))
    eventually(lambda: "exitCode" in container(described(platform, task), "aside"), "the other container has ended")
    assert described(platform, task)["lastStatus"] == "RUNNING"
    platform.ecs.stop_task(cluster=platform.name, task=task)


def test_each_container_has_a_port_of_its_own(platform: Platform) -> None:
    from localaws import ecs

    task = run(platform, platform.container(WEB, "one", 8080), platform.container(WEB, "two", 8081))
    eventually(lambda: described(platform, task)["lastStatus"] == "RUNNING", "the task runs")
    ports = {one["port"] for one in ecs.running_processes() if one["taskArn"] == task}
    assert len(ports) == 2 and ports.isdisjoint({8080, 8081, None})
    platform.ecs.stop_task(cluster=platform.name, task=task)


def test_a_task_that_is_unknown(platform: Platform) -> None:
    answer = platform.ecs.describe_tasks(cluster=platform.name, tasks=["0123456789abcdef0123456789abcdef"])
    assert (answer["tasks"], answer["failures"][0]["reason"]) == ([], "MISSING")


def test_environment_files_are_read_before_the_container_starts(platform: Platform, stopped) -> None:
    s3 = platform.local.client("s3")
    s3.create_bucket(Bucket=platform.name)
    s3.put_object(Bucket=platform.name, Key="shop.env", Body=b"# the shop\nNAME=from the file\nOTHER=a=b\n")
    file = {"value": f"arn:aws:s3:::{platform.name}/shop.env", "type": "s3"}
    proves = "process.exit(process.env.NAME === 'from the definition' && process.env.OTHER === 'a=b' ? 0 : 9)"
    good = platform.container(proves, "job", None, {"NAME": "from the definition"}, environmentFiles=[file])
    assert container(stopped(run(platform, good)), "job")["exitCode"] == 0
    missing = {"value": f"arn:aws:s3:::{platform.name}/nobody.env", "type": "s3"}
    ended = stopped(run(platform, platform.container(SLEEP, "job", None, environmentFiles=[missing])))
    assert "ResourceInitializationError: failed to download env files" in ended["stoppedReason"]


def test_a_task_does_not_change_by_being_looked_at(platform: Platform) -> None:
    task = run(platform, platform.container(SLEEP, "job", None))
    eventually(lambda: described(platform, task)["lastStatus"] == "RUNNING", "the task runs")
    assert {described(platform, task)["lastStatus"] for _ in range(10)} == {"RUNNING"}
    platform.ecs.stop_task(cluster=platform.name, task=task)


def test_a_request_with_the_same_token_is_one_task(platform: Platform) -> None:
    definition = platform.task_definition(platform.container(SLEEP, "job", None))
    given = {
        "cluster": platform.name,
        "taskDefinition": definition,
        "launchType": "FARGATE",
        "networkConfiguration": platform.network,
        "clientToken": platform.name,
    }
    first, second = (platform.ecs.run_task(**given)["tasks"][0]["taskArn"] for _ in range(2))
    assert first == second
    assert platform.ecs.list_tasks(cluster=platform.name)["taskArns"] == [first]
    with pytest.raises(platform.ecs.exceptions.ConflictException, match="already in use with a different RunTask request"):
        platform.ecs.run_task(**{**given, "startedBy": "somebody else"})
    other = platform.ecs.run_task(**{**given, "clientToken": f"{platform.name}-2"})["tasks"][0]["taskArn"]
    assert other != first
    for task in (first, other):
        platform.ecs.stop_task(cluster=platform.name, task=task)


def test_an_image_that_nobody_pushed_to_the_own_registry_is_missing(platform: Platform, stopped) -> None:
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/shop:9"
    ended = stopped(run(platform, {"name": "job", "image": image}))
    assert ended["stopCode"] == "TaskFailedToStart"
    said = "CannotPullContainerError: pull image manifest has been retried 1 time(s)"
    assert ended["stoppedReason"] == f"{said}: failed to resolve ref {image}: {image}: not found"
