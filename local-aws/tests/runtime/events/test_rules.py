"""Rules deliver what they match, to each kind of target."""

from __future__ import annotations

import io
import json
import uuid
import zipfile

import pytest
from botocore.exceptions import ClientError
from runtime.waiting import eventually

PASS_MACHINE = json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Pass", "End": True}}})
HANDLER = "exports.handler = async (event) => { console.log(JSON.stringify(event)); };"


@pytest.fixture
def events(local_aws):
    return local_aws.client("events")


@pytest.fixture
def rule(events):
    """Makes a rule for one source and returns how to put an event from it."""

    def make(target: dict, **given) -> callable:
        name = f"r{uuid.uuid4().hex[:12]}"
        events.put_rule(Name=name, **{"EventPattern": json.dumps({"source": [name]}), **given})
        events.put_targets(Rule=name, Targets=[{"Id": "target", **target}])
        entry = {"Source": name, "DetailType": "Order placed", "Detail": json.dumps({"id": 7})}
        return lambda: events.put_events(Entries=[entry])

    return make


def role(local_aws) -> str:
    iam = local_aws.client("iam")
    return iam.create_role(RoleName=f"r{uuid.uuid4().hex[:12]}", AssumeRolePolicyDocument="{}")["Role"]["Arn"]


def machine_that_passes(local_aws) -> str:
    made = local_aws.client("stepfunctions").create_state_machine(
        name=f"m{uuid.uuid4().hex[:8]}", definition=PASS_MACHINE, roleArn=role(local_aws)
    )
    return made["stateMachineArn"]


def test_a_queue_gets_the_event(rule, inbox):
    rule({"Arn": inbox.arn})()
    event = inbox.next_event()
    assert (event["detail-type"], event["detail"], event["account"]) == ("Order placed", {"id": 7}, "123456789012")
    assert event["time"].endswith("Z") and "ingestion-time" not in event


def test_a_queue_gets_a_transformed_event(rule, inbox):
    transformer = {"InputPathsMap": {"id": "$.detail.id"}, "InputTemplate": '{"order": <id>}'}
    rule({"Arn": inbox.arn, "InputTransformer": transformer})()
    assert inbox.next_event() == {"order": 7}


def test_a_topic_gets_the_event(rule, inbox, local_aws):
    sns = local_aws.client("sns")
    topic = sns.create_topic(Name=inbox.name)["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=inbox.arn)
    rule({"Arn": topic})()
    assert json.loads(inbox.next_event()["Message"])["detail"] == {"id": 7}


def test_a_state_machine_is_started_with_the_event(rule, local_aws):
    sfn = local_aws.client("stepfunctions")
    machine = machine_that_passes(local_aws)
    rule({"Arn": machine, "RoleArn": role(local_aws)})()
    executions = eventually(lambda: sfn.list_executions(stateMachineArn=machine)["executions"], "an execution starts")
    given = sfn.describe_execution(executionArn=executions[0]["executionArn"])["input"]
    assert json.loads(given)["detail"] == {"id": 7}


def test_a_function_is_invoked_with_the_event(rule, local_aws):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.js", HANDLER)
    name = f"f{uuid.uuid4().hex[:8]}"
    code = {"ZipFile": packed.getvalue()}
    function = local_aws.client("lambda").create_function(
        FunctionName=name, Runtime="nodejs22.x", Handler="index.handler", Role=role(local_aws), Code=code
    )["FunctionArn"]
    rule({"Arn": function})()

    def logged() -> bool:
        groups = local_aws.client("logs").describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{name}")["logGroups"]
        events = local_aws.client("logs").filter_log_events(logGroupName=f"/aws/lambda/{name}")["events"] if groups else []
        return any('"detail":{"id":7}' in event["message"] for event in events)

    eventually(logged, "the function logs the event")


def test_a_log_group_gets_the_event(rule, local_aws):
    group = f"/aws/events/{uuid.uuid4().hex[:8]}"
    logs = local_aws.client("logs")
    logs.create_log_group(logGroupName=group)
    rule({"Arn": f"arn:aws:logs:us-east-1:123456789012:log-group:{group}"})()
    found = eventually(lambda: logs.filter_log_events(logGroupName=group)["events"], "the event is logged")
    assert json.loads(found[0]["message"])["detail"] == {"id": 7}


def test_a_failed_delivery_goes_to_the_dead_letter_queue(rule, inbox):
    missing = "arn:aws:sqs:us-east-1:123456789012:missing"
    rule({"Arn": missing, "DeadLetterConfig": {"Arn": inbox.arn}})()
    (message,) = eventually(inbox.messages, "the dead letter comes")
    assert json.loads(message["Body"])["detail"] == {"id": 7}
    assert message["MessageAttributes"]["TARGET_ARN"]["StringValue"] == missing
    assert "NonExistentQueue" in message["MessageAttributes"]["ERROR_CODE"]["StringValue"]


def test_a_disabled_rule_and_another_source_deliver_nothing(rule, inbox):
    rule({"Arn": inbox.arn}, State="DISABLED")()
    rule({"Arn": inbox.arn}, EventPattern=json.dumps({"source": ["other"]}))()
    rule({"Arn": inbox.arn, "Input": '"last"'})()
    assert inbox.next_body() == '"last"'
    assert inbox.messages() == []


def test_targets_and_comparisons_that_are_not_modelled_are_refused(rule):
    with pytest.raises(ClientError, match="arn:aws:kinesis.*is not modelled by the local AWS"):
        rule({"Arn": "arn:aws:kinesis:us-east-1:123456789012:stream/s"})
    with pytest.raises(ClientError, match="contains.*is not modelled by the local AWS"):
        rule({"Arn": "arn:aws:sqs:us-east-1:123456789012:q"}, EventPattern='{"source": [{"contains": "x"}]}')


def test_an_object_in_a_bucket_with_event_bridge_is_an_event(events, inbox, local_aws):
    s3, bucket = local_aws.client("s3"), f"b{uuid.uuid4().hex[:12]}"
    s3.create_bucket(Bucket=bucket)
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}})
    detail = {"bucket": {"name": [bucket]}, "object": {"key": [{"prefix": "in/"}]}}
    pattern = {"source": ["aws.s3"], "detail-type": ["Object Created"], "detail": detail}
    events.put_rule(Name=bucket, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=bucket, Targets=[{"Id": "queue", "Arn": inbox.arn}])
    s3.put_object(Bucket=bucket, Key="out/other.csv", Body=b"1")
    s3.put_object(Bucket=bucket, Key="in/rows.csv", Body=b"12345")
    detail = inbox.next_event()["detail"]
    assert (detail["object"]["key"], detail["object"]["size"], detail["reason"]) == ("in/rows.csv", 5, "PutObject")
    assert inbox.messages() == []


def test_an_execution_that_starts_and_ends_is_two_events(events, inbox, local_aws):
    sfn = local_aws.client("stepfunctions")
    machine = machine_that_passes(local_aws)
    pattern = {"source": ["aws.states"], "detail": {"stateMachineArn": [machine]}}
    events.put_rule(Name=inbox.name, EventPattern=json.dumps(pattern))
    events.put_targets(Rule=inbox.name, Targets=[{"Id": "queue", "Arn": inbox.arn, "InputPath": "$.detail.status"}])
    sfn.start_execution(stateMachineArn=machine, name="one", input='{"a": 1}')
    assert {inbox.next_body(), inbox.next_body()} == {'"RUNNING"', '"SUCCEEDED"'}
