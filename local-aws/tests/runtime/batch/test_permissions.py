"""The role of a state machine decides which jobs its executions may submit, tag and stop."""

from __future__ import annotations

from typing import Any

import pytest

from runtime.batch.test_executions import WAITS, allow, ended, job, only, queue, running, start  # noqa: F401

TAG, OTHER = {"queue": "mine"}, {"queue": "yours"}
ONLY_MINE = {"StringEquals": {"aws:RequestTag/queue": "mine"}, "ForAllValues:StringEquals": {"aws:TagKeys": ["queue"]}}
STOPS_MINE = allow("batch:TerminateJob", on="arn:aws:batch:us-east-1:123456789012:job/*", when={"StringEquals": {"aws:ResourceTag/queue": "mine"}})
JOBS = "arn:aws:batch:us-east-1:123456789012:job/*"


def tagged(queue: str, definition: str, tags: dict[str, str] | None) -> dict[str, Any]:
    state = job(queue, definition)
    state["Parameters"] |= {"Tags": tags} if tags else {}
    return only(state)


@pytest.mark.parametrize(
    ("tags", "denied"),
    [(TAG, None), (OTHER, "SubmitJob"), ({**TAG, "more": "1"}, "SubmitJob"), (None, "SubmitJob")],
)
def test_submits_only_with_the_tag_that_a_condition_asks_for(batch, start, queue, tags, denied):
    definition = batch.definition("pass")
    may = [allow("batch:SubmitJob", "batch:TagResource", on=[queue, definition], when=ONLY_MINE), allow("batch:TagResource", on=JOBS, when=ONLY_MINE)]
    described = ended(batch, start(tagged(queue, definition, tags), may=may))
    if denied is None:
        assert described["status"] == "SUCCEEDED", described["cause"]
    else:
        assert (described["status"], described["error"]) == ("FAILED", "Batch.AccessDeniedException")
        assert f"batch:{denied} on resource: {queue}" in described["cause"]


@pytest.mark.parametrize(
    ("may", "missing"),
    [
        ([allow("s3:*")], "batch:SubmitJob"),
        ([allow("batch:SubmitJob", on="arn:aws:batch:*:*:job-queue/*")], "batch:SubmitJob on resource: arn:aws:batch:us-east-1:123456789012:job-definition"),
        ([allow("batch:SubmitJob")], "batch:TagResource on resource: arn:aws:batch:us-east-1:123456789012:job-definition"),
        ([allow("batch:SubmitJob"), allow("batch:TagResource", on="arn:aws:batch:*:*:job-definition/*")], "batch:TagResource on resource: " + JOBS[:-1]),
        ([allow("batch:*"), {"Effect": "Deny", "Action": "batch:submitjob", "Resource": "*"}], "batch:SubmitJob"),
    ],
)
def test_a_submission_with_tags_needs_each_right(batch, start, queue, may, missing):
    described = ended(batch, start(tagged(queue, batch.definition("pass"), TAG), may=may))
    assert (described["status"], described["error"]) == ("FAILED", "Batch.AccessDeniedException")
    assert f"is not authorized to perform: {missing}" in described["cause"]


@pytest.mark.parametrize(("tags", "stops"), [(TAG, True), (OTHER, False), (None, False)])
def test_an_aborted_execution_stops_only_what_its_role_may_stop(batch, start, queue, tags, stops):
    may = [allow("batch:SubmitJob", "batch:TagResource"), STOPS_MINE]
    execution = start(tagged(queue, batch.definition(WAITS), tags), may=may)
    [job_id] = running(batch, queue, 1)
    batch.local.client("stepfunctions").stop_execution(executionArn=execution)
    assert ended(batch, execution)["status"] == "ABORTED"
    if stops:
        assert batch.ended(job_id)["isTerminated"]
    else:
        assert batch.status(job_id) == "RUNNING"
        batch.client.terminate_job(jobId=job_id, reason="the test is over")


def test_a_boundary_bounds(batch, start, queue):
    definition = batch.definition("pass")
    iam = batch.local.client("iam")
    document = '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}'
    boundary = iam.create_policy(PolicyName="OnlyObjects", PolicyDocument=document)["Policy"]["Arn"]
    execution = start(tagged(queue, definition, None))
    assert ended(batch, execution)["status"] == "SUCCEEDED"
    machine = batch.local.client("stepfunctions").describe_execution(executionArn=execution)["stateMachineArn"]
    role = batch.local.client("stepfunctions").describe_state_machine(stateMachineArn=machine)["roleArn"].rsplit("/", 1)[1]
    iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=boundary)
    again = batch.local.client("stepfunctions").start_execution(stateMachineArn=machine)["executionArn"]
    assert ended(batch, again)["error"] == "Batch.AccessDeniedException"


def test_a_condition_that_is_not_modelled_is_refused(batch, start, queue):
    may = [allow("batch:SubmitJob", when={"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}})]
    described = ended(batch, start(tagged(queue, batch.definition("pass"), None), may=may))
    assert described["status"] == "FAILED"
    assert "the condition StringNotEquals in a policy on batch jobs is not modelled by the local AWS" in described["cause"]
