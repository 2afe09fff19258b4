"""Which job runs when. Every change of a job's state happens here, under one lock; nothing polls: each event that may let
a job run (a submission, an end, a changed queue or compute environment) calls `advance`."""

from __future__ import annotations

import threading

from localaws import events
from localaws.batch import attempt, capacity, description, time_limits
from localaws.batch.dependencies import Readiness, readiness
from localaws.batch.job import ENDED, NOT_YET_STARTED, Job, Jobs, now
from localaws.batch.retries import Outcome, tries_again
from localaws.containers.process import ContainerProcess

JOBS = Jobs()
_NEVER_FITS = (
    "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement (vCPU/memory/GPU) is higher than that can be "
    "met by the CE(s) attached to the job queue."
)
_lock = threading.RLock()
_closed = threading.Event()


def submit(jobs: list[Job]) -> None:
    with _lock:
        for job in jobs:
            JOBS.add(job)
            _enter(job, "SUBMITTED")
        advance()


def advance() -> None:
    """Moves every job as far as it can go now."""
    with _lock:
        if _closed.is_set():
            return
        for job in JOBS.all():
            _settle_dependencies(job)
        for queue_jobs in _runnable_by_queue():
            _start_in_order(queue_jobs)


def end(job: Job, reason: str, cancelled: bool) -> None:
    """TerminateJob, and CancelJob for what has not started: without another attempt."""
    with _lock:
        for child in job.children:
            if child.status not in ENDED:
                end(child, reason, cancelled)
        if job.is_array_parent or job.status in ENDED:
            return
        job.end_asked, job.is_cancelled, job.is_terminated = reason, cancelled, not cancelled
        if job.status in NOT_YET_STARTED:
            _finish(job, "FAILED", reason)
            advance()
            return
    threading.Thread(target=attempt.terminate, args=(job,), daemon=True).start()


def take_away(job: Job, reason: str) -> None:
    """The capacity of a running attempt: it ends, and whether there is another one, the job's rules for retries say."""
    with _lock:
        job.taken_away = reason
    threading.Thread(target=attempt.terminate, args=(job,), daemon=True).start()


def _expire(job: Job, reason: str) -> None:
    """The time limit of its queue is over, and it still waits for the same."""
    with _lock:
        if _closed.is_set() or job.status != "RUNNABLE" or not (job.status_reason or "").startswith(reason):
            return
        job.end_asked = f"Canceled by JobStateTimeLimit action due to reason: {reason}"
        _finish(job, "FAILED", job.end_asked)
        advance()


def close() -> None:
    """No job is started or tried again after this; running ones end with their processes."""
    _closed.set()


def _settle_dependencies(job: Job) -> None:
    if job.status == "SUBMITTED":
        _enter(job, "PENDING")
    if job.status != "PENDING" or job.is_array_parent:
        return
    state = readiness(job, JOBS)
    if state is Readiness.READY:
        _enter(job, "RUNNABLE")
    elif state is Readiness.IMPOSSIBLE:
        _finish(job, "FAILED", "Dependent Job failed")


def _runnable_by_queue() -> list[list[Job]]:
    """Queues of higher priority first; within a queue by scheduling priority, then as submitted."""
    queues: dict[str, list[Job]] = {}
    for job in JOBS.all():
        if job.status == "RUNNABLE":
            queues.setdefault(job.queue.arn, []).append(job)
    for jobs in queues.values():
        jobs.sort(key=lambda job: -job.scheduling_priority)
    return sorted(queues.values(), key=lambda jobs: -int(jobs[0].queue.priority))


def _start_in_order(queue_jobs: list[Job]) -> None:
    """A job that does not fit now holds up those behind it, as on AWS: a stream of small jobs must not starve a big one."""
    for job in queue_jobs:
        busy = [other for other in JOBS.all() if other.status in ("STARTING", "RUNNING") and not other.is_array_parent]
        environment = capacity.place(job, busy)
        if environment is None:
            if not any(capacity.can_ever_hold(candidate, job) for candidate in job.queue.environments):
                job.status_reason = _NEVER_FITS
                time_limits.watch(job, _expire)
            return
        job.begin_attempt(environment)
        _enter(job, "STARTING")
        threading.Thread(target=_run, args=(job,), daemon=True, name=f"job-{job.job_id}").start()


def _run(job: Job) -> None:
    try:
        outcome = attempt.run(job, lambda process, task_arn: _started(job, process, task_arn))
    except Exception as error:  # a job left RUNNING would hang whoever waits for it: whatever broke is its end
        outcome = Outcome(None, f"{type(error).__name__}: {error}", attempt.NOT_STARTED)
    _ended(job, outcome)


def _started(job: Job, process: ContainerProcess, task_arn: str) -> bool:
    with _lock:
        job.process, job.task_arn, job.started_at = process, task_arn, now()
        _enter(job, "RUNNING")
        return job.end_asked is None


def _ended(job: Job, outcome: Outcome) -> None:
    with _lock:
        if job.taken_away is not None:
            outcome = Outcome(None, None, job.taken_away)
        job.outcome, job.process = outcome, None
        job.attempts.append(description.attempt(job, outcome))
        if job.end_asked is not None:
            _finish(job, "FAILED", job.end_asked)
        elif outcome.exit_code == 0 and outcome.status_reason == attempt.EXITED:
            _finish(job, "SUCCEEDED", outcome.status_reason)
        elif _closed.is_set() or outcome.status_reason == attempt.TIMED_OUT:
            _finish(job, "FAILED", outcome.status_reason)
        elif tries_again(job.retry_strategy, len(job.attempts), outcome):
            _enter(job, "RUNNABLE")
        else:
            _finish(job, "FAILED", outcome.status_reason)
        advance()


def _finish(job: Job, status: str, reason: str) -> None:
    job.status_reason, job.stopped_at = reason, now()
    _enter(job, status)
    parent = JOBS.find(job.parent_id) if job.parent_id else None
    if parent and all(child.status in ENDED for child in parent.children):
        all_succeeded = all(child.status == "SUCCEEDED" for child in parent.children)
        starts = [child.started_at for child in parent.children if child.started_at]
        parent.started_at = min(starts) if starts else None
        _finish(parent, *(("SUCCEEDED", None) if all_succeeded else ("FAILED", "Array Child Job failed")))


def _enter(job: Job, status: str) -> None:
    job.status = status
    events.publish(job.region, "aws.batch", "Batch Job State Change", [job.arn], description.detail(job))
