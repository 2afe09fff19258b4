"""The restart policy of a container: started anew in the running task, unless it ended too early or as it should."""

from __future__ import annotations

from typing import Any

import pytest
from runtime.applications import SLEEP, Platform
from runtime.waiting import eventually

LATER = "console.log('started'); setTimeout(() => process.exit(Number(process.env.CODE)), 4000);"
"""Runs longer than a twentieth of the shortest period, a minute."""
AT_ONCE = "console.log('started'); process.exit(Number(process.env.CODE));"


@pytest.fixture
def sidecar(platform: Platform):
    """A service whose task has a sidecar with a restart policy; gives its container and the lines that it wrote."""
    logs = platform.local.client("logs")
    logs.create_log_group(logGroupName=f"/ecs/{platform.name}")

    def start(script: str, code: int, **policy: Any):
        options = {"awslogs-group": f"/ecs/{platform.name}", "awslogs-stream-prefix": "run", "awslogs-region": "us-east-1"}
        beside = platform.container(
            script,
            "beside",
            None,
            {"CODE": str(code)},
            essential=False,
            logConfiguration={"logDriver": "awslogs", "options": options},
            restartPolicy={"enabled": True, "restartAttemptPeriod": 60, **policy},
        )
        service = platform.service(platform.task_definition(platform.container(SLEEP, "app", None), beside))
        [task] = eventually(lambda: platform.tasks(service), "the task runs")

        def container() -> dict[str, Any]:
            [now] = platform.tasks(service)
            assert now["taskArn"] == task["taskArn"], "the task was replaced"
            return next(one for one in now["containers"] if one["name"] == "beside")

        def starts() -> int:
            stream = f"run/beside/{task['taskArn'].rpartition('/')[2]}"
            events = logs.get_log_events(logGroupName=f"/ecs/{platform.name}", logStreamName=stream)["events"]
            return [event["message"] for event in events].count("started")

        return container, starts

    return start


def test_a_container_that_ended_is_started_anew_in_the_same_task(sidecar) -> None:
    container, starts = sidecar(LATER, 3)
    eventually(lambda: starts() >= 2, "the container is started anew")
    eventually(lambda: starts() >= 3, "and once more")
    assert container()["lastStatus"] == "RUNNING"


@pytest.mark.parametrize(
    ("script", "code", "policy"),
    [(AT_ONCE, 3, {}), (LATER, 0, {"ignoredExitCodes": [0]}), (LATER, 3, {"enabled": False})],
    ids=["ended too early", "ended with an exit code that is ignored", "has a policy that is off"],
)
def test_a_container_stays_ended_that(sidecar, script: str, code: int, policy: dict[str, Any]) -> None:
    container, starts = sidecar(script, code, **policy)
    eventually(lambda: container()["lastStatus"] == "STOPPED", "the container has ended")
    eventually(lambda: starts() == 1, "its line is in the log")
    assert (container()["exitCode"], starts()) == (code, 1)
