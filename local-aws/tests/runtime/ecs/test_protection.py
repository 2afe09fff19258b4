"""Task scale-in protection, asked for over the API or from inside the task: such a task is not stopped to scale in."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from runtime.applications import SLEEP, Platform
from runtime.waiting import eventually

PROTECTS_ITSELF = """
const state = `${process.env.ECS_AGENT_URI}/task-protection/v1/state`;
fetch(state, { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ProtectionEnabled: true, ExpiresInMinutes: 7 }) })
  .then((answer) => answer.json()).then((told) => console.log(JSON.stringify(told)));
setInterval(() => {}, 1000);
process.on('SIGTERM', () => process.exit(0));
"""


def service(platform: Platform, script: str, count: int) -> str:
    definition = platform.task_definition(platform.container(script, "job", None))
    platform.ecs.create_service(
        cluster=platform.name, serviceName="worker", taskDefinition=definition, desiredCount=count, launchType="FARGATE",
        networkConfiguration=platform.network,
    )  # fmt: skip
    platform.services.append("worker")
    eventually(lambda: len(running(platform)) == count, "the tasks run")
    return "worker"


def running(platform: Platform) -> list[str]:
    arns = platform.ecs.list_tasks(cluster=platform.name, serviceName="worker")["taskArns"]
    tasks = platform.ecs.describe_tasks(cluster=platform.name, tasks=arns)["tasks"] if arns else []
    return [task["taskArn"] for task in tasks if task["lastStatus"] == "RUNNING" and task["desiredStatus"] == "RUNNING"]


def protect(platform: Platform, task: str, enabled: bool, **more: Any) -> dict[str, Any]:
    return platform.ecs.update_task_protection(cluster=platform.name, tasks=[task], protectionEnabled=enabled, **more)


def is_protected(platform: Platform, task: str) -> bool:
    return platform.ecs.get_task_protection(cluster=platform.name, tasks=[task])["protectedTasks"][0]["protectionEnabled"]


def scale_to(platform: Platform, count: int) -> None:
    platform.ecs.update_service(cluster=platform.name, service="worker", desiredCount=count)


def test_the_protected_task_is_the_one_that_stays(platform: Platform) -> None:
    service(platform, SLEEP, 3)
    chosen = running(platform)[1]
    assert protect(platform, chosen, True)["failures"] == []
    scale_to(platform, 1)
    eventually(lambda: running(platform) == [chosen], "only the protected task runs")


def test_no_protected_task_is_stopped_until_it_gives_its_protection_up(platform: Platform) -> None:
    service(platform, SLEEP, 1)
    [task] = running(platform)
    protect(platform, task, True, expiresInMinutes=1)
    scale_to(platform, 0)
    eventually(lambda: platform.ecs.describe_services(cluster=platform.name, services=["worker"])["services"][0]["desiredCount"] == 0, "0 wanted")
    assert running(platform) == [task]
    protect(platform, task, False)
    eventually(lambda: running(platform) == [], "the task has stopped")


def test_a_deployment_waits_for_a_protected_task(platform: Platform) -> None:
    service(platform, SLEEP, 1)
    [old] = running(platform)
    protect(platform, old, True)
    definition = platform.task_definition(platform.container(SLEEP, "job", None))
    platform.ecs.update_service(cluster=platform.name, service="worker", taskDefinition=definition)
    eventually(lambda: len(running(platform)) == 2, "the new task runs beside the old one")
    protect(platform, old, False)
    eventually(lambda: len(running(platform)) == 1 and old not in running(platform), "the old task has gone")


def test_a_task_protects_itself_through_its_agent(platform: Platform) -> None:
    service(platform, PROTECTS_ITSELF, 1)
    [task] = running(platform)
    eventually(lambda: is_protected(platform, task), "the task is protected")
    uri = f"{platform.local.endpoint}/_local/agent/{task.rpartition('/')[2]}/task-protection/v1/state"
    with urllib.request.urlopen(uri) as answer:
        told = json.load(answer)["protection"]
    assert (told["TaskArn"], told["ProtectionEnabled"], "ExpirationDate" in told) == (task, True, True)


def test_a_service_that_is_deleted_takes_its_protected_tasks_along(platform: Platform) -> None:
    service(platform, SLEEP, 1)
    [task] = running(platform)
    protect(platform, task, True)
    platform.ecs.delete_service(cluster=platform.name, service="worker", force=True)
    eventually(lambda: running(platform) == [], "the task has stopped")


def test_what_cannot_be_protected(platform: Platform) -> None:
    definition = platform.task_definition(platform.container(SLEEP, "job", None))
    alone = platform.ecs.run_task(
        cluster=platform.name, taskDefinition=definition, launchType="FARGATE", networkConfiguration=platform.network
    )["tasks"][0]["taskArn"]
    [failure] = protect(platform, alone, True)["failures"]
    assert failure["reason"] == "TASK_NOT_VALID"
    assert protect(platform, alone.replace(alone[-4:], "0000"), True)["failures"][0]["reason"] == "MISSING"
    service(platform, SLEEP, 1)
    [task] = running(platform)
    assert "between 1 and 2880" in protect(platform, task, True, expiresInMinutes=2881)["failures"][0]["detail"]
    platform.ecs.stop_task(cluster=platform.name, task=alone)
