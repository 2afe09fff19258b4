"""What a target gets of an event."""

from __future__ import annotations

import json

import pytest
from localaws.errors import LocalAwsError
from localaws.events.inputs import input_of

RULE = {"name": "rule", "arn": "arn:rule"}
EVENT = {"time": "2026-01-01T00:00:00Z", "detail": {"key": 'a"b', "list": [{"n": 1}], "dotted.name": "x"}}


def test_the_event_a_constant_or_a_part():
    assert json.loads(input_of({}, EVENT, RULE)) == EVENT
    assert input_of({"Input": '{"a": 1}'}, EVENT, RULE) == '{"a": 1}'
    assert input_of({"InputPath": "$.detail.list[0].n"}, EVENT, RULE) == "1"
    assert input_of({"InputPath": "$.detail['dotted.name']"}, EVENT, RULE) == '"x"'
    with pytest.raises(LocalAwsError, match="is not in the event"):
        input_of({"InputPath": "$.detail.absent"}, EVENT, RULE)


def test_a_template_quotes_values_where_they_stand():
    transformer = {
        "InputPathsMap": {"key": "$.detail.key", "list": "$.detail.list", "absent": "$.detail.absent"},
        "InputTemplate": '{"key": <key>, "text": "key <key> of <aws.events.rule-name>", "list": <list>, "none": <absent>, "kept": "<other>"}',
    }
    assert json.loads(input_of({"InputTransformer": transformer}, EVENT, RULE)) == {
        "key": 'a"b',
        "text": 'key a"b of rule',
        "list": [{"n": 1}],
        "none": "",
        "kept": "<other>",
    }


def test_a_template_of_text():
    transformer = {"InputPathsMap": {"key": "$.detail.list[0].n"}, "InputTemplate": '"n is <key>"'}
    assert input_of({"InputTransformer": transformer}, EVENT, RULE) == '"n is 1"'
