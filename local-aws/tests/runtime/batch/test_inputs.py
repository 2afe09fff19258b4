"""What checks the input of an execution: defaults under it, its values listed, as texts, a cause with a value in it."""

from __future__ import annotations

import json

import pytest
from runtime.batch.test_executions import ended, only
from runtime.batch.test_executions import queue, start  # noqa: F401


def merged(**values: str) -> dict:
    """The input, with defaults for `a` and `b`, and what is computed from that."""
    return only(
        {
            "Type": "Pass",
            "Parameters": {"defaults": {"a": 1, "b": "two"}, "given.$": "$$.Execution.Input"},
            "Next": "Merge",
        },
        Merge={"Type": "Pass", "Parameters": {"all.$": "States.JsonMerge($.defaults, $.given, false)"}, "Next": "Last"},
        Last={"Type": "Pass", "Parameters": {f"{name}.$": value for name, value in values.items()}, "End": True},
    )


@pytest.mark.parametrize(("given", "a", "values"), [({}, 1, [1, "two"]), ({"a": 5}, 5, [5, "two"]), ({"c": None}, 1, [1, "two", None])])
def test_defaults_are_put_under_the_input(batch, start, given, a, values):
    execution = ended(batch, start(merged(values="$.all.*", a="$.all.a"), given))
    assert json.loads(execution["output"]) == {"values": values, "a": a}, execution.get("cause")


@pytest.mark.parametrize(("given", "values"), [({}, []), ({"a": 1}, [1]), ({"a": [1]}, [[1]]), ({"a": 1, "b": {"c": 2}}, [1, {"c": 2}])])
def test_a_wildcard_is_a_list_of_however_many(batch, start, given, values):
    definition = only({"Type": "Pass", "Parameters": {"values.$": "$.of.*"}, "End": True})
    assert json.loads(ended(batch, start(definition, {"of": given}))["output"]) == {"values": values}


@pytest.mark.parametrize(("value", "text"), [("x", "x"), (5, "5"), (-3, "-3"), (1.5, "1.5"), (True, "true"), (False, "false")])
def test_a_value_of_any_type_becomes_a_text(batch, start, value, text):
    execution = ended(batch, start(merged(text="States.Format('{}', $.all.a)"), {"a": value}))
    assert json.loads(execution["output"]) == {"text": text}, execution.get("cause")


@pytest.mark.parametrize(("value", "text"), [("x", '"x"'), (5, "5"), (True, "true"), (None, "null"), ([1], "[1]"), ({"k": "v"}, '{"k":"v"}')])
def test_a_cause_has_a_text_and_a_value_in_it(batch, start, value, text):
    begin = {"Type": "Pass", "Parameters": {"text": "don't {write} \"\\\", got ", "value.$": "$.value"}, "Next": "Last"}
    cause = "States.Format('{}{}', $.text, States.JsonToString($.value))"
    execution = ended(batch, start(only(begin, Last={"Type": "Fail", "Error": "InvalidInput", "CausePath": cause}), {"value": value}))
    assert (execution["status"], execution["error"]) == ("FAILED", "InvalidInput")
    assert execution["cause"] == "don't {write} \"\\\", got " + text
