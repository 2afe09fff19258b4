"""A Step Functions execution that is stopped while it waits for a job (`batch:submitJob.sync`) terminates the job.

The role of the state machine must allow it, and the submission before.
"""

from __future__ import annotations

from typing import Any

from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_batch import (
    StateTaskServiceBatch,
)

from localaws.batch import permissions, scheduler
from localaws.batch.job import ENDED

_REASON = "The Step Functions execution that waited for this job was stopped"


def install() -> None:
    """moto ends the state and leaves the job running."""
    build, evaluate = StateTaskServiceBatch._build_sync_resolver, StateTaskServiceBatch._eval_sync
    submit = StateTaskServiceBatch._eval_service_task

    def eval_service_task(
        self: StateTaskServiceBatch, *, normalised_parameters: dict[str, Any], state_credentials: Any, **given: Any
    ) -> None:
        permissions.check_submission(state_credentials.role_arn, normalised_parameters)
        submit(self, normalised_parameters=normalised_parameters, state_credentials=state_credentials, **given)

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
            if permissions.may_terminate(env.aws_execution_details.role_arn, job):
                scheduler.end(job, _REASON, cancelled=False)
        return result

    StateTaskServiceBatch._eval_service_task = eval_service_task
    StateTaskServiceBatch._build_sync_resolver = build_sync_resolver
    StateTaskServiceBatch._eval_sync = eval_sync
