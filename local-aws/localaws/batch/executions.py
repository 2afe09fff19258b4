"""A Step Functions execution that is stopped while it waits for a job (`batch:submitJob.sync`) terminates the job."""

from __future__ import annotations

from typing import Any

from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_batch import (
    StateTaskServiceBatch,
)

from localaws.batch import scheduler
from localaws.batch.job import ENDED

_REASON = "The Step Functions execution that waited for this job was stopped"


def install() -> None:
    """moto ends the state and leaves the job running."""
    build, evaluate = StateTaskServiceBatch._build_sync_resolver, StateTaskServiceBatch._eval_sync

    def build_sync_resolver(self: StateTaskServiceBatch, env: Any, *positional: Any, **given: Any) -> Any:
        job_id = env.stack[-1]["JobId"]
        resolver = build(self, env, *positional, **given)
        if resolver is not None:
            resolver.job_id = job_id
        return resolver

    def eval_sync(self: StateTaskServiceBatch, env: Any, sync_resolver: Any, *positional: Any, **given: Any) -> Any:
        result = evaluate(self, env, sync_resolver, *positional, **given)
        job = scheduler.JOBS.find(getattr(sync_resolver, "job_id", ""))
        if not env.is_running() and job and job.status not in ENDED:
            scheduler.end(job, _REASON, cancelled=False)
        return result

    StateTaskServiceBatch._build_sync_resolver = build_sync_resolver
    StateTaskServiceBatch._eval_sync = eval_sync
