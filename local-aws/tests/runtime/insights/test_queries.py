"""Queries of Logs Insights: run as they are written, or refused."""

from __future__ import annotations

import time
import uuid
from typing import Any

import pytest
from botocore.exceptions import ClientError

from localaws.insights.query import parse

NOW = int(time.time() * 1000)

LINES = {
    "ecs/App/1": ["GET /orders 200", '{"level": "error", "ms": 12}', "Traceback (most recent call last):"],
    "ecs/App/2": ["started"],
    "ecs/Proxy/1": ["error in the proxy"],
}


@pytest.fixture
def group(local_aws: Any) -> Any:
    client, name = local_aws.client("logs"), f"insights-{uuid.uuid4().hex[:8]}"
    client.create_log_group(logGroupName=name)
    for index, (stream, lines) in enumerate(LINES.items()):
        client.create_log_stream(logGroupName=name, logStreamName=stream)
        events = [{"timestamp": NOW + 1000 * index + at, "message": line} for at, line in enumerate(lines)]
        client.put_log_events(logGroupName=name, logStreamName=stream, logEvents=events)
    yield name
    client.delete_log_group(logGroupName=name)


def ask(local_aws: Any, group: str, query: str) -> list[dict[str, str]]:
    client, seconds = local_aws.client("logs"), NOW // 1000
    started = client.start_query(logGroupNames=[group], startTime=seconds - 60, endTime=seconds + 60, queryString=query)
    found = client.get_query_results(queryId=started["queryId"])
    assert found["status"] == "Complete"
    return [{each["field"]: each["value"] for each in row} for row in found["results"]]


def test_filters_sorts_and_limits(local_aws: Any, group: str) -> None:
    found = ask(
        local_aws,
        group,
        "fields @message, @logStream\n| filter @message like /(?i)(error|traceback)/\n"
        "| filter @logStream like /^(ecs\\/App\\/)/\n| sort @timestamp desc\n| limit 1",
    )
    assert found == [{"@message": "Traceback (most recent call last):", "@logStream": "ecs/App/1"}]


def test_groups(local_aws: Any, group: str) -> None:
    query = "stats count(*) as lines, min(@timestamp) as first by @log, @logStream | sort first asc"
    assert ask(local_aws, group, query) == [
        {"@log": f"123456789012:{group}", "@logStream": stream, "lines": str(len(lines)), "first": str(NOW + 1000 * index)}
        for index, (stream, lines) in enumerate(LINES.items())
    ]


def test_finds_the_fields_of_json(local_aws: Any, group: str) -> None:
    assert ask(local_aws, group, 'fields ms | filter level = "error"') == [{"ms": "12"}]


def test_finds_nothing_beyond_its_time(local_aws: Any, group: str) -> None:
    client, seconds = local_aws.client("logs"), NOW // 1000
    query = client.start_query(logGroupName=group, startTime=seconds - 600, endTime=seconds - 300, queryString="fields @message")
    assert client.get_query_results(queryId=query["queryId"])["results"] == []


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("parse @message '*' as x", "parse of Logs Insights is not modelled"),
        ("filter ms > 10", "the filter 'ms > 10' is not modelled"),
        ("stats pct(ms, 99)", "'pct(ms' of stats is not modelled"),
        ("fields concat(a, b)", "'concat(a' is not modelled"),
        ("sort a, b", "the order 'a, b' is not modelled"),
        ("limit 0", "limit takes a number from 1 to 10000"),
    ],
)
def test_refuses_what_it_would_answer_wrongly(local_aws: Any, group: str, query: str, word: str) -> None:
    with pytest.raises(ClientError, match="MalformedQueryException") as refused:
        ask(local_aws, group, query)
    assert word in str(refused.value)


def test_a_bar_in_an_expression_ends_no_command() -> None:
    rows = [{"@message": "a|b"}, {"@message": "c"}]
    assert parse("fields @message | filter @message like /a\\|b|x/").run(rows) == [{"@message": "a|b"}]
