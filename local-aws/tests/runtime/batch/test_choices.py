"""A Choice on what was read from S3, and one that only a redrive passes: what conditions of pipelines rest on."""

from __future__ import annotations

import json
from typing import Any

import pytest
from runtime.batch.test_executions import ended, only, parallel
from runtime.batch.test_executions import queue, start  # noqa: F401
from runtime.batch.test_redrive import bucket, redriven  # noqa: F401

REDRIVES = "$$.Execution.RedriveCount"


def reading(bucket: str, key: str, **more: Any) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:s3:getObject",
        "Parameters": {"Bucket": bucket, "Key": key, "Range": "bytes=0-63"},
        "ResultSelector": {"value.$": "States.StringToJson($.Body)", "redrives.$": REDRIVES},
        "ResultPath": "$.result",
        "Next": "Choose",
        **more,
    }


def deciding(bucket: str, key: str) -> dict[str, Any]:
    """Above a half, below, and, once redriven, read again where neither can be told."""
    variable = "$.result.value.good"
    valid = [{"Variable": variable, "IsPresent": True}, {"Variable": variable, "IsNumeric": True}]
    choices = [
        {"And": [*valid, {"Variable": variable, "NumericGreaterThan": 0.5}], "Next": "Good"},
        {"And": valid, "Next": "Bad"},
        {"Variable": REDRIVES, "NumericGreaterThanPath": "$.result.redrives", "Next": "First"},
    ]
    good, bad = ({"Type": "Pass", "Result": word, "End": True} for word in ("good", "bad"))
    return only(reading(bucket, key), Choose={"Type": "Choice", "Choices": choices}, Good=good, Bad=bad)


@pytest.mark.parametrize(("value", "output"), [(0.9, "good"), (0.1, "bad")])
def test_a_choice_on_what_an_object_says(batch, start, bucket, value, output):
    batch.local.client("s3").put_object(Bucket=bucket, Key="small", Body=json.dumps({"good": value}).encode())
    execution = ended(batch, start(deciding(bucket, "small")))
    assert (execution["status"], execution.get("output")) == ("SUCCEEDED", output), execution.get("cause")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (None, "S3.NoSuchKeyException"),
        ("{", "States.Runtime"),
        (json.dumps({"good": 0.9, "more": "x" * 100}), "States.Runtime"),
        ("{}", "States.NoChoiceMatched"),
        ('{"good": "yes"}', "States.NoChoiceMatched"),
    ],
)
def test_what_cannot_be_decided_on_is_read_again_by_a_redrive(batch, start, bucket, body, error):
    s3 = batch.local.client("s3")
    if body is not None:
        s3.put_object(Bucket=bucket, Key="small", Body=body.encode())
    execution = start(deciding(bucket, "small"))
    for described in (ended(batch, execution), redriven(batch, execution)):
        assert (described["status"], described["error"]) == ("FAILED", error), described.get("cause")
    s3.put_object(Bucket=bucket, Key="small", Body=b'{"good": 0.9}')
    described = redriven(batch, execution)
    assert (described["status"], described["output"]) == ("SUCCEEDED", "good"), described.get("cause")


def test_a_choice_within_a_parallel_is_evaluated_again(batch, start, bucket):
    s3 = batch.local.client("s3")
    s3.put_object(Bucket=bucket, Key="small", Body=b"{}")
    execution = start(only({"Type": "Parallel", "Branches": [deciding(bucket, "small")], "End": True}))
    assert ended(batch, execution)["error"] == "States.NoChoiceMatched"
    s3.put_object(Bucket=bucket, Key="small", Body=b'{"good": 0.1}')
    assert json.loads(redriven(batch, execution)["output"]) == ["bad"]


def test_the_context_counts_redrives(batch, start):
    """The gate lets pass whoever was redriven twice."""
    gate = {"Type": "Choice", "Choices": [{"Variable": REDRIVES, "NumericGreaterThan": 1, "Next": "Told"}]}
    told = {"Type": "Pass", "Parameters": {"redrives.$": REDRIVES, "since.$": "$$.Execution.RedriveTime"}, "End": True}
    execution = start(only(gate, Told=told))
    assert ended(batch, execution)["error"] == "States.NoChoiceMatched"
    assert redriven(batch, execution)["error"] == "States.NoChoiceMatched"
    output = json.loads(redriven(batch, execution)["output"])
    assert output["redrives"] == 2
    assert output["since"].endswith("Z")


def test_an_error_that_is_caught_may_be_dropped(batch, start):
    """A Catch with `ResultPath: null` hands the input on."""
    fails = {"Type": "Choice", "Choices": [{"Variable": "$.none", "IsPresent": True, "Next": "First"}]}
    caught = {"ErrorEquals": ["States.ALL"], "ResultPath": None, "Next": "After"}
    state = {**parallel(fails), "Catch": [caught], "Next": "After"}
    del state["End"]
    state["Branches"][0]["States"]["First"]["Choices"][0]["Next"] = "Other"
    state["Branches"][0]["States"]["Other"] = {"Type": "Succeed"}
    execution = ended(batch, start(only(state, After={"Type": "Pass", "End": True}), {"kept": 1}))
    assert (execution["status"], execution.get("output")) == ("SUCCEEDED", '{"kept": 1}'), execution.get("cause")


def test_a_runtime_error_is_not_caught(batch, start, bucket):
    """What is no JSON fails the execution, whatever is caught."""
    batch.local.client("s3").put_object(Bucket=bucket, Key="small", Body=b"{")
    caught = [{"ErrorEquals": ["States.ALL"], "ResultPath": None, "Next": "Choose"}]
    retried = [{"ErrorEquals": ["States.TaskFailed"], "MaxAttempts": 3, "IntervalSeconds": 60}]
    state = reading(bucket, "small", Catch=caught, Retry=retried)
    execution = ended(batch, start(only(state, Choose={"Type": "Pass", "End": True})))
    assert (execution["status"], execution["error"]) == ("FAILED", "States.Runtime"), execution.get("cause")


@pytest.mark.parametrize(
    ("path", "value"), [("$[0].a", 1), ("$[1].a", [2]), ("$[0].b[1].c", 3), ("$[0].b[*].c", [3]), ("$[?(@.a == 1)].a", [1])]
)
def test_a_path_without_a_wildcard_or_filter_is_one_value(batch, start, path, value):
    state = {"Type": "Pass", "Parameters": {"value.$": path}, "End": True}
    execution = ended(batch, start(only(state), [{"a": 1, "b": [{}, {"c": 3}]}, {"a": [2]}]))
    assert json.loads(execution["output"]) == {"value": value}
