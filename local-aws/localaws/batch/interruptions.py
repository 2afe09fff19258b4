"""Spot capacity that is taken away from a running job, when a harness asks for it: no AWS API offers that."""

from __future__ import annotations

from typing import Any

from localaws import control
from localaws.batch import scheduler
from localaws.batch.job import Job
from localaws.errors import LocalAwsError

_REASONS = {
    "FARGATE_SPOT": "Your Spot Task was interrupted.",
    "SPOT": "Host EC2 (instance i-0123456789abcdef0) terminated.",
}
"""How AWS Batch words it, by the type of the compute environment."""


@control.route("POST", "batch/interrupt")
def interrupt(body: dict[str, Any]) -> dict[str, str]:
    """`{"jobId"}`: its process is told to stop, as AWS does two minutes before, and the attempt is lost."""
    job = _running(body)
    scheduler.take_away(job, _reason(job))
    return {"jobId": job.job_id}


def _running(body: dict[str, Any]) -> Job:
    job = scheduler.JOBS.find(str(body.get("jobId")))
    if job is None or job.status != "RUNNING":
        raise LocalAwsError(f"job {body.get('jobId')} does not run, so that no capacity can be taken away from it")
    return job


def _reason(job: Job) -> str:
    kind = (job.compute_environment.compute_resources or {}).get("type")
    if kind not in _REASONS:
        raise LocalAwsError(f"job {job.job_id} runs on {kind}, which AWS takes away from nobody")
    return _REASONS[kind]
