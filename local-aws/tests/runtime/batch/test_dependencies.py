"""Array jobs, and jobs that wait for others."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

BY_INDEX = "import os; raise SystemExit(1 if os.environ['AWS_BATCH_JOB_ARRAY_INDEX'] == '{}' else 0)"


def test_an_array_runs_each_index_once_and_sums_up(batch):
    job_id = batch.submit(batch.queue(), batch.definition(BY_INDEX.format("none")), arrayProperties={"size": 3})
    job = batch.ended(job_id)
    assert (job["status"], job["arrayProperties"]["size"]) == ("SUCCEEDED", 3)
    assert job["arrayProperties"]["statusSummary"]["SUCCEEDED"] == 3
    children = batch.client.list_jobs(arrayJobId=job_id, jobStatus="SUCCEEDED")["jobSummaryList"]
    assert [child["arrayProperties"]["index"] for child in children] == [0, 1, 2]


def test_an_array_fails_with_one_child_after_all_have_ended(batch):
    job = batch.ended(batch.submit(batch.queue(), batch.definition(BY_INDEX.format(1)), arrayProperties={"size": 3}))
    summary = job["arrayProperties"]["statusSummary"]
    assert (job["status"], summary["SUCCEEDED"], summary["FAILED"]) == ("FAILED", 2, 1)
    assert job["statusReason"] == "Array Child Job failed"


def test_a_job_waits_for_the_one_it_depends_on(batch):
    queue = batch.queue()
    first = batch.submit(queue, batch.definition("pass"))
    second = batch.submit(queue, batch.definition("pass"), dependsOn=[{"jobId": first}])
    assert batch.ended(second)["status"] == "SUCCEEDED"
    assert batch.job(first)["stoppedAt"] <= batch.job(second)["startedAt"]


def test_a_failed_dependency_fails_the_job_without_an_attempt(batch):
    queue = batch.queue()
    first = batch.submit(queue, batch.definition("raise SystemExit(1)"))
    second = batch.ended(batch.submit(queue, batch.definition("pass"), dependsOn=[{"jobId": first}]))
    assert (second["status"], second["statusReason"], second["attempts"]) == ("FAILED", "Dependent Job failed", [])


def test_a_sequential_array_runs_one_after_the_other(batch):
    job_id = batch.submit(
        batch.queue(), batch.definition("pass"), arrayProperties={"size": 3}, dependsOn=[{"type": "SEQUENTIAL"}]
    )
    assert batch.ended(job_id)["status"] == "SUCCEEDED"
    children = [batch.job(f"{job_id}:{index}") for index in range(3)]
    assert all(a["stoppedAt"] <= b["startedAt"] for a, b in zip(children, children[1:]))


def test_n_to_n_depends_index_by_index(batch):
    queue = batch.queue()
    first = batch.submit(queue, batch.definition(BY_INDEX.format(0)), arrayProperties={"size": 2})
    second = batch.submit(
        queue, batch.definition("pass"), arrayProperties={"size": 2}, dependsOn=[{"jobId": first, "type": "N_TO_N"}]
    )
    assert batch.ended(second)["status"] == "FAILED"
    assert [batch.status(f"{second}:{index}") for index in range(2)] == ["FAILED", "SUCCEEDED"]


def test_a_dependency_on_an_unknown_job_is_refused(batch):
    with pytest.raises(ClientError, match="Job unknown does not exist"):
        batch.submit(batch.queue(), batch.definition("pass"), dependsOn=[{"jobId": "unknown"}])
