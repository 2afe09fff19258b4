"""Which job runs when: capacity, priority, and jobs that can never run."""

from __future__ import annotations

import json

import pytest
from runtime.waiting import eventually

HOLDS_UNTIL_FILE = "import os, sys, time\nwhile not os.path.exists(sys.argv[1]): time.sleep(0.02)"


@pytest.fixture
def held(batch, tmp_path):
    """A definition whose jobs run until `release` makes a file."""
    gate = tmp_path / "open"
    definition = batch.definition(command=["python3", "-c", HOLDS_UNTIL_FILE, str(gate)])
    return definition, gate.touch


def test_no_more_run_at_once_than_the_compute_environment_has_vcpus_for(batch, held):
    definition, release = held
    queue = batch.queue(batch.environment(max_vcpus=2))
    jobs = [batch.submit(queue, definition) for _ in range(3)]
    for job_id in jobs[:2]:
        batch.reached(job_id, "RUNNING")
    assert batch.status(jobs[2]) == "RUNNABLE"
    release()
    assert all(batch.ended(job_id)["status"] == "SUCCEEDED" for job_id in jobs)


def test_a_queue_of_higher_priority_goes_first(batch, held):
    definition, release = held
    environment = batch.environment(max_vcpus=1)
    low, high = batch.queue(environment, priority=1), batch.queue(environment, priority=10)
    batch.reached(batch.submit(low, definition), "RUNNING")
    later = batch.submit(low, batch.definition("pass"))
    first = batch.submit(high, batch.definition("pass"))
    release()
    assert batch.ended(first)["startedAt"] <= batch.ended(later)["startedAt"]
    assert batch.job(first)["stoppedAt"] <= batch.job(later)["startedAt"]


def test_a_job_that_can_never_fit_stays_runnable_until_there_is_room(batch):
    environment = batch.environment(max_vcpus=1)
    job_id = batch.submit(batch.queue(environment), batch.definition("pass", vcpus="2"))
    reason = batch.reached(job_id, "RUNNABLE")["statusReason"]
    assert reason.startswith("MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT")
    batch.client.update_compute_environment(computeEnvironment=environment, computeResources={"maxvCpus": 2})
    assert batch.ended(job_id)["status"] == "SUCCEEDED"


def test_a_gpu_job_does_not_run_where_there_are_none(batch):
    requirements = [{"type": kind, "value": value} for kind, value in (("VCPU", "1"), ("MEMORY", "2048"), ("GPU", "1"))]
    definition = batch.definition("pass", resourceRequirements=requirements)
    job_id = batch.submit(batch.queue(), definition)
    assert "MISCONFIGURATION" in batch.reached(job_id, "RUNNABLE")["statusReason"]
    batch.client.cancel_job(jobId=job_id, reason="end of test")


def test_each_change_of_state_is_an_event(batch):
    events, sqs = batch.local.client("events"), batch.local.client("sqs")
    name = batch.image[-14:-2]
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    queue = batch.queue()
    pattern = {"source": ["aws.batch"], "detail": {"jobQueue": [queue]}}
    events.put_rule(Name=name, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": arn}])
    job_id = batch.submit(queue, batch.definition("pass"))
    seen: set[str] = set()

    def all_states_seen() -> bool:
        for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
            event = json.loads(message["Body"])
            assert (event["detail-type"], event["detail"]["jobId"]) == ("Batch Job State Change", job_id)
            seen.add(event["detail"]["status"])
        return seen == {"SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED"}

    eventually(all_states_seen, "an event of each state arrives")
