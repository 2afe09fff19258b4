"""The operations of AWS Batch on jobs, in place of moto's."""

from __future__ import annotations

import json
from typing import Any, Callable

from moto.batch.exceptions import ClientException
from moto.batch.models import JobDefinition
from moto.batch.responses import BatchResponse

from localaws.batch import definition, description, scheduler, submission
from localaws.batch.job import ENDED, NOT_YET_STARTED, Job

_PAGE = 1000


def install() -> None:
    for name, operation in _OPERATIONS.items():
        setattr(BatchResponse, name, _answering(operation))
    BatchResponse.registerjobdefinition = _register(BatchResponse.registerjobdefinition)
    BatchResponse.updatecomputeenvironment = _resizing(BatchResponse.updatecomputeenvironment)
    for name in ("updatecomputeenvironment", "updatejobqueue"):
        setattr(BatchResponse, name, _advancing(getattr(BatchResponse, name)))
    JobDefinition._validate = _validate(JobDefinition._validate)
    JobDefinition.describe = _describe_definition(JobDefinition.describe)


def _submit_job(response: BatchResponse, body: dict[str, Any]) -> dict[str, Any]:
    jobs = submission.jobs_of(body, response.batch_backend, scheduler.JOBS)
    scheduler.submit(jobs)
    return {"jobId": jobs[0].job_id, "jobName": jobs[0].name, "jobArn": jobs[0].arn}


def _describe_jobs(response: BatchResponse, body: dict[str, Any]) -> dict[str, Any]:
    found = (scheduler.JOBS.find(name) for name in body["jobs"])
    return {"jobs": [description.detail(job) for job in found if job and job.region == response.region]}


def _list_jobs(response: BatchResponse, body: dict[str, Any]) -> dict[str, Any]:
    if body.get("multiNodeJobId"):
        raise ClientException("multi-node parallel jobs are not modelled by the local AWS")
    jobs = [job for job in _listed(response, body) if _is_wanted(job, body)]
    first = int(body.get("nextToken") or 0)
    after = first + int(body.get("maxResults") or _PAGE)
    page = {"jobSummaryList": [description.summary(job) for job in jobs[first:after]]}
    return {**page, "nextToken": str(after)} if after < len(jobs) else page


def _listed(response: BatchResponse, body: dict[str, Any]) -> list[Job]:
    """An array's children, or a queue's jobs, of which an array counts as one."""
    if body.get("arrayJobId"):
        parent = scheduler.JOBS.find(body["arrayJobId"])
        return parent.children if parent else []
    queue = response.batch_backend.get_job_queue(body.get("jobQueue") or "")
    if queue is None:
        raise ClientException(f"Job queue {body.get('jobQueue')} does not exist")
    return [job for job in scheduler.JOBS.all() if job.queue is queue and job.parent_id is None]


def _is_wanted(job: Job, body: dict[str, Any]) -> bool:
    """Without filters, ListJobs tells of the jobs of one status, RUNNING if none is named."""
    for entry in body.get("filters") or []:
        if not _passes(job, entry["name"], entry["values"]):
            return False
    return bool(body.get("filters")) or job.status == (body.get("jobStatus") or "RUNNING")


def _passes(job: Job, name: str, values: list[str]) -> bool:
    if name == "AFTER_CREATED_AT":
        return job.created_at > int(values[0])
    if name == "BEFORE_CREATED_AT":
        return job.created_at < int(values[0])
    texts = {"JOB_NAME": [job.name], "JOB_DEFINITION": [job.definition.arn, job.definition.name]}
    if name not in texts:
        raise ClientException(f"filter {name} of ListJobs is not modelled by the local AWS")
    return any(_matches(value.lower(), text.lower()) for value in values for text in texts[name])


def _matches(pattern: str, text: str) -> bool:
    return text.startswith(pattern[:-1]) if pattern.endswith("*") else text == pattern


def _terminate_job(response: BatchResponse, body: dict[str, Any]) -> dict[str, Any]:
    job = scheduler.JOBS.find(body["jobId"])
    if job and job.status not in ENDED:
        scheduler.end(job, body["reason"], cancelled=False)
    return {}


def _cancel_job(response: BatchResponse, body: dict[str, Any]) -> dict[str, Any]:
    """Only what has not started is cancelled; of an array, each child that has not."""
    job = scheduler.JOBS.find(body["jobId"])
    for candidate in (job.children or [job]) if job else []:
        if candidate.status in NOT_YET_STARTED:
            scheduler.end(candidate, body["reason"], cancelled=True)
    return {}


_Operation = Callable[[BatchResponse, dict[str, Any]], dict[str, Any]]
_OPERATIONS: dict[str, _Operation] = {
    "submitjob": _submit_job,
    "describejobs": _describe_jobs,
    "listjobs": _list_jobs,
    "terminatejob": _terminate_job,
    "canceljob": _cancel_job,
}


def _answering(operation: _Operation) -> Callable[[BatchResponse], str]:
    def answer(self: BatchResponse) -> str:
        return json.dumps(operation(self, json.loads(self.body)))

    return answer


def _resizing(original: Callable[[BatchResponse], str]) -> Callable[[BatchResponse], str]:
    """moto accepts other compute resources and forgets them."""

    def answer(self: BatchResponse) -> str:
        result, body = original(self), json.loads(self.body)
        environment = self.batch_backend.get_compute_environment(body["computeEnvironment"])
        environment.compute_resources = {**(environment.compute_resources or {}), **(body.get("computeResources") or {})}
        return result

    return answer


def _advancing(original: Callable[[BatchResponse], str]) -> Callable[[BatchResponse], str]:
    def answer(self: BatchResponse) -> str:
        result = original(self)
        scheduler.advance()
        return result

    return answer


def _register(original: Callable[[BatchResponse], str]) -> Callable[[BatchResponse], str]:
    """moto drops ecsProperties and schedulingPriority, and loses on the second revision what only the first one had."""

    def answer(self: BatchResponse) -> str:
        body = json.loads(self.body)
        definition.check(body)
        told = json.loads(original(self))
        registered = self.batch_backend.get_job_definition_by_arn(told["jobDefinitionArn"])
        registered.ecs_properties = body.get("ecsProperties")
        registered.container_properties = registered.container_properties if body.get("containerProperties") else None
        registered.scheduling_priority = body.get("schedulingPriority")
        registered.platform_capabilities = body.get("platformCapabilities") or ["EC2"]
        registered.propagate_tags = body.get("propagateTags")
        registered.retry_strategy = body.get("retryStrategy")
        registered.parameters = body.get("parameters") or {}
        return json.dumps(told)

    return answer


def _validate(original: Callable[[JobDefinition], None]) -> Callable[[JobDefinition], None]:
    """moto does not know ecsProperties and asks for one of the other kinds; `definition.check` has been here before."""

    def validate(self: JobDefinition) -> None:
        if self.container_properties is not None:
            original(self)

    return validate


def _describe_definition(original: Callable[[JobDefinition], dict[str, Any]]) -> Callable[[JobDefinition], dict[str, Any]]:
    def describe(self: JobDefinition) -> dict[str, Any]:
        own = {
            "ecsProperties": getattr(self, "ecs_properties", None),
            "schedulingPriority": getattr(self, "scheduling_priority", None),
        }
        told = {**original(self), **own}
        return {name: value for name, value in told.items() if value is not None}

    return describe
