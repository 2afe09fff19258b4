"""One job as AWS Batch tells of it, and all jobs of the local model."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from localaws import context
from localaws.batch.retries import Outcome
from localaws.containers.process import ContainerProcess

ENDED = ("SUCCEEDED", "FAILED")
NOT_YET_STARTED = ("SUBMITTED", "PENDING", "RUNNABLE")
_ALL_STATES = (*NOT_YET_STARTED, "STARTING", "RUNNING", *ENDED)


def now() -> int:
    return int(time.time() * 1000)


@dataclass(eq=False)
class Job:
    """The state of a job. Only the scheduler changes it, under its lock."""

    name: str
    region: str
    queue: Any
    definition: Any
    container: dict[str, Any]
    """The definition's container with the submission's overrides, parameters put in."""
    parameters: dict[str, str]
    retry_strategy: dict[str, Any]
    timeout: dict[str, int] | None
    depends_on: list[dict[str, Any]]
    tags: dict[str, str]
    scheduling_priority: int = 0
    share_identifier: str | None = None
    array_size: int | None = None
    index: int | None = None
    size_of_array: int | None = None
    """Of the array that this job is a child of."""
    parent_id: str | None = None
    job_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    status: str = "SUBMITTED"
    status_reason: str | None = None
    created_at: int = field(default_factory=now)
    started_at: int | None = None
    stopped_at: int | None = None
    attempts: list[dict[str, Any]] = field(default_factory=list)
    children: list[Job] = field(default_factory=list)
    compute_environment: Any = None
    process: ContainerProcess | None = None
    outcome: Outcome | None = None
    log_stream: str | None = None
    task_arn: str | None = None
    end_asked: str | None = None
    """The reason given to TerminateJob or CancelJob: the job is not tried again."""
    taken_away: str | None = None
    """How AWS words that the capacity of the attempt is gone."""
    watched_for: str | None = None
    """What it waits for in vain while its queue's time limit runs."""
    is_cancelled: bool = False
    is_terminated: bool = False

    @property
    def arn(self) -> str:
        return f"arn:aws:batch:{self.region}:{context.ACCOUNT}:job/{self.job_id}"

    @property
    def is_array_parent(self) -> bool:
        return self.array_size is not None

    def begin_attempt(self, compute_environment: Any) -> None:
        """What is told of an attempt that is over belongs to `attempts` from now on."""
        self.compute_environment = compute_environment
        self.status_reason = self.outcome = self.log_stream = self.task_arn = self.started_at = None
        self.taken_away = self.watched_for = None

    def child_states(self) -> dict[str, int]:
        states = [child.status for child in self.children]
        return {state: states.count(state) for state in _ALL_STATES}


class Jobs:
    """All jobs that were ever submitted, by id; found by ARN too."""

    def __init__(self) -> None:
        self._by_id: dict[str, Job] = {}

    def add(self, job: Job) -> None:
        self._by_id[job.job_id] = job

    def find(self, id_or_arn: str) -> Job | None:
        return self._by_id.get(id_or_arn.split(":job/", 1)[-1])

    def all(self) -> list[Job]:
        return list(self._by_id.values())
