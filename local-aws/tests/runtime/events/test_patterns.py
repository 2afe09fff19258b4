"""Event patterns, as EventBridge documents them."""

from __future__ import annotations

import pytest
from localaws.errors import NotModelled
from localaws.events.patterns import check, matches

EVENT = {
    "source": "aws.s3",
    "detail": {
        "object": {"key": "in/a.csv", "size": 10},
        "tags": ["red", "blue"],
        "ok": True,
        "none": None,
        "address": "10.1.2.3",
    },
}


@pytest.mark.parametrize(
    ("wanted", "matched"),
    [
        ({"source": ["aws.s3"]}, True),
        ({"source": ["aws.ec2", "aws.s3"]}, True),
        ({"source": ["aws.ec2"]}, False),
        ({"detail": {"object": {"key": [{"prefix": "in/"}]}}}, True),
        ({"detail": {"object": {"key": [{"prefix": "out/"}]}}}, False),
        ({"detail": {"object": {"key": [{"prefix": {"equals-ignore-case": "IN/"}}]}}}, True),
        ({"detail": {"object": {"key": [{"suffix": ".csv"}]}}}, True),
        ({"detail": {"object": {"key": [{"wildcard": "in/*.csv"}]}}}, True),
        ({"detail": {"object": {"key": [{"wildcard": "in/\\*.csv"}]}}}, False),
        ({"detail": {"object": {"key": [{"anything-but": ["x", "y"]}]}}}, True),
        ({"detail": {"object": {"key": [{"anything-but": {"prefix": "in/"}}]}}}, False),
        ({"detail": {"object": {"key": [{"anything-but": {"suffix": [".txt", ".csv"]}}]}}}, False),
        ({"detail": {"object": {"key": [{"equals-ignore-case": "IN/A.CSV"}]}}}, True),
        ({"detail": {"object": {"size": [{"numeric": [">", 5, "<=", 10]}]}}}, True),
        ({"detail": {"object": {"size": [{"numeric": [">", 10]}]}}}, False),
        ({"detail": {"ok": [{"numeric": ["=", 1]}]}}, False),
        ({"detail": {"ok": [1]}}, False),
        ({"detail": {"ok": [True]}}, True),
        ({"detail": {"none": [None]}}, True),
        ({"detail": {"tags": ["blue"]}}, True),
        ({"detail": {"tags": ["green"]}}, False),
        ({"detail": {"address": [{"cidr": "10.1.0.0/16"}]}}, True),
        ({"detail": {"absent": [{"exists": False}]}}, True),
        ({"detail": {"ok": [{"exists": False}]}}, False),
        ({"detail": {"absent": [{"anything-but": "x"}]}}, False),
        ({"$or": [{"source": ["aws.ec2"]}, {"detail": {"ok": [True]}}]}, True),
        ({"$or": [{"source": ["aws.ec2"]}, {"detail": {"ok": [False]}}]}, False),
    ],
)
def test_a_pattern(wanted, matched):
    check(wanted)
    assert matches(wanted, EVENT) is matched


@pytest.mark.parametrize("entry", [{"contains": "x"}, {"prefix": {"suffix": "x"}}, {"anything-but": {"numeric": ["=", 1]}}])
def test_an_unknown_comparison_is_refused(entry):
    with pytest.raises(NotModelled, match="of detail.key in an event pattern is not modelled"):
        check({"detail": {"key": [entry]}})
