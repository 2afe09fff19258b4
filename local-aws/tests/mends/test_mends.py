"""Each mend of moto, seen through the API: without it, its test fails."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from runtime.waiting import eventually


@pytest.fixture
def bucket(local_aws: Any) -> str:
    name = f"test-{uuid.uuid4().hex[:12]}"
    local_aws.client("s3").create_bucket(Bucket=name)
    return name


def deny(**condition: Any) -> str:
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", **condition}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_a_conditional_denial_does_not_deny_everything(local_aws: Any, bucket: str) -> None:
    s3 = local_aws.client("s3")
    s3.put_bucket_policy(Bucket=bucket, Policy=deny(Condition={"Bool": {"aws:SecureTransport": "false"}}))
    s3.put_object(Bucket=bucket, Key="a", Body=b"1")
    assert s3.get_object(Bucket=bucket, Key="a")["Body"].read() == b"1"


def test_a_plain_denial_still_denies(local_aws: Any, bucket: str) -> None:
    s3 = local_aws.client("s3")
    s3.put_bucket_policy(Bucket=bucket, Policy=deny())
    with pytest.raises(s3.exceptions.ClientError, match="AccessDenied|Forbidden"):
        s3.put_object(Bucket=bucket, Key="a", Body=b"1")


def test_lookup_events_answers(local_aws: Any) -> None:
    assert local_aws.client("cloudtrail").lookup_events()["Events"] == []


def test_scaling_policies_are_described_by_name_and_resource(local_aws: Any) -> None:
    scaling = local_aws.client("application-autoscaling")
    of = {"ServiceNamespace": "dynamodb", "ScalableDimension": "dynamodb:table:ReadCapacityUnits"}
    configuration = {"PredefinedMetricSpecification": {"PredefinedMetricType": "DynamoDBReadCapacityUtilization"}, "TargetValue": 60}
    table = f"table/{uuid.uuid4().hex[:8]}"
    for resource in (table, f"{table}-admin"):
        scaling.register_scalable_target(**of, ResourceId=resource, MinCapacity=1, MaxCapacity=2)
        for name in ("first", "second"):
            scaling.put_scaling_policy(
                **of,
                ResourceId=resource,
                PolicyName=name,
                PolicyType="TargetTrackingScaling",
                TargetTrackingScalingPolicyConfiguration=configuration,
            )
    found = scaling.describe_scaling_policies(**of, ResourceId=f"{table}-admin", PolicyNames=["second"])
    assert [(one["ResourceId"], one["PolicyName"]) for one in found["ScalingPolicies"]] == [
        (f"{table}-admin", "second")
    ]
    both = scaling.describe_scaling_policies(**of, ResourceId=f"{table}-admin")["ScalingPolicies"]
    assert {one["ResourceId"] for one in both} == {f"{table}-admin"}


def test_composite_alarms_are_stored_with_their_rule(local_aws: Any) -> None:
    client = local_aws.client("cloudwatch")
    client.put_composite_alarm(AlarmName="both", AlarmRule="TRUE", AlarmDescription="d", Tags=[{"Key": "a", "Value": "b"}])
    (alarm,) = client.describe_alarms(AlarmNames=["both"], AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    assert (alarm["AlarmRule"], alarm["AlarmDescription"]) == ("TRUE", "d")
    assert client.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"] == [{"Key": "a", "Value": "b"}]
    client.delete_alarms(AlarmNames=["both"])


def test_a_queue_keeps_its_policy_when_other_attributes_change(local_aws: Any) -> None:
    sqs = local_aws.client("sqs")
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"}],
    }
    url = sqs.create_queue(QueueName="keeps", Attributes={"Policy": json.dumps(policy)})["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "3"})
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy", "DelaySeconds"])["Attributes"]
    assert (json.loads(attributes["Policy"]), attributes["DelaySeconds"]) == (policy, "3")
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
    assert "Policy" not in sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    sqs.delete_queue(QueueUrl=url)


def _machine(local_aws: Any, definition: dict[str, Any]) -> str:
    client, name = local_aws.client("stepfunctions"), f"m-{uuid.uuid4().hex[:8]}"
    iam = local_aws.client("iam")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    jobs = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "batch:*", "Resource": "*"}]}
    iam.put_role_policy(RoleName=name, PolicyName="Jobs", PolicyDocument=json.dumps(jobs))
    return client.create_state_machine(name=name, roleArn=role, definition=json.dumps(definition))["stateMachineArn"]


def _run(local_aws: Any, arn: str, **more: Any) -> dict[str, Any]:
    client = local_aws.client("stepfunctions")
    execution = client.start_execution(stateMachineArn=arn, **more)["executionArn"]
    eventually(lambda: client.describe_execution(executionArn=execution)["status"] != "RUNNING", "the execution ends")
    return client.describe_execution(executionArn=execution)


def test_parameters_reach_an_api_that_spells_them_in_lower_case(local_aws: Any) -> None:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::batch:submitJob",
        "Parameters": {"JobName": "job-1", "JobQueue": "no-such-queue", "JobDefinition": "no-such-definition"},
        "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Caught"}],
        "End": True,
    }
    arn = _machine(local_aws, {"StartAt": "Submit", "States": {"Submit": task, "Caught": {"Type": "Pass", "End": True}}})
    described = _run(local_aws, arn)
    assert described["status"] == "SUCCEEDED"
    cause = json.loads(described["output"])["error"]["Cause"]
    assert "no-such" in cause  # Batch itself looked for what was named, so the parameters arrived


def test_an_execution_can_be_started_after_one_with_a_map(local_aws: Any) -> None:
    items = {"ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}, "ItemsPath": "$.items"}
    arn = _machine(local_aws, {"StartAt": "Each", "States": {"Each": {"Type": "Map", **items, "End": True}}})
    for _ in range(3):
        assert _run(local_aws, arn, input='{"items": [1, 2]}')["status"] == "SUCCEEDED"


def test_an_execution_without_a_name_gets_one(local_aws: Any) -> None:
    arn = _machine(local_aws, {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}})
    first, second = _run(local_aws, arn), _run(local_aws, arn)
    assert first["name"] != second["name"]
    assert "None" not in (first["name"], second["name"])
    assert _run(local_aws, arn, name="given")["name"] == "given"


def test_managed_policies_of_aws_are_there(local_aws: Any) -> None:
    arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
    assert local_aws.client("iam").get_policy(PolicyArn=arn)["Policy"]["Arn"] == arn


def test_an_alarm_keeps_its_state_when_it_is_put_anew(local_aws: Any) -> None:
    client = local_aws.client("cloudwatch")
    alarm = {"AlarmName": "stays", "MetricName": "m", "Namespace": "n", "Statistic": "Sum", "Period": 60}
    alarm |= {"EvaluationPeriods": 1, "ComparisonOperator": "GreaterThanThreshold"}
    client.put_metric_alarm(**alarm, Threshold=1)
    client.set_alarm_state(AlarmName="stays", StateValue="ALARM", StateReason="by hand")
    client.put_metric_alarm(**alarm, Threshold=2)
    (found,) = client.describe_alarms(AlarmNames=["stays"])["MetricAlarms"]
    assert (found["StateValue"], found["StateReason"], found["Threshold"]) == ("ALARM", "by hand", 2.0)
    client.delete_alarms(AlarmNames=["stays"])
