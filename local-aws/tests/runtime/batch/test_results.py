"""What branches and items result in may have 256 KiB, whatever becomes of it; a ResultWriter writes it to S3 instead."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runtime.batch.test_executions import ended, only, start  # noqa: F401
from runtime.batch.test_redrive import bucket, distributed  # noqa: F401

MUCH = "x" * 100_000
HANDS_ON = {"Type": "Pass", "End": True}
FAILS_ON_TWO = {"Type": "Choice", "Choices": [{"Variable": "$.number", "NumericEquals": 2, "Next": "Fail"}], "Default": "Fine"}
TOLERANT = {"Fail": {"Type": "Fail", "Error": "Bad", "Cause": "it is two"}, "Fine": {"Type": "Pass", "Result": {"done": True}, "End": True}}


def branches(**more: Any) -> dict[str, Any]:
    return {"Type": "Parallel", "Branches": [only({**HANDS_ON, **more})] * 3, "ResultPath": None, "End": True}


@pytest.mark.parametrize(("more", "status"), [({}, "FAILED"), ({"OutputPath": None}, "SUCCEEDED"), ({"OutputPath": "$.little"}, "SUCCEEDED")])
def test_what_branches_hand_on_counts_though_it_is_dropped(batch, start, more, status):
    described = ended(batch, start(only(branches(**more)), {"much": MUCH, "little": 1}))
    assert described["status"] == status
    if status == "FAILED":
        assert described["error"] == "States.DataLimitExceeded"
    else:
        assert json.loads(described["output"]) == {"much": MUCH, "little": 1}


@pytest.mark.parametrize("shape", ["inline", "distributed"])
def test_what_items_hand_on_counts_though_it_is_dropped(batch, start, shape):
    inline = {"Type": "Map", "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, **only(HANDS_ON)}, "End": True}
    state = {**(inline if shape == "inline" else distributed(HANDS_ON)), "ResultPath": None}
    state |= {"ItemsPath": "$.items", "ItemSelector": {"much.$": "$.much"}}
    described = ended(batch, start(only(state), {"items": [1, 2, 3], "much": MUCH}))
    assert (described["status"], described["error"]) == ("FAILED", "States.DataLimitExceeded")


def test_what_items_result_in_is_written_to_s3(batch, start, bucket):
    writer = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": bucket, "Prefix.$": "States.Format('runs/{}', $$.Execution.Name)"}}
    processor = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, **only(FAILS_ON_TWO, **TOLERANT)}
    state = {
        "Type": "Map", "ItemsPath": "$.items", "ItemProcessor": processor, "ToleratedFailurePercentage": 50, "ResultWriter": writer, "End": True,
        "ItemSelector": {"number.$": "$$.Map.Item.Value"},
    }
    execution = start(only(state), {"items": [1, 2, 3]})
    described = ended(batch, execution)
    assert described["status"] == "SUCCEEDED", described["cause"]
    output = json.loads(described["output"])
    s3 = batch.local.client("s3")

    def read(key: str) -> Any:
        return json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())

    key = output["ResultWriterDetails"]["Key"]
    assert key.startswith(f"runs/{execution.rsplit(':', 1)[1]}/")
    assert key.endswith("/manifest.json")
    files = read(key)["ResultFiles"]
    [failed] = read(files["FAILED"][0]["Key"])
    assert (failed["Error"], failed["Cause"], failed["Status"]) == ("Bad", "it is two", "FAILED")
    succeeded = read(files["SUCCEEDED"][0]["Key"])
    assert [json.loads(item["Output"]) for item in succeeded] == [{"done": True}] * 2
    assert [json.loads(item["Input"]) for item in [failed, *succeeded]] == [{"number": 2}, {"number": 1}, {"number": 3}]
    assert files["PENDING"] == []


def test_what_is_written_to_s3_may_be_long(batch, start, bucket):
    writer = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": bucket, "Prefix": "runs"}}
    state = distributed(HANDS_ON, ItemsPath="$.items", ItemSelector={"much.$": "$.much"}, ResultWriter=writer, ResultPath=None)
    described = ended(batch, start(only(state), {"items": [1, 2, 3], "much": MUCH}))
    assert described["status"] == "SUCCEEDED", described["cause"]
