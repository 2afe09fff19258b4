"""What a job waits for before it may run."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from moto.batch.exceptions import ClientException

if TYPE_CHECKING:
    from localaws.batch.job import Job, Jobs

_MOST = 20


class Readiness(Enum):
    WAITS = "waits"
    READY = "ready"
    IMPOSSIBLE = "a job that it depends on has failed"


def check(depends_on: list[dict[str, Any]], array_size: int | None, jobs: Jobs) -> None:
    if len(depends_on) > _MOST:
        raise ClientException(f"a job may depend on {_MOST} jobs, not {len(depends_on)}")
    for entry in depends_on:
        kind, job_id = entry.get("type"), entry.get("jobId")
        if kind is not None and array_size is None:
            raise ClientException(f"a dependency of type {kind} is for array jobs only")
        if kind == "SEQUENTIAL":
            if job_id is not None:
                raise ClientException("a SEQUENTIAL dependency is one of an array job on itself and names no jobId")
            continue
        other = jobs.find(job_id or "")
        if other is None:
            raise ClientException(f"Job {job_id} does not exist")
        if kind == "N_TO_N" and other.array_size != array_size:
            raise ClientException(f"an N_TO_N dependency needs an array job of the same size as {job_id}")


def prerequisites(job: Job, jobs: Jobs) -> list[Job]:
    """The jobs that must have succeeded: for a child of an array, those of its own index where the type says so."""
    found: list[Job | None] = []
    for entry in job.depends_on:
        if entry.get("type") == "SEQUENTIAL":
            if job.index:
                found.append(jobs.find(f"{job.parent_id}:{job.index - 1}"))
        elif entry.get("type") == "N_TO_N":
            found.append(jobs.find(f"{entry['jobId']}:{job.index}"))
        else:
            found.append(jobs.find(entry["jobId"]))
    return [job for job in found if job is not None]


def readiness(job: Job, jobs: Jobs) -> Readiness:
    states = [other.status for other in prerequisites(job, jobs)]
    if "FAILED" in states:
        return Readiness.IMPOSSIBLE
    return Readiness.READY if all(state == "SUCCEEDED" for state in states) else Readiness.WAITS
