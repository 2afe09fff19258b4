"""Storage, identity, messages, alarms and schedules: read back as declared, updated in place where AWS does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cloudformation.network import att, of, ref

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
READ = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
WRITE = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "*"}]}


def test_a_bucket_keeps_all_of_its_settings_and_gives_them_up(stack: Any, local_aws: Any) -> None:
    s3, made = local_aws.client("s3"), stack()
    logs = of(
        "S3::Bucket",
        OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]},
        AccessControl="LogDeliveryWrite",
    )
    settings = {
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        },
        "LifecycleConfiguration": {
            "Rules": [
                {"Status": "Enabled", "ExpirationInDays": 90, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}},
                {
                    "Id": "old",
                    "Status": "Enabled",
                    "Prefix": "in/",
                    "Transitions": [{"StorageClass": "GLACIER", "TransitionInDays": 30}],
                },
            ]
        },
        "LoggingConfiguration": {"DestinationBucketName": ref("Logs"), "LogFilePrefix": "x/"},
        "NotificationConfiguration": {"EventBridgeConfiguration": {"EventBridgeEnabled": True}},
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        },
        "Tags": [{"Key": "team", "Value": "a"}],
        "VersioningConfiguration": {"Status": "Enabled"},
    }
    name = made.deploy({"Logs": logs, "Bucket": of("S3::Bucket", **settings)}).resources["Bucket"]
    (rule,) = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    first, second = s3.get_bucket_lifecycle_configuration(Bucket=name)["Rules"]
    assert (first["Expiration"]["Days"], first["AbortIncompleteMultipartUpload"]) == (90, {"DaysAfterInitiation": 7})
    assert (second["ID"], second["Transitions"][0]["Days"]) == ("old", 30)
    assert s3.get_bucket_logging(Bucket=name)["LoggingEnabled"]["TargetPrefix"] == "x/"
    assert "EventBridgeConfiguration" in s3.get_bucket_notification_configuration(Bucket=name)
    assert s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"]["RestrictPublicBuckets"] is True
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Enabled"
    made.deploy({"Logs": logs, "Bucket": of("S3::Bucket")})
    assert made.resources["Bucket"] == name
    assert s3.get_bucket_versioning(Bucket=name)["Status"] == "Suspended"
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket=name)
    with pytest.raises(s3.exceptions.ClientError, match="NoSuchLifecycleConfiguration"):
        s3.get_bucket_lifecycle_configuration(Bucket=name)
    for entry in s3.list_objects_v2(Bucket=made.resources["Logs"])["Contents"]:  # a bucket with access logs in it stays
        s3.delete_object(Bucket=made.resources["Logs"], Key=entry["Key"])


def test_a_role_changes_its_policies_in_place_and_goes(stack: Any, local_aws: Any) -> None:
    iam, made = local_aws.client("iam"), stack()
    managed = of("IAM::ManagedPolicy", PolicyDocument=READ)
    inline = [{"PolicyName": "a", "PolicyDocument": READ}, {"PolicyName": "b", "PolicyDocument": READ}]
    role = of(
        "IAM::Role",
        AssumeRolePolicyDocument=TRUST,
        Policies=inline,
        ManagedPolicyArns=[ref("Managed")],
        PermissionsBoundary=ref("Managed"),
    )
    separate = of("IAM::Policy", PolicyName="own", PolicyDocument=READ, Roles=[ref("Role")])
    profile = of("IAM::InstanceProfile", Roles=[ref("Role")])
    before = made.deploy({"Managed": managed, "Role": role, "Own": separate, "Profile": profile}).resources
    name = before["Role"]
    assert sorted(iam.list_role_policies(RoleName=name)["PolicyNames"]) == ["a", "b", "own"]
    assert iam.get_role(RoleName=name)["Role"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == before["Managed"]
    role = of(
        "IAM::Role",
        AssumeRolePolicyDocument=TRUST,
        Policies=[{"PolicyName": "a", "PolicyDocument": WRITE}],
        Description="new",
    )
    separate = of("IAM::Policy", PolicyName="own", PolicyDocument=WRITE, Roles=[ref("Role")])
    after = made.deploy(
        {"Managed": of("IAM::ManagedPolicy", PolicyDocument=WRITE), "Role": role, "Own": separate, "Profile": profile}
    ).resources
    assert before == after
    assert sorted(iam.list_role_policies(RoleName=name)["PolicyNames"]) == ["a", "own"]
    assert iam.get_role_policy(RoleName=name, PolicyName="a")["PolicyDocument"] == WRITE
    assert iam.get_role_policy(RoleName=name, PolicyName="own")["PolicyDocument"] == WRITE
    assert iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"] == []
    described = iam.get_role(RoleName=name)["Role"]
    assert (described["Description"], "PermissionsBoundary" in described) == ("new", False)
    made.delete()
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_role(RoleName=name)


def test_queues_and_topics_with_their_policies(stack: Any, local_aws: Any) -> None:
    sqs, sns, made = local_aws.client("sqs"), local_aws.client("sns"), stack()

    def resources(seconds: int) -> dict[str, Any]:
        return {
            "Dead": of("SQS::Queue"),
            "Queue": of(
                "SQS::Queue",
                VisibilityTimeout=seconds,
                RedrivePolicy={"deadLetterTargetArn": att("Dead", "Arn"), "maxReceiveCount": 3},
            ),
            "QueuePolicy": of("SQS::QueuePolicy", Queues=[ref("Queue")], PolicyDocument=READ),
            "Topic": of("SNS::Topic", DisplayName=f"d{seconds}"),
            "TopicPolicy": of("SNS::TopicPolicy", Topics=[ref("Topic")], PolicyDocument=READ),
            "Subscription": of(
                "SNS::Subscription",
                TopicArn=ref("Topic"),
                Protocol="sqs",
                Endpoint=att("Queue", "Arn"),
                RawMessageDelivery=True,
                FilterPolicy={"a": ["b"]},
            ),
        }

    made.deploy(resources(30))
    before = made.resources
    made.deploy(resources(60))
    assert made.resources == before
    attributes = sqs.get_queue_attributes(QueueUrl=before["Queue"], AttributeNames=["All"])["Attributes"]
    assert attributes["VisibilityTimeout"] == "60"
    assert json.loads(attributes["RedrivePolicy"])["maxReceiveCount"] == 3
    assert json.loads(attributes["Policy"]) == READ
    topic = sns.get_topic_attributes(TopicArn=before["Topic"])["Attributes"]
    assert (topic["DisplayName"], json.loads(topic["Policy"])) == ("d60", READ)
    subscription = sns.get_subscription_attributes(SubscriptionArn=before["Subscription"])["Attributes"]
    assert (subscription["RawMessageDelivery"], json.loads(subscription["FilterPolicy"])) == ("true", {"a": ["b"]})
    assert before["Queue"].startswith(local_aws.endpoint)


def alarms(threshold: int) -> dict[str, Any]:
    math = [
        {
            "Id": "a",
            "ReturnData": False,
            "MetricStat": {
                "Metric": {"Namespace": "N", "MetricName": "M", "Dimensions": [{"Name": "D", "Value": "v"}]},
                "Period": 60,
                "Stat": "Average",
            },
        },
        {"Id": "e", "Expression": "a * 2", "Label": "twice"},
    ]
    common = {"ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 2, "Threshold": threshold}
    return {
        "Plain": of("CloudWatch::Alarm", Namespace="N", MetricName="M", Statistic="Sum", Period=60, **common),
        "Math": of("CloudWatch::Alarm", Metrics=math, TreatMissingData="breaching", **common),
        "Both": of("CloudWatch::CompositeAlarm", AlarmRule={"Fn::Sub": 'ALARM("${Plain.Arn}") OR ALARM("${Math.Arn}")'}),
        "Board": of("CloudWatch::Dashboard", DashboardBody=json.dumps({"widgets": []})),
    }


def test_alarms_of_all_kinds(stack: Any, local_aws: Any) -> None:
    client, made = local_aws.client("cloudwatch"), stack().deploy(alarms(1))
    before = made.resources
    made.deploy(alarms(5))
    assert made.resources == before
    described = {
        a["AlarmName"]: a for a in client.describe_alarms(AlarmNames=[before["Plain"], before["Math"]])["MetricAlarms"]
    }
    assert {a["Threshold"] for a in described.values()} == {5}
    assert [m["Id"] for m in described[before["Math"]]["Metrics"]] == ["a", "e"]
    (both,) = client.describe_alarms(AlarmTypes=["CompositeAlarm"], AlarmNames=[before["Both"]])["CompositeAlarms"]
    assert before["Plain"] in both["AlarmRule"]
    made.delete()
    assert client.describe_alarms(AlarmNames=list(before.values()))["MetricAlarms"] == []


def test_a_secret_is_generated_once(stack: Any, local_aws: Any) -> None:
    client, made = local_aws.client("secretsmanager"), stack()
    wish = {
        "SecretStringTemplate": '{"user": "x"}',
        "GenerateStringKey": "password",
        "PasswordLength": 20,
        "ExcludePunctuation": True,
    }
    arn = made.deploy({"S": of("SecretsManager::Secret", GenerateSecretString=wish, Description="a")}).resources["S"]
    value = json.loads(client.get_secret_value(SecretId=arn)["SecretString"])
    assert (value["user"], len(value["password"])) == ("x", 20)
    made.deploy({"S": of("SecretsManager::Secret", GenerateSecretString=wish, Description="b")})
    assert json.loads(client.get_secret_value(SecretId=arn)["SecretString"]) == value
    assert client.describe_secret(SecretId=arn)["Description"] == "b"


def rules(expression: str) -> dict[str, Any]:
    return {
        "Queue": of("SQS::Queue"),
        "Rule": of(
            "Events::Rule", ScheduleExpression=expression, Targets=[{"Id": "t", "Arn": att("Queue", "Arn"), "Input": "{}"}]
        ),
        "Group": of("Scheduler::ScheduleGroup", Name="nightly"),
        "Schedule": of(
            "Scheduler::Schedule",
            GroupName=ref("Group"),
            ScheduleExpression=expression,
            FlexibleTimeWindow={"Mode": "OFF"},
            State="ENABLED",
            Target={"Arn": att("Queue", "Arn"), "RoleArn": "arn:aws:iam::123456789012:role/x", "Input": "{}"},
        ),
    }


def test_rules_and_schedules(stack: Any, local_aws: Any) -> None:
    events, scheduler, made = (
        local_aws.client("events"),
        local_aws.client("scheduler"),
        stack().deploy(rules("rate(1 hour)")),
    )
    before = made.resources
    made.deploy(rules("rate(2 hours)"))
    assert made.resources == before
    assert events.describe_rule(Name=before["Rule"])["ScheduleExpression"] == "rate(2 hours)"
    assert [t["Id"] for t in events.list_targets_by_rule(Rule=before["Rule"])["Targets"]] == ["t"]
    assert scheduler.get_schedule(Name=before["Schedule"], GroupName="nightly")["ScheduleExpression"] == "rate(2 hours)"
    made.delete()
    assert (events.list_rules()["Rules"], scheduler.list_schedules()["Schedules"]) == ([], [])


def test_keys_logs_repositories_and_zones(stack: Any, local_aws: Any) -> None:
    made = stack().deploy(
        {
            "Key": of("KMS::Key", EnableKeyRotation=True, Description="k", KeyPolicy=READ),
            "Alias": of("KMS::Alias", AliasName="alias/shop", TargetKeyId=ref("Key")),
            "Logs": of("Logs::LogGroup", RetentionInDays=30),
            "Repository": of("ECR::Repository", ImageScanningConfiguration={"ScanOnPush": True}, EmptyOnDelete=True),
            "Zone": of("Route53::HostedZone", Name="example.com."),
            "Record": of(
                "Route53::RecordSet",
                HostedZoneId=ref("Zone"),
                Name="www.example.com.",
                Type="A",
                TTL="60",
                ResourceRecords=["10.0.0.1"],
            ),
            "Certificate": of(
                "CertificateManager::Certificate",
                DomainName="example.com",
                ValidationMethod="DNS",
                DomainValidationOptions=[{"DomainName": "example.com", "HostedZoneId": ref("Zone")}],
            ),
            "Template": of("EC2::LaunchTemplate", LaunchTemplateData={"InstanceType": "c7g.large"}),
        },
        Outputs={"Version": {"Value": {"Fn::GetAtt": ["Template", "LatestVersionNumber"]}}},
    )
    ids = made.resources
    assert local_aws.client("kms").get_key_rotation_status(KeyId=ids["Key"])["KeyRotationEnabled"] is True
    (group,) = local_aws.client("logs").describe_log_groups(logGroupNamePrefix=ids["Logs"])["logGroups"]
    assert group["retentionInDays"] == 30
    records = local_aws.client("route53").list_resource_record_sets(HostedZoneId=ids["Zone"])["ResourceRecordSets"]
    assert "www.example.com." in [record["Name"] for record in records]
    assert made.outputs == {"Version": "1"}


def test_a_launch_template_counts_its_versions(stack: Any) -> None:
    def template(kind: str) -> dict[str, Any]:
        return {"T": of("EC2::LaunchTemplate", LaunchTemplateData={"InstanceType": kind})}

    output = {"Outputs": {"Version": {"Value": {"Fn::GetAtt": ["T", "LatestVersionNumber"]}}}}
    made = stack().deploy(template("c7g.large"), **output)
    before = made.resources
    made.deploy(template("c7g.xlarge"), **output)
    assert (made.resources, made.outputs) == (before, {"Version": "2"})
