"""Jobs of Step Functions: `batch:submitJob.sync` waits for the job, and takes it along when it is stopped."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from runtime.waiting import eventually

WAITS = "import time; time.sleep(600)"


@pytest.fixture
def start(batch):
    """Starts an execution of a state machine, whose states are given; returns its ARN. Its role may do all with jobs, unless `may` says what."""

    def run(definition: dict[str, Any], given: Any = None, may: list[dict[str, Any]] | None = None) -> str:
        sfn, name = batch.local.client("stepfunctions"), f"m{uuid.uuid4().hex[:10]}"
        iam = batch.local.client("iam")
        role = iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
        statements = [allow("batch:*")] if may is None else may
        policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
        iam.put_role_policy(RoleName=name, PolicyName="Jobs", PolicyDocument=policy)
        machine = sfn.create_state_machine(name=name, definition=json.dumps(definition), roleArn=role)["stateMachineArn"]
        return sfn.start_execution(stateMachineArn=machine, name=name, input=json.dumps(given or {}))["executionArn"]

    return run


@pytest.fixture
def queue(batch) -> str:
    return batch.queue()


def allow(*actions: str, on: Any = "*", when: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": on, **({"Condition": when} if when else {})}


def job(queue: str, definition: str, **more: Any) -> dict[str, Any]:
    parameters = {"JobName": "job", "JobQueue": queue, "JobDefinition": definition}
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::batch:submitJob.sync",
        "Parameters": parameters,
        "End": True,
        **more,
    }


def only(state: dict[str, Any], **others: Any) -> dict[str, Any]:
    """A state machine, or a branch of one, that begins with this state."""
    return {"StartAt": "First", "States": {"First": state, **others}}


def parallel(*states: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"Type": "Parallel", "Branches": [only(state) for state in states], "End": True, **more}


def each(state: dict[str, Any], **more: Any) -> dict[str, Any]:
    processor = {"ProcessorConfig": {"Mode": "INLINE"}, **only(state)}
    return {"Type": "Map", "ItemsPath": "$.items", "ItemProcessor": processor, "End": True, **more}


def ended(batch, execution: str) -> dict[str, Any]:
    describe = batch.local.client("stepfunctions").describe_execution
    eventually(lambda: describe(executionArn=execution)["status"] != "RUNNING", "the execution ends")
    return describe(executionArn=execution)


def running(batch, queue: str, count: int) -> list[str]:
    def found() -> list[str] | None:
        jobs = batch.client.list_jobs(jobQueue=queue, jobStatus="RUNNING")["jobSummaryList"]
        return [job["jobId"] for job in jobs] if len(jobs) == count else None

    return eventually(found, f"{count} jobs run")


def all_end(batch, queue: str) -> None:
    states = ("SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING")
    listed = batch.client.list_jobs
    eventually(
        lambda: not any(listed(jobQueue=queue, jobStatus=s)["jobSummaryList"] for s in states), "all jobs end", within=15
    )


def test_the_output_is_the_job(batch, start, queue):
    execution = ended(batch, start(only(job(queue, batch.definition("pass")))))
    output = json.loads(execution["output"])
    assert (execution["status"], output["Status"], output["Container"]["ExitCode"]) == ("SUCCEEDED", "SUCCEEDED", 0)


def test_a_failed_job_is_the_cause(batch, start, queue):
    execution = ended(batch, start(only(job(queue, batch.definition("raise SystemExit(6)")))))
    cause = json.loads(execution["cause"])
    assert (execution["status"], execution["error"]) == ("FAILED", "States.TaskFailed")
    assert (cause["Status"], cause["Container"]["ExitCode"]) == ("FAILED", 6)
    assert cause["StatusReason"] == "Essential container in task exited"


@pytest.mark.parametrize("shape", ["one", "parallel", "map"])
def test_stopping_the_execution_terminates_its_jobs(batch, start, queue, shape):
    state = job(queue, batch.definition(WAITS))
    shapes = {"one": (state, 1), "parallel": (parallel(state, state), 2), "map": (each(state), 3)}
    execution = start(only(shapes[shape][0]), {"items": [1, 2, 3]})
    jobs = running(batch, queue, shapes[shape][1])
    batch.local.client("stepfunctions").stop_execution(executionArn=execution, error="Enough", cause="nobody waits")
    for job_id in jobs:
        stopped = batch.ended(job_id)
        assert (stopped["status"], stopped["isTerminated"]) == ("FAILED", True)
    described = ended(batch, execution)
    assert (described["status"], described["error"], described["cause"]) == ("ABORTED", "Enough", "nobody waits")


@pytest.mark.parametrize("shape", [parallel, each])
def test_a_failed_job_inside_is_caught_outside_by_its_name(batch, start, queue, shape):
    fails = job(queue, batch.definition("raise SystemExit(6)"))
    catch = [{"ErrorEquals": ["States.TaskFailed"], "ResultPath": "$.error", "Next": "Caught"}]
    machine = only(shape(fails, Catch=catch), Caught={"Type": "Pass", "End": True})
    execution = ended(batch, start(machine, {"items": [1]}))
    assert execution["status"] == "SUCCEEDED", execution.get("cause")
    assert json.loads(execution["output"])["error"]["Error"] == "States.TaskFailed"


def test_a_failed_branch_takes_the_jobs_of_the_others_along(batch, start, queue):
    waits, fails = job(queue, batch.definition(WAITS)), job(queue, batch.definition("raise SystemExit(6)"))
    execution = ended(batch, start(only(parallel(waits, fails))))
    assert (execution["status"], execution["error"]) == ("FAILED", "States.TaskFailed")
    all_end(batch, queue)


@pytest.mark.parametrize(("of_state", "of_machine", "status"), [(1, None, "FAILED"), (None, 1, "TIMED_OUT")])
def test_a_time_out_terminates_the_job(batch, start, queue, of_state, of_machine, status):
    state = job(queue, batch.definition(WAITS), **({"TimeoutSeconds": of_state} if of_state else {}))
    machine = {**only(state), **({"TimeoutSeconds": of_machine} if of_machine else {})}
    assert ended(batch, start(machine))["status"] == status
    all_end(batch, queue)
