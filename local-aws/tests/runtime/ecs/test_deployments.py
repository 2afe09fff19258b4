"""Rolling deployments: new tasks first, nobody without an answer, and back to what worked when the new does not."""

from __future__ import annotations

import threading

import pytest
import requests
from localaws import pace, runtime
from localaws.errors import DeploymentFailed
from localaws.loadbalancing import targets
from runtime.applications import CRASH, SLEEP, WEB, Platform, account
from runtime.waiting import eventually

REGION = "us-east-1"
BREAKER = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}


def wait_for(service: str) -> None:
    runtime.wait_for_service(account(), REGION, service)


class Clients:
    """Ask for a page again and again from several threads, and note every answer."""

    def __init__(self, url: str, threads: int = 4) -> None:
        self.url, self.answers, self._done = url, [], threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(threads)]

    def _ask(self) -> None:
        with requests.Session() as session:
            while not self._done.is_set():
                answer = session.get(self.url, timeout=10)
                self.answers.append((answer.status_code, answer.text))

    def __enter__(self) -> Clients:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join(20)


def web(platform: Platform, version: str, **more) -> str:
    return platform.task_definition(platform.container(WEB, environment={"VERSION": version}, **more))


def test_no_request_fails_during_a_deployment(platform: Platform) -> None:
    group = platform.target_group()
    url = platform.listener(group)
    service = platform.service(web(platform, "1"), 2, **platform.behind(group))
    wait_for(service)
    with Clients(f"{url}/page") as clients:
        platform.update(service, taskDefinition=web(platform, "2"))
        wait_for(service)
    assert {status for status, _ in clients.answers} == {200}
    assert {text for _, text in clients.answers} <= {"version 1", "version 2"}
    assert requests.get(f"{url}/page", timeout=5).text == "version 2"


def test_a_request_in_flight_is_answered_before_its_task_stops(platform: Platform) -> None:
    group = platform.target_group()
    url = platform.listener(group)
    service = platform.service(web(platform, "1"), **platform.behind(group))
    wait_for(service)
    answers: list[str] = []
    asking = threading.Thread(target=lambda: answers.append(requests.get(f"{url}/slow", timeout=10).text))
    asking.start()
    eventually(lambda: any(target.in_flight for target in targets.registered(group)), "the request is on its way")
    platform.ecs.delete_service(cluster=platform.name, service=service, force=True)
    asking.join(10)
    assert answers == ["slow 1"]


def test_a_deployment_that_crashes_goes_back_and_the_old_tasks_keep_serving(platform: Platform) -> None:
    group = platform.target_group()
    url = platform.listener(group)
    first = web(platform, "1")
    service = platform.service(first, deploymentConfiguration=BREAKER, **platform.behind(group))
    wait_for(service)
    with Clients(f"{url}/page", 1) as clients:
        platform.update(service, taskDefinition=platform.task_definition(platform.container(CRASH)))
        with pytest.raises(DeploymentFailed, match="cannot find the database"):
            wait_for(service)
    assert set(clients.answers) == {(200, "version 1")}
    described = platform.describe(service)
    assert described["taskDefinition"] == first
    assert any("rolling back to deployment" in event["message"] for event in described["events"])
    platform.update(service, taskDefinition=first)
    wait_for(service)
    assert [d["rolloutState"] for d in platform.describe(service)["deployments"]] == ["COMPLETED"]


@pytest.mark.usefixtures("impatient")
def test_a_container_that_does_not_listen_on_its_port_fails_with_a_sentence(platform: Platform) -> None:
    group = platform.target_group()
    platform.listener(group)
    service = platform.service(
        platform.task_definition(platform.container(SLEEP)), deploymentConfiguration=BREAKER, **platform.behind(group)
    )
    with pytest.raises(DeploymentFailed, match="the container must listen on the port that its PORT variable names"):
        wait_for(service)


def test_a_health_check_that_is_answered_wrongly_fails_the_deployment(platform: Platform) -> None:
    group = platform.target_group()
    platform.listener(group)
    definition = platform.task_definition(platform.container(WEB, environment={"STATUS": "500"}))
    service = platform.service(definition, deploymentConfiguration=BREAKER, **platform.behind(group))
    with pytest.raises(DeploymentFailed, match=r"Task failed ELB health checks .* these codes: \[500\]"):
        wait_for(service)


def test_a_container_health_check_is_waited_for(platform: Platform) -> None:
    check = {"command": ["CMD-SHELL", "curl -fs http://localhost:8080/health"], "interval": 5, "retries": 2}
    service = platform.service(web(platform, "1", healthCheck=check))
    wait_for(service)
    assert platform.tasks(service)[0]["healthStatus"] == "HEALTHY"


@pytest.mark.usefixtures("impatient")
def test_a_container_health_check_that_fails_fails_the_deployment(platform: Platform) -> None:
    check = {"command": ["CMD", "node", "-e", "process.exit(1)"], "interval": 5, "retries": 2}
    service = platform.service(web(platform, "1", healthCheck=check), deploymentConfiguration=BREAKER)
    with pytest.raises(DeploymentFailed, match="Task failed container health checks"):
        wait_for(service)


def test_without_a_circuit_breaker_the_time_is_bounded(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "DEPLOYMENT_SECONDS", 4.0)
    service = platform.service(platform.task_definition(platform.container(CRASH)))
    with pytest.raises(
        DeploymentFailed, match=r"(?s)not steady within 4 s, with 0 of 1 tasks ready. Task .* cannot find the database"
    ) as failed:
        wait_for(service)
    assert "exit code 3" in str(failed.value)


def test_a_forced_deployment_replaces_the_tasks(platform: Platform) -> None:
    service = platform.service(web(platform, "1"))
    wait_for(service)
    before = [task["taskArn"] for task in platform.tasks(service)]
    platform.update(service, forceNewDeployment=True)
    wait_for(service)
    assert set(before).isdisjoint(task["taskArn"] for task in platform.tasks(service))


def test_within_a_maximum_of_100_percent_the_old_task_stops_first(platform: Platform) -> None:
    percentages = {"deploymentConfiguration": {"minimumHealthyPercent": 0, "maximumPercent": 100}}
    service = platform.service(web(platform, "1"), **percentages)
    wait_for(service)
    before = platform.tasks(service)[0]["taskArn"]
    platform.update(service, taskDefinition=web(platform, "2"))
    wait_for(service)
    old = platform.ecs.describe_tasks(cluster=platform.name, tasks=[before])["tasks"][0]
    assert old["stoppingAt"] <= platform.tasks(service)[0]["createdAt"]


def test_an_alarm_of_the_deployment_brings_the_old_revision_back(platform: Platform) -> None:
    cloudwatch = platform.local.client("cloudwatch")
    alarm = f"{platform.name}-errors"
    cloudwatch.put_metric_alarm(
        AlarmName=alarm,
        MetricName="Errors",
        Namespace="Shop",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    first = web(platform, "1")
    alarms = {"alarms": {"alarmNames": [alarm], "enable": True, "rollback": True}}
    service = platform.service(first, deploymentConfiguration=alarms)
    wait_for(service)
    cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason="by hand")
    platform.update(service, taskDefinition=web(platform, "2"))
    with pytest.raises(DeploymentFailed, match=f"{alarm} is in ALARM"):
        wait_for(service)
    assert platform.describe(service)["taskDefinition"] == first
