"""Spot capacity that is taken away, and queues that cancel what waits in vain for too long."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
import requests
from runtime.waiting import eventually

LOST = "Your Spot Task was interrupted"
RETRIED = {"attempts": 2, "evaluateOnExit": [{"action": "RETRY", "onStatusReason": f"{LOST}*"}, {"action": "EXIT", "onReason": "*"}]}
WAITS_AT_FIRST = "import os, time; time.sleep(600 if os.environ['AWS_BATCH_JOB_ATTEMPT'] == '1' else 0)"
WAITS = "import time; time.sleep(600)"


def interrupt(batch: Any, job_id: str) -> requests.Response:
    return requests.post(f"{batch.local.endpoint}/_local/batch/interrupt", json={"jobId": job_id}, timeout=10)


@pytest.fixture
def spot(batch: Any) -> str:
    return batch.queue(batch.environment(kind="FARGATE_SPOT"))


def test_an_attempt_whose_capacity_is_taken_away_is_lost_and_the_rules_for_retries_say_whether_there_is_another(batch, spot):
    job_id = batch.submit(spot, batch.definition(WAITS_AT_FIRST, top={"retryStrategy": RETRIED}))
    batch.reached(job_id, "RUNNING")
    assert interrupt(batch, job_id).ok
    job = batch.ended(job_id)
    assert job["status"] == "SUCCEEDED"
    reasons = [(attempt["statusReason"], attempt["container"].get("exitCode")) for attempt in job["attempts"]]
    assert reasons == [(f"{LOST}.", None), ("Essential container in task exited", 0)]


def test_without_another_attempt_the_job_fails_in_the_words_of_aws(batch, spot):
    job_id = batch.submit(spot, batch.definition(WAITS))
    batch.reached(job_id, "RUNNING")
    assert interrupt(batch, job_id).ok
    assert (batch.ended(job_id)["status"], batch.job(job_id)["statusReason"]) == ("FAILED", f"{LOST}.")
    answer = interrupt(batch, job_id)
    assert (answer.status_code, answer.json()["error"].split(", ")[0]) == (400, f"job {job_id} does not run")


def test_capacity_on_demand_is_taken_away_from_nobody(batch):
    job_id = batch.submit(batch.queue(), batch.definition(WAITS))
    batch.reached(job_id, "RUNNING")
    answer = interrupt(batch, job_id)
    assert (answer.status_code, answer.json()["error"]) == (400, f"job {job_id} runs on FARGATE, which AWS takes away from nobody")
    batch.client.terminate_job(jobId=job_id, reason="end of test")
    batch.ended(job_id)


def test_a_queue_cancels_what_can_never_run_and_goes_on_with_what_is_behind(batch):
    limits = [
        {"reason": f"MISCONFIGURATION:{what}", "action": "CANCEL", "state": "RUNNABLE", "maxTimeSeconds": 600}
        for what in ("COMPUTE_ENVIRONMENT_MAX_RESOURCE", "JOB_RESOURCE_REQUIREMENT")
    ]
    order = [{"order": 1, "computeEnvironment": batch.environment(max_vcpus=1)}]
    queue = batch.client.create_job_queue(
        jobQueueName=f"n{uuid.uuid4().hex[:12]}", state="ENABLED", priority=1, computeEnvironmentOrder=order, jobStateTimeLimitActions=limits
    )["jobQueueArn"]
    stuck = batch.submit(queue, batch.definition("pass", vcpus="2"))
    behind = batch.submit(queue, batch.definition("pass"))
    assert batch.ended(behind)["status"] == "SUCCEEDED"
    job = batch.job(stuck)
    reason = "Canceled by JobStateTimeLimit action due to reason: MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT"
    assert (job["status"], job["statusReason"], job["attempts"]) == ("FAILED", reason, [])


@pytest.mark.parametrize("word", ["default_x86_64", "default_arm64", "m7i"])
def test_general_instances_hold_general_jobs_and_no_gpu_jobs(batch, word):
    profile = batch.local.client("iam").create_instance_profile(InstanceProfileName=f"n{uuid.uuid4().hex[:12]}")["InstanceProfile"]["Arn"]
    environment = batch.environment(kind="SPOT", minvCpus=0, instanceTypes=[word], instanceRole=profile)
    queue = batch.queue(environment)
    job_id = batch.submit(queue, batch.definition("pass", vcpus="16"))
    assert batch.ended(job_id)["status"] == "SUCCEEDED"
    gpu = [{"type": kind, "value": value} for kind, value in (("VCPU", "1"), ("MEMORY", "2048"), ("GPU", "1"))]
    waiting = batch.submit(queue, batch.definition("pass", resourceRequirements=gpu))
    assert "MISCONFIGURATION" in batch.reached(waiting, "RUNNABLE")["statusReason"]
    batch.client.cancel_job(jobId=waiting, reason="end of test")


def test_a_state_machine_says_the_share_of_its_job(batch):
    policy = batch.client.create_scheduling_policy(name=f"n{uuid.uuid4().hex[:12]}", fairsharePolicy={"shareDecaySeconds": 60})["arn"]
    order = [{"order": 1, "computeEnvironment": batch.environment()}]
    queue = batch.client.create_job_queue(
        jobQueueName=f"n{uuid.uuid4().hex[:12]}", state="ENABLED", priority=1, computeEnvironmentOrder=order, schedulingPolicyArn=policy
    )["jobQueueArn"]
    parameters = {"JobName": "job", "JobQueue": queue, "JobDefinition": batch.definition("pass"), "ShareIdentifier": "reports"}
    state = {"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync", "Parameters": parameters, "End": True}
    sfn, name = batch.local.client("stepfunctions"), f"m{uuid.uuid4().hex[:10]}"
    iam = batch.local.client("iam")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    jobs = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "batch:SubmitJob", "Resource": "*"}]}
    iam.put_role_policy(RoleName=name, PolicyName="Jobs", PolicyDocument=json.dumps(jobs))
    machine = json.dumps({"StartAt": "Job", "States": {"Job": state}})
    arn = sfn.create_state_machine(name=name, definition=machine, roleArn=role)["stateMachineArn"]
    execution = sfn.start_execution(stateMachineArn=arn, name=name)["executionArn"]
    eventually(lambda: sfn.describe_execution(executionArn=execution)["status"] != "RUNNING", "the execution ends")
    told = sfn.describe_execution(executionArn=execution)
    assert (told["status"], json.loads(told["output"])["ShareIdentifier"]) == ("SUCCEEDED", "reports")
