"""SubmitJob: a job definition, what the submission overrides of it, and the jobs that come of it."""

from __future__ import annotations

import re
from typing import Any

from moto.batch.exceptions import ClientException
from moto.batch.models import BatchBackend

from localaws.batch import definition, dependencies
from localaws.batch.job import Job, Jobs
from localaws.batch.retries import MOST_ATTEMPTS

_KNOWN = {
    *("jobName", "jobQueue", "jobDefinition", "parameters", "containerOverrides", "ecsPropertiesOverride", "dependsOn"),
    *("arrayProperties", "retryStrategy", "timeout", "tags", "propagateTags", "shareIdentifier"),
    "schedulingPriorityOverride",
}
_OVERRIDABLE = {"command", "environment", "resourceRequirements", "vcpus", "memory", "name", "instanceType"}
# moto's own pattern refuses names of one character.
_JOB_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$")
_ARRAY_SIZES = range(2, 10_001)


def jobs_of(body: dict[str, Any], backend: BatchBackend, jobs: Jobs) -> list[Job]:
    """The job, or an array's parent followed by its children."""
    unknown = sorted(name for name in set(body) - _KNOWN if body[name])
    if unknown:
        raise ClientException(f"{', '.join(unknown)} of SubmitJob is not modelled by the local AWS")
    if not _JOB_NAME.match(body["jobName"]):
        raise ClientException("Job name should match valid pattern")
    size = (body.get("arrayProperties") or {}).get("size")
    if size is not None and size not in _ARRAY_SIZES:
        raise ClientException(f"the size of an array job is from {_ARRAY_SIZES[0]} to {_ARRAY_SIZES[-1]}, not {size}")
    dependencies.check(body.get("dependsOn") or [], size, jobs)
    first = _job(body, backend, array_size=size)
    of_child = {"parent_id": first.job_id, "size_of_array": size}
    first.children = [
        _job(body, backend, index=index, job_id=f"{first.job_id}:{index}", **of_child) for index in range(size or 0)
    ]
    return [first, *first.children]


def _job(body: dict[str, Any], backend: BatchBackend, **array: Any) -> Job:
    job_definition = backend.get_job_definition(body["jobDefinition"])
    queue = backend.get_job_queue(body["jobQueue"])
    if job_definition is None or job_definition.status != "ACTIVE":
        raise ClientException(f"Job definition {body['jobDefinition']} does not exist")
    if queue is None:
        raise ClientException(f"Job queue {body['jobQueue']} does not exist")
    if queue.state != "ENABLED":
        raise ClientException(f"Job queue {queue.name} is disabled and takes no jobs")
    if queue.schedule_policy and not body.get("shareIdentifier"):
        raise ClientException(f"Job queue {queue.name} has a scheduling policy: shareIdentifier must be specified")
    parameters = {**(job_definition.parameters or {}), **(body.get("parameters") or {})}
    container = _overridden(definition.container_of(job_definition), _override(body, job_definition))
    container["command"] = [_with_parameter(word, parameters) for word in container.get("command") or []]
    priority = body.get("schedulingPriorityOverride") or getattr(job_definition, "scheduling_priority", None)
    return Job(
        name=body["jobName"],
        region=backend.region_name,
        queue=queue,
        definition=job_definition,
        container=container,
        parameters=parameters,
        retry_strategy=_retry_strategy(body.get("retryStrategy") or job_definition.retry_strategy),
        timeout=body.get("timeout") or job_definition.timeout or None,
        depends_on=body.get("dependsOn") or [],
        tags=body.get("tags") or {},
        scheduling_priority=priority or 0,
        share_identifier=body.get("shareIdentifier"),
        **array,
    )


def _override(body: dict[str, Any], job_definition: Any) -> dict[str, Any]:
    if body.get("ecsPropertiesOverride"):
        tasks = body["ecsPropertiesOverride"].get("taskProperties") or [{}]
        containers = tasks[0].get("containers") or [{}]
        found = containers[0]
    else:
        found = body.get("containerOverrides") or {}
    is_ecs = bool(getattr(job_definition, "ecs_properties", None))
    if (is_ecs and body.get("containerOverrides", {}).get("command")) or (not is_ecs and body.get("ecsPropertiesOverride")):
        raise ClientException("the overrides are not of the same kind as the properties of the job definition")
    unknown = sorted(set(found) - _OVERRIDABLE)
    if unknown:
        raise ClientException(f"override of {', '.join(unknown)} is not modelled by the local AWS")
    return found


def _overridden(container: dict[str, Any], override: dict[str, Any]) -> dict[str, Any]:
    """Commands are replaced; environment and resource requirements are merged by name and by type."""
    merged = {**container, **{name: override[name] for name in ("command", "vcpus", "memory") if override.get(name)}}
    for list_name, key in (("environment", "name"), ("resourceRequirements", "type")):
        entries = {entry[key]: entry for entry in [*(container.get(list_name) or []), *(override.get(list_name) or [])]}
        merged[list_name] = list(entries.values())
    return merged


def _with_parameter(word: str, parameters: dict[str, str]) -> str:
    """`Ref::name` as a whole word; one without a value stays as it is, as on AWS."""
    return parameters.get(word[5:], word) if word.startswith("Ref::") else word


def _retry_strategy(given: dict[str, Any] | None) -> dict[str, Any]:
    strategy = {"attempts": 1, "evaluateOnExit": [], **(given or {})}
    if not 1 <= int(strategy["attempts"]) <= MOST_ATTEMPTS:
        raise ClientException(f"retryStrategy.attempts is from 1 to {MOST_ATTEMPTS}, not {strategy['attempts']}")
    return strategy
