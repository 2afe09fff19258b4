"""Environment, secrets and logs of container definitions."""

from __future__ import annotations

import uuid

import pytest
from localaws.containers import definition, secrets
from localaws.containers.logs import LogSink
from localaws.errors import LocalAwsError, NotModelled
from runtime.waiting import eventually

REGION = "us-east-1"


@pytest.fixture
def name() -> str:
    return f"n{uuid.uuid4().hex[:10]}"


def lines(local_aws, group: str, stream: str) -> list[str]:
    events = local_aws.client("logs").get_log_events(logGroupName=group, logStreamName=stream, startFromHead=True)["events"]
    return [event["message"] for event in events]


def test_secrets_manager_whole_and_by_key(local_aws, name):
    arn = local_aws.client("secretsmanager").create_secret(Name=name, SecretString='{"user": "me", "port": 1}')["ARN"]
    assert secrets.value(REGION, arn) == '{"user": "me", "port": 1}'
    assert secrets.value(REGION, f"{arn}:user::") == "me"
    assert secrets.value(REGION, f"{arn}:port:AWSCURRENT:") == "1"
    with pytest.raises(LocalAwsError, match="did not contain json key password"):
        secrets.value(REGION, f"{arn}:password::")


def test_parameters_by_name_and_by_arn(local_aws, name):
    client = local_aws.client("ssm")
    client.put_parameter(Name=f"/{name}/key", Value="deep", Type="SecureString")
    client.put_parameter(Name=name, Value="flat", Type="String")
    assert secrets.value(REGION, f"/{name}/key") == "deep"
    assert secrets.value(REGION, f"arn:aws:ssm:{REGION}:123456789012:parameter/{name}/key") == "deep"
    assert secrets.value(REGION, f"arn:aws:ssm:{REGION}:123456789012:parameter/{name}") == "flat"
    with pytest.raises(LocalAwsError, match="ResourceInitializationError.*invalid ssm parameters: /none"):
        secrets.value(REGION, "/none")


def test_the_definition_wins_over_what_the_local_model_adds(local_aws):
    found = definition.environment_of({"environment": [{"name": "AWS_REGION", "value": "own"}]}, REGION)
    assert (found["AWS_REGION"], found["AWS_ENDPOINT_URL"]) == ("own", local_aws.endpoint)


def test_s3_is_reached_by_address_since_bucket_names_before_localhost_do_not_resolve(local_aws):
    found = definition.environment_of({}, REGION)
    assert found["AWS_ENDPOINT_URL_S3"] == local_aws.endpoint.replace("localhost", "127.0.0.1")


def test_lines_arrive_while_the_container_runs_and_in_order(local_aws, name):
    local_aws.client("logs").create_log_group(logGroupName=name)
    sink = LogSink(REGION, name, "stream")
    for number in range(1200):
        sink.write(str(number))
    sink.write("")
    eventually(lambda: len(lines(local_aws, name, "stream")) > 0, "lines arrive")
    sink.close()
    counted = local_aws.client("logs").filter_log_events(logGroupName=name, logStreamNames=["stream"], limit=10_000)[
        "events"
    ]
    assert [event["message"] for event in counted] == [str(number) for number in range(1200)]


def test_the_group_must_be_there_unless_it_is_to_be_made(local_aws, name):
    options = {"awslogs-group": name, "awslogs-stream-prefix": "app"}
    container = {"name": "main", "logConfiguration": {"logDriver": "awslogs", "options": options}}
    with pytest.raises(LocalAwsError, match=f"failed to validate logger args: log group {name}"):
        definition.log_sink_of(container, REGION, "task")
    sink = definition.log_sink_of(
        {
            "name": "main",
            "logConfiguration": {"logDriver": "awslogs", "options": {**options, "awslogs-create-group": "true"}},
        },
        REGION,
        "task",
    )
    assert sink is not None and sink.stream == "app/main/task"


def test_other_drivers_and_options_are_refused(local_aws):
    assert definition.log_sink_of({"name": "main"}, REGION, "task") is None
    with pytest.raises(NotModelled, match="log driver awsfirelens"):
        definition.log_sink_of({"logConfiguration": {"logDriver": "awsfirelens"}}, REGION, "task")
    options = {"awslogs-group": "g", "awslogs-endpoint": "https://logs"}
    with pytest.raises(NotModelled, match="awslogs-endpoint"):
        definition.log_sink_of({"logConfiguration": {"logDriver": "awslogs", "options": options}}, REGION, "task")


TRACE = ["2026-11-25 10:00:00 failed", "Traceback:", "  at main", "2026-11-25 10:00:01 done"]


@pytest.mark.parametrize("option", [{"awslogs-multiline-pattern": r"^\d{4}-"}, {"awslogs-datetime-format": "%Y-%m-%d %H:%M:%S"}])
def test_lines_that_begin_no_entry_belong_to_the_one_before(local_aws, name, option):
    local_aws.client("logs").create_log_group(logGroupName=name)
    options = {"awslogs-group": name, "awslogs-stream-prefix": "app", **option}
    container = {"name": "main", "logConfiguration": {"logDriver": "awslogs", "options": options}}
    sink = definition.log_sink_of(container, REGION, "task")
    assert sink is not None
    for line in TRACE:
        sink.write(line)
    sink.close()
    assert lines(local_aws, name, "app/main/task") == ["\n".join(TRACE[:3]), TRACE[3]]


@pytest.mark.parametrize(
    ("option", "problem"),
    [
        ({"awslogs-multiline-pattern": "^a", "awslogs-datetime-format": "%Y"}, "exclude each other"),
        ({"awslogs-datetime-format": "%Q"}, "%Q of awslogs-datetime-format is not modelled"),
        ({"awslogs-multiline-pattern": "("}, "the pattern \\( of awslogs is not modelled"),
    ],
)
def test_entries_that_cannot_be_joined_are_refused(option, problem):
    options = {"awslogs-group": "g", **option}
    with pytest.raises(NotModelled, match=problem):
        definition.log_sink_of({"logConfiguration": {"logDriver": "awslogs", "options": options}}, REGION, "task")
