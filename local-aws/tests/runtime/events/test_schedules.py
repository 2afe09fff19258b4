"""Schedules and scheduled rules, started by hand; alarms, set by hand."""

from __future__ import annotations

import io
import json
import uuid
import zipfile

import pytest
import requests
from botocore.exceptions import ClientError
from runtime.waiting import eventually

ROLE = "arn:aws:iam::123456789012:role/scheduler"


@pytest.fixture
def schedule(local_aws):
    def make(target: dict, **given) -> str:
        name = f"s{uuid.uuid4().hex[:12]}"
        local_aws.client("scheduler").create_schedule(
            Name=name,
            ScheduleExpression="rate(1 hour)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target={"RoleArn": ROLE, **target},
            **given,
        )
        return name

    return make


def start(local_aws, body: dict) -> requests.Response:
    return requests.post(f"{local_aws.endpoint}/_local/schedules/start", json=body, timeout=30)


def test_a_schedule_delivers_its_input_to_a_queue(local_aws, schedule, inbox):
    name = schedule({"Arn": inbox.arn, "Input": '{"at": "<aws.scheduler.scheduled-time>"}'})
    answer = start(local_aws, {"name": name})
    assert answer.status_code == 200, answer.text
    assert answer.json()["results"][0]["target"] == inbox.arn
    assert inbox.next_event()["at"].endswith("Z")


def test_a_universal_target_calls_any_api(local_aws, schedule, inbox):
    target = {
        "Arn": "arn:aws:scheduler:::aws-sdk:sqs:sendMessage",
        "Input": json.dumps({"QueueUrl": inbox.url, "MessageBody": "hello"}),
    }
    assert start(local_aws, {"name": schedule(target)}).status_code == 200
    assert inbox.next_body() == "hello"


def test_a_target_that_fails_is_told(local_aws, schedule):
    answer = start(local_aws, {"name": schedule({"Arn": "arn:aws:sqs:us-east-1:123456789012:missing"})})
    assert answer.status_code == 400
    assert "does not exist" in answer.json()["error"]


def test_unknown_and_disabled_schedules_start_nothing(local_aws, schedule, inbox):
    assert "there are 0 schedules" in start(local_aws, {"name": "unknown"}).json()["error"]
    disabled = schedule({"Arn": inbox.arn}, State="DISABLED")
    assert "is DISABLED and starts nothing" in start(local_aws, {"name": disabled}).json()["error"]
    assert inbox.messages() == []


def test_a_target_that_is_not_modelled_is_refused_when_the_schedule_is_made(schedule):
    with pytest.raises(ClientError, match="is not modelled by the local AWS"):
        schedule({"Arn": "arn:aws:kinesis:us-east-1:123456789012:stream/s"})


def test_a_scheduled_rule_delivers_a_scheduled_event(local_aws, inbox):
    events = local_aws.client("events")
    events.put_rule(Name=inbox.name, ScheduleExpression="rate(1 hour)")
    events.put_targets(Rule=inbox.name, Targets=[{"Id": "queue", "Arn": inbox.arn}])
    assert start(local_aws, {"rule": inbox.name}).status_code == 200
    event = inbox.next_event()
    assert (event["source"], event["detail-type"]) == ("aws.events", "Scheduled Event")


def alarm(local_aws, name: str, **actions: list[str]) -> None:
    local_aws.client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        Namespace="AWS/SQS",
        MetricName="ApproximateNumberOfMessagesVisible",
        Dimensions=[{"Name": "QueueName", "Value": "work"}],
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=3,
        Threshold=5,
        ComparisonOperator="GreaterThanThreshold",
        **actions,
    )


def set_state(local_aws, name: str, state: str) -> None:
    local_aws.client("cloudwatch").set_alarm_state(AlarmName=name, StateValue=state, StateReason="by hand")


def test_an_alarm_tells_its_topic_of_alarm_and_ok(local_aws, inbox):
    sns = local_aws.client("sns")
    topic = sns.create_topic(Name=inbox.name)["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=inbox.arn)
    alarm(local_aws, inbox.name, AlarmActions=[topic], OKActions=[topic])
    set_state(local_aws, inbox.name, "ALARM")
    set_state(local_aws, inbox.name, "ALARM")
    set_state(local_aws, inbox.name, "OK")
    first, second = inbox.next_event(), inbox.next_event()
    message = json.loads(first["Message"])
    assert first["Subject"] == f'ALARM: "{inbox.name}" in US East (N. Virginia)'
    assert (message["NewStateValue"], message["OldStateValue"], message["NewStateReason"]) == ("ALARM", "OK", "by hand")
    assert message["Trigger"]["MetricName"] == "ApproximateNumberOfMessagesVisible"
    assert message["Trigger"]["Statistic"] == "MAXIMUM"
    assert json.loads(second["Message"])["NewStateValue"] == "OK"
    assert inbox.messages() == []


def test_a_composite_alarm_follows_its_parts_and_tells(local_aws, inbox):
    client, sns = local_aws.client("cloudwatch"), local_aws.client("sns")
    topic = sns.create_topic(Name=inbox.name)["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=inbox.arn)
    for part in "abc":
        alarm(local_aws, f"{inbox.name}-{part}")
    a, b, c = (f"{inbox.name}-{part}" for part in "abc")
    arn = client.describe_alarms(AlarmNames=[a])["MetricAlarms"][0]["AlarmArn"]
    rule = f'(ALARM("{arn}") AND NOT OK("{b}")) OR ALARM({c})'
    client.put_composite_alarm(AlarmName=inbox.name, AlarmRule=rule, AlarmActions=[topic], OKActions=[topic])

    def state() -> str:
        return client.describe_alarms(AlarmNames=[inbox.name], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"][0]["StateValue"]

    assert state() == "OK"
    set_state(local_aws, a, "ALARM")
    assert state() == "OK"
    set_state(local_aws, b, "ALARM")
    assert state() == "ALARM"
    set_state(local_aws, c, "ALARM")
    set_state(local_aws, a, "OK")
    assert state() == "ALARM"
    set_state(local_aws, c, "OK")
    assert state() == "OK"
    told = [inbox.next_event(), inbox.next_event()]
    assert sorted(one["Subject"].split(":")[0] for one in told) == ["ALARM", "OK"]
    message = json.loads(next(one["Message"] for one in told if one["Subject"].startswith("ALARM")))
    assert (message["AlarmRule"], message["NewStateReason"]) == (rule, f"{arn[:-1]}b transitioned to ALARM")


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ('ALARM("nobody-made-this")', "do not exist"),
        ("AT_LEAST(1, ALARM, (a, b))", "AT_LEAST is not modelled by the local AWS"),
        ("TRUE AND", "it ends too soon"),
        ("TRUE FALSE", "nothing may follow before FALSE"),
        ("(TRUE", r"\) is missing"),
    ],
)
def test_a_rule_that_cannot_be_kept_is_refused(local_aws, rule, why):
    client = local_aws.client("cloudwatch")
    with pytest.raises(ClientError, match=why):
        client.put_composite_alarm(AlarmName="refused", AlarmRule=rule)
    assert client.describe_alarms(AlarmNames=["refused"], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"] == []


def test_an_alarm_invokes_its_function(local_aws, inbox):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.js", "exports.handler = async (event) => { console.log(event.alarmData.state.value); };")
    role = local_aws.client("iam").create_role(RoleName=inbox.name, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    function = local_aws.client("lambda").create_function(
        FunctionName=inbox.name,
        Runtime="nodejs22.x",
        Handler="index.handler",
        Role=role,
        Code={"ZipFile": packed.getvalue()},
    )["FunctionArn"]
    alarm(local_aws, inbox.name, AlarmActions=[function])
    set_state(local_aws, inbox.name, "ALARM")
    logs = local_aws.client("logs")

    def logged() -> bool:
        groups = logs.describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{inbox.name}")["logGroups"]
        return bool(groups) and any(
            event["message"] == "ALARM" for event in logs.filter_log_events(logGroupName=groups[0]["logGroupName"])["events"]
        )

    eventually(logged, "the function logs the alarm")


def test_an_action_that_is_not_modelled_is_refused_and_the_state_stays(local_aws, inbox):
    policy = "arn:aws:autoscaling:us-east-1:123456789012:scalingPolicy:1:resource/ecs/service/a/b:policyName/p"
    alarm(local_aws, inbox.name, AlarmActions=[policy])
    with pytest.raises(ClientError, match="is not modelled by the local AWS"):
        set_state(local_aws, inbox.name, "ALARM")
    described = local_aws.client("cloudwatch").describe_alarms(AlarmNames=[inbox.name])["MetricAlarms"]
    assert described[0]["StateValue"] != "ALARM"
