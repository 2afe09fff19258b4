"""Retries, time-outs and the ends that a caller asks for."""

from __future__ import annotations

import pytest
from runtime.waiting import eventually

FAILS_ONCE = "import os; raise SystemExit(5 if os.environ['AWS_BATCH_JOB_ATTEMPT'] == '1' else 0)"
WAITS = "import time; print('up', flush=True); time.sleep(600)"


def test_a_failed_attempt_is_followed_by_another(batch):
    definition = batch.definition(FAILS_ONCE, top={"retryStrategy": {"attempts": 3}})
    job = batch.ended(batch.submit(batch.queue(), definition))
    assert job["status"] == "SUCCEEDED"
    assert [attempt["container"]["exitCode"] for attempt in job["attempts"]] == [5, 0]
    streams = {attempt["container"]["logStreamName"] for attempt in job["attempts"]}
    assert len(streams) == 2


def test_no_more_attempts_than_allowed(batch):
    job = batch.ended(batch.submit(batch.queue(), batch.definition("raise SystemExit(1)"), retryStrategy={"attempts": 2}))
    assert (job["status"], len(job["attempts"])) == ("FAILED", 2)


@pytest.mark.parametrize(
    ("rule", "attempts"),
    [
        ({"onExitCode": "7", "action": "EXIT"}, 1),
        ({"onExitCode": "8", "action": "EXIT"}, 3),
        ({"onStatusReason": "Essential*", "action": "EXIT"}, 1),
        ({"onExitCode": "7", "onReason": "Host*", "action": "EXIT"}, 3),
    ],
)
def test_evaluate_on_exit_decides(batch, rule, attempts):
    strategy = {"attempts": 3, "evaluateOnExit": [rule]}
    job = batch.ended(batch.submit(batch.queue(), batch.definition("raise SystemExit(7)"), retryStrategy=strategy))
    assert len(job["attempts"]) == attempts


def test_a_timeout_ends_the_job_without_another_attempt(batch):
    definition = batch.definition(WAITS, top={"retryStrategy": {"attempts": 3}})
    job = batch.ended(batch.submit(batch.queue(), definition, timeout={"attemptDurationSeconds": 1}))
    assert (job["status"], job["statusReason"]) == ("FAILED", "Job attempt duration exceeded timeout")
    assert len(job["attempts"]) == 1


def test_terminate_ends_a_running_job_with_its_reason(batch):
    job_id = batch.submit(batch.queue(), batch.definition(WAITS), retryStrategy={"attempts": 3})
    batch.reached(job_id, "RUNNING")
    batch.client.terminate_job(jobId=job_id, reason="not needed any more")
    job = batch.ended(job_id)
    assert (job["status"], job["statusReason"], job["isTerminated"]) == ("FAILED", "not needed any more", True)
    assert len(job["attempts"]) == 1


def test_cancel_leaves_a_running_job_alone_and_ends_a_waiting_one(batch):
    queue = batch.queue(batch.environment(max_vcpus=1))
    running = batch.submit(queue, batch.definition(WAITS))
    batch.reached(running, "RUNNING")
    waiting = batch.submit(queue, batch.definition("pass"))
    for job_id in (running, waiting):
        batch.client.cancel_job(jobId=job_id, reason="changed my mind")
    assert batch.ended(waiting)["statusReason"] == "changed my mind"
    assert batch.status(running) == "RUNNING"
    batch.client.terminate_job(jobId=running, reason="end of test")
    eventually(lambda: batch.status(running) == "FAILED", "the running job ends")
