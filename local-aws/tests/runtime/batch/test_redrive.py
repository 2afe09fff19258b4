"""RedriveExecution goes on with what did not succeed, and distributed Maps hold failed items against the tolerance."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from runtime.batch.test_executions import ended, job, only, parallel, running
from runtime.batch.test_executions import WAITS, queue, start  # noqa: F401


@pytest.fixture
def bucket(local_aws) -> str:
    name = f"b{uuid.uuid4().hex[:12]}"
    local_aws.client("s3").create_bucket(Bucket=name)
    return name


def noting(folder: Path, name: str, then: str = "") -> str:
    """A program that leaves a file for each run of it."""
    return f"import os, uuid; open(os.path.join({str(folder)!r}, '{name}-' + uuid.uuid4().hex), 'w'); {then}"


def until_repaired(folder: Path) -> str:
    return f"raise SystemExit(0 if os.path.exists({str(folder / 'repaired')!r}) else 7)"


def runs(folder: Path, name: str) -> int:
    return len(list(folder.glob(f"{name}-*")))


def redriven(batch, execution: str) -> dict[str, Any]:
    batch.local.client("stepfunctions").redrive_execution(executionArn=execution)
    return ended(batch, execution)


def distributed(state: dict[str, Any], **more: Any) -> dict[str, Any]:
    config = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    processor = {"ProcessorConfig": config, **only(state)}
    return {"Type": "Map", "ItemProcessor": processor, "End": True, **more}


def picky(batch, queue: str, folder: Path, bad: str = "1", **more: Any) -> dict[str, Any]:
    """A job that fails for one item, until it is repaired."""
    script = f"import os; name = 'item' + os.environ['ITEM']; {noting(folder, 'NAME')}".replace("'NAME-'", "name + '-'")
    script += f"\nif os.environ['ITEM'] == {bad!r}: {until_repaired(folder)}"
    state = job(queue, batch.definition(script), **more)
    state["Parameters"]["ContainerOverrides"] = {"Environment": [{"Name": "ITEM", "Value.$": "States.Format('{}', $)"}]}
    return state


def test_at_the_top_what_succeeded_is_not_run_again(batch, start, queue, tmp_path):
    good = job(queue, batch.definition(noting(tmp_path, "good")), ResultPath=None, Next="Second")
    bad = job(queue, batch.definition(noting(tmp_path, "bad", until_repaired(tmp_path))), ResultPath=None)
    del good["End"]
    execution = start(only(good, Second=bad), {"kept": 1})
    described = ended(batch, execution)
    assert (described["status"], described["redriveStatus"], described["redriveCount"]) == ("FAILED", "REDRIVABLE", 0)
    (tmp_path / "repaired").touch()
    described = redriven(batch, execution)
    assert (described["status"], described["redriveCount"]) == ("SUCCEEDED", 1)
    assert json.loads(described["output"]) == {"kept": 1}
    assert (runs(tmp_path, "good"), runs(tmp_path, "bad")) == (1, 2)
    history = batch.local.client("stepfunctions").get_execution_history(executionArn=execution)["events"]
    assert [event["type"] for event in history].count("ExecutionRedriven") == 1


def test_in_a_parallel_only_the_failed_and_the_aborted_branch_run_again(batch, start, queue, tmp_path):
    """One branch: a job that succeeds, then one that is aborted while it runs. The other fails as soon as that one runs."""
    good = job(queue, batch.definition(noting(tmp_path, "good")), Next="Waits")
    del good["End"]
    waiting = f"import time\nwhile not os.path.exists({str(tmp_path / 'repaired')!r}): time.sleep(0.05)"
    waits = {**job(queue, batch.definition(noting(tmp_path, "waits") + "\n" + waiting)), "ResultPath": None}
    begun = f"any(name.startswith('waits-') for name in os.listdir({str(tmp_path)!r}))"
    until_begun = f"import os, time\nwhile not {begun}: time.sleep(0.05)\n"
    bad = job(queue, batch.definition(until_begun + noting(tmp_path, "bad", until_repaired(tmp_path))))
    execution = start(only({"Type": "Parallel", "Branches": [only(good, Waits=waits), only(bad)], "End": True}))
    assert ended(batch, execution)["status"] == "FAILED"
    (tmp_path / "repaired").touch()
    assert redriven(batch, execution)["status"] == "SUCCEEDED"
    assert [runs(tmp_path, name) for name in ("good", "waits", "bad")] == [1, 2, 2]


@pytest.mark.parametrize("mode", ["INLINE", "DISTRIBUTED"])
def test_in_a_map_only_the_failed_item_runs_again(batch, start, queue, tmp_path, mode):
    machine = distributed(picky(batch, queue, tmp_path, "3"), ItemsPath="$.items", MaxConcurrency=1)
    machine["ItemProcessor"]["ProcessorConfig"] = {"Mode": mode} if mode == "INLINE" else {"Mode": mode, "ExecutionType": "STANDARD"}
    execution = start(only(machine), {"items": [1, 2, 3]})
    assert ended(batch, execution)["status"] == "FAILED"
    (tmp_path / "repaired").touch()
    described = redriven(batch, execution)
    assert (described["status"], len(json.loads(described["output"]))) == ("SUCCEEDED", 3)
    assert [runs(tmp_path, f"item{number}") for number in (1, 2, 3)] == [1, 1, 2]


def test_an_aborted_execution_goes_on(batch, start, queue):
    execution = start(only(job(queue, batch.definition(WAITS))))
    running(batch, queue, 1)
    sfn = batch.local.client("stepfunctions")
    sfn.stop_execution(executionArn=execution)
    assert ended(batch, execution)["status"] == "ABORTED"
    sfn.redrive_execution(executionArn=execution)
    running(batch, queue, 1)
    sfn.stop_execution(executionArn=execution)
    assert ended(batch, execution)["redriveCount"] == 1


def test_what_runs_or_has_succeeded_is_not_redriven(batch, start):
    execution = start(only({"Type": "Pass", "End": True}))
    assert ended(batch, execution)["redriveStatus"] == "NOT_REDRIVABLE"
    with pytest.raises(ClientError, match="ExecutionNotRedrivable"):
        batch.local.client("stepfunctions").redrive_execution(executionArn=execution)


@pytest.mark.parametrize(
    ("tolerance", "status"),
    [
        ({}, "FAILED"),
        ({"ToleratedFailurePercentage": 25}, "SUCCEEDED"),
        ({"ToleratedFailurePercentage": 24}, "FAILED"),
        ({"ToleratedFailureCount": 1}, "SUCCEEDED"),
    ],
)
def test_failed_items_count_against_the_tolerance(batch, start, queue, tmp_path, tolerance, status):
    machine = distributed(picky(batch, queue, tmp_path), ItemsPath="$.items", **tolerance)
    execution = ended(batch, start(only(machine), {"items": [1, 2, 3, 4]}))
    assert execution["status"] == status, execution.get("cause")
    if status == "FAILED":
        assert execution["error"] == "States.ExceedToleratedFailureThreshold"


def passing(bucket: str, resource: str, parameters: dict[str, Any], config: dict[str, Any] | None = None) -> dict[str, Any]:
    reader = {"Resource": f"arn:aws:states:::s3:{resource}", "Parameters": {"Bucket": bucket, **parameters}}
    state = {"Type": "Pass", "End": True}
    return distributed(state, ItemReader={**reader, **({"ReaderConfig": config} if config else {})}, MaxConcurrency=4)


def test_items_are_all_objects_below_a_prefix(batch, start, bucket):
    s3 = batch.local.client("s3")
    for number in range(1001):
        s3.put_object(Bucket=bucket, Key=f"in/{number}", Body=b"")
    execution = ended(batch, start(only(passing(bucket, "listObjectsV2", {"Prefix": "in/"}))))
    assert execution["status"] == "SUCCEEDED", execution.get("cause")
    assert {item["Key"] for item in json.loads(execution["output"])} == {f"in/{number}" for number in range(1001)}


def test_no_objects_are_no_items(batch, start, bucket):
    execution = ended(batch, start(only(passing(bucket, "listObjectsV2", {"Prefix": "none/"}))))
    assert (execution["status"], execution.get("output")) == ("SUCCEEDED", "[]")


@pytest.mark.parametrize(
    ("body", "config"),
    [
        ('[{"name": "a"}, {"name": "b"}]', {"InputType": "JSON"}),
        ("name\na\nb\n", {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}),
    ],
)
def test_items_are_the_rows_of_a_list(batch, start, bucket, body, config):
    batch.local.client("s3").put_object(Bucket=bucket, Key="list", Body=body.encode())
    execution = ended(batch, start(only(passing(bucket, "getObject", {"Key": "list"}, config))))
    assert json.loads(execution["output"]) == [{"name": "a"}, {"name": "b"}], execution.get("cause")


def test_an_item_is_an_execution_of_its_own(batch, start):
    state = {"Type": "Pass", "Parameters": {"child.$": "$$.Execution.Name", "parent.$": "$.parent"}, "End": True}
    selector = {"parent.$": "$$.Execution.Name", "item.$": "$$.Map.Item.Value"}
    arn = start(only(distributed(state, ItemsPath="$.items", ItemSelector=selector)), {"items": [1, 2]})
    first, second = json.loads(ended(batch, arn)["output"])
    assert first["parent"] == second["parent"] == arn.rsplit(":", 1)[1]
    assert len({first["child"], second["child"], first["parent"]}) == 3
