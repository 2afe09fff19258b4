"""One attempt of a job: a local process from start to end."""

from __future__ import annotations

import uuid
from typing import Callable

from botocore.exceptions import BotoCoreError, ClientError

from localaws import context
from localaws.batch.job import Job
from localaws.batch.retries import Outcome
from localaws.containers import definition, images, process
from localaws.containers.process import ContainerProcess, ContainerSpec
from localaws.errors import LocalAwsError
from localaws.serviceconnect import hooks

EXITED = "Essential container in task exited"
NOT_STARTED = "Task failed to start"
TIMED_OUT = "Job attempt duration exceeded timeout"
_STOP_GRACE_SECONDS = 30.0
"""What ECS gives a container between SIGTERM and SIGKILL."""


def run(job: Job, started: Callable[[ContainerProcess, str], bool]) -> Outcome:
    """Blocks until the process has ended. `started` is told of the process, and says whether it shall go on."""
    task_id = uuid.uuid4().hex
    try:
        container, stream = _start(job, task_id)
    except (LocalAwsError, BotoCoreError, ClientError) as error:
        return Outcome(None, str(error), NOT_STARTED)
    job.log_stream = stream
    if not started(container, f"arn:aws:ecs:{job.region}:{context.ACCOUNT}:task/{job.compute_environment.name}/{task_id}"):
        container.stop(_STOP_GRACE_SECONDS)
    limit = (job.timeout or {}).get("attemptDurationSeconds")
    if container.wait(limit) is None:
        container.stop(_STOP_GRACE_SECONDS)
        return Outcome(container.wait(_STOP_GRACE_SECONDS), None, TIMED_OUT)
    return Outcome(container.exit_code, None, EXITED)


def terminate(job: Job) -> None:
    if job.process:
        job.process.stop(_STOP_GRACE_SECONDS)


def _start(job: Job, task_id: str) -> tuple[ContainerProcess, str | None]:
    image = _pull(job.container["image"])
    environment = {**definition.environment_of(job.container, job.region), **_of_batch(job)}
    hooks.add(environment, image.environment, names={})  # load balancers; Service Connect serves no jobs
    log = definition.log_sink_of(job.container, job.region, task_id)
    spec = ContainerSpec(job.name, image, environment, command=job.container["command"] or None, log=log)
    return process.start(spec), log.stream if log else None


def _pull(name: str) -> images.Image:
    try:
        return images.find(name)
    except images.ImageMissing as missing:
        raise LocalAwsError(f"CannotPullContainerError: {missing}") from missing


def _of_batch(job: Job) -> dict[str, str]:
    """What AWS Batch itself puts into the environment of a job; it cannot be overridden."""
    told = {
        "AWS_BATCH_JOB_ID": job.job_id,
        "AWS_BATCH_JQ_NAME": job.queue.name,
        "AWS_BATCH_CE_NAME": job.compute_environment.name,
        "AWS_BATCH_JOB_ATTEMPT": str(len(job.attempts) + 1),
    }
    if job.index is not None:
        told |= {"AWS_BATCH_JOB_ARRAY_INDEX": str(job.index), "AWS_BATCH_JOB_ARRAY_SIZE": str(job.size_of_array)}
    return told
