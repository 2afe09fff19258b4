"""What once looked like success and was none: each test failed before its mend."""

from __future__ import annotations

from typing import Any

import pytest
from cloudformation.network import att, of, ref
from stacks import DeploymentEnded

BAD = {"Type": "AWS::Nope::Thing"}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def parameter(value: Any, **more: Any) -> dict[str, Any]:
    return of("SSM::Parameter", Type="String", Value=value, **more)


def test_a_log_group_class_that_is_lost_is_refused(stack: Any) -> None:
    with pytest.raises(DeploymentEnded, match="Property logGroupClass of G .* is not kept by the local AWS"):
        stack().deploy({"G": of("Logs::LogGroup", LogGroupClass="INFREQUENT_ACCESS")})


def test_a_subscription_changes_in_place_and_forgets_what_is_dropped(stack: Any, local_aws: Any) -> None:
    def resources(**attributes: Any) -> dict[str, Any]:
        subscription = of("SNS::Subscription", TopicArn=ref("T"), Protocol="sqs", Endpoint=att("Q", "Arn"), **attributes)
        return {"Q": of("SQS::Queue"), "T": of("SNS::Topic"), "S": subscription}

    def attributes() -> dict[str, str]:
        return local_aws.client("sns").get_subscription_attributes(SubscriptionArn=made.resources["S"])["Attributes"]

    made = stack().deploy(resources(RawMessageDelivery=True, FilterPolicy={"kind": ["a"]}, FilterPolicyScope="MessageBody"))
    before = made.resources["S"]
    made.deploy(resources(RawMessageDelivery=True, FilterPolicy={"kind": ["b"]}, FilterPolicyScope="MessageBody"))
    assert (made.resources["S"], attributes()["FilterPolicy"]) == (before, '{"kind": ["b"]}')
    made.deploy(resources())
    assert (made.resources["S"], attributes()["RawMessageDelivery"]) == (before, "false")
    assert attributes().get("FilterPolicy", "{}") == "{}"


def test_an_update_that_the_service_drops_is_refused(stack: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from moto.sns.models import SNSBackend

    made = stack().deploy({"T": of("SNS::Topic", DisplayName="old")})
    monkeypatch.setattr(SNSBackend, "set_topic_attribute", lambda *_: None)
    with pytest.raises(DeploymentEnded, match="Property Attributes.DisplayName of T .* is not kept"):
        made.deploy({"T": of("SNS::Topic", DisplayName="new")})


def test_a_bucket_setting_that_is_lost_is_refused(stack: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from moto.s3.models import S3Backend

    monkeypatch.setattr(S3Backend, "put_bucket_versioning", lambda *_: None)
    with pytest.raises(DeploymentEnded, match="Property Status of B .* is not kept by the local AWS"):
        stack().deploy({"B": of("S3::Bucket", VersioningConfiguration={"Status": "Enabled"})})


def test_the_cause_is_told_where_taking_back_fails_too(stack: Any, local_aws: Any) -> None:
    policies = [{"PolicyName": "p", "PolicyDocument": {"Statement": []}}]
    known = len(local_aws.client("iam").list_roles()["Roles"])
    with pytest.raises(DeploymentEnded, match="policy"):
        try:
            stack().deploy({"R": of("IAM::Role", AssumeRolePolicyDocument=TRUST, Policies=policies)})
        except DeploymentEnded as ended:
            assert "cannot be found" not in str(ended)
            raise
    assert len(local_aws.client("iam").list_roles()["Roles"]) == known


def test_a_reference_to_what_the_update_drops_fails(stack: Any) -> None:
    made = stack().deploy({"A": parameter("1"), "B": parameter("2")})
    with pytest.raises(DeploymentEnded, match=r"unresolved resource dependency \[A\]"):
        made.deploy({"B": parameter(ref("A"))})
    with pytest.raises(DeploymentEnded, match=r"unresolved resource dependency \[A\]"):
        made.deploy({"B": parameter("2")}, Outputs={"Old": {"Value": ref("A")}})
    assert set(made.resources) == {"A", "B"}


def test_a_reference_to_what_a_condition_now_leaves_out_fails(stack: Any) -> None:
    sections = {
        "Parameters": {"With": {"Type": "String", "Default": "yes"}},
        "Conditions": {"IsWith": {"Fn::Equals": [ref("With"), "yes"]}},
    }
    resources = {"A": {**parameter("1"), "Condition": "IsWith"}, "B": parameter(ref("A"))}
    made = stack().deploy(resources, **sections)
    with pytest.raises(DeploymentEnded, match=r"unresolved resource dependency \[A\]"):
        made.deploy(resources, {"With": "no"}, **sections)


def test_an_output_is_a_text(stack: Any) -> None:
    made = stack().deploy({"A": parameter("1")}, Outputs={"Flag": {"Value": True}})
    assert made.outputs == {"Flag": "true"}
    with pytest.raises(DeploymentEnded, match="output List must evaluate to a String"):
        made.deploy({"A": parameter("1")}, Outputs={"List": {"Value": ["a", "b"]}})


@pytest.mark.parametrize(
    ("declared", "value", "sentence"),
    [
        ({"Type": "Number"}, "many", "Parameter P must be a number"),
        ({"Type": "Number", "MaxValue": 3}, "4", "Parameter P: the greatest value is 3"),
        ({"Type": "String", "MinLength": 2}, "a", "Parameter P: the least length is 2"),
    ],
)
def test_a_parameter_out_of_bounds_is_refused(stack: Any, local_aws: Any, declared: Any, value: str, sentence: str) -> None:
    with pytest.raises(local_aws.client("cloudformation").exceptions.ClientError, match=sentence):
        stack().deploy({"A": parameter(ref("P"))}, {"P": value}, Parameters={"P": declared})


def test_a_replacement_that_hit_the_same_object_is_undone(stack: Any, local_aws: Any) -> None:
    def policy(action: str, **more: Any) -> dict[str, Any]:
        statement = {"Effect": "Allow", "Principal": "*", "Action": f"secretsmanager:{action}", "Resource": "*"}
        document = {"Version": "2012-10-17", "Statement": [statement]}
        return {"S": secret, "P": of("SecretsManager::ResourcePolicy", SecretId=ref("S"), ResourcePolicy=document, **more)}

    secret = of("SecretsManager::Secret", SecretString="x")
    made = stack().deploy(policy("GetSecretValue"))
    with pytest.raises(DeploymentEnded, match="UPDATE_ROLLBACK_COMPLETE"):
        made.deploy({**policy("PutSecretValue", BlockPublicPolicy=False), "Bad": {**BAD, "DependsOn": "P"}})
    kept = local_aws.client("secretsmanager").get_resource_policy(SecretId=made.resources["S"])["ResourcePolicy"]
    assert "GetSecretValue" in kept


def test_tags_are_placed_whatever_form_the_service_wants(stack: Any, local_aws: Any) -> None:
    listed = [{"Key": "team", "Value": "shop"}]
    made = stack().deploy({"K": of("KMS::Key", Tags=listed), "P": parameter("1", Tags={"team": "shop"})})
    tags = local_aws.client("kms").list_resource_tags(KeyId=made.resources["K"])["Tags"]
    assert tags == [{"TagKey": "team", "TagValue": "shop"}]
    ssm = local_aws.client("ssm")
    known = {"ResourceType": "Parameter", "ResourceId": made.resources["P"]}
    assert ssm.list_tags_for_resource(**known)["TagList"] == listed
    made.deploy({"K": of("KMS::Key"), "P": parameter("1", Tags={"team": "bakery"})})
    assert ssm.list_tags_for_resource(**known)["TagList"] == [{"Key": "team", "Value": "bakery"}]
    assert local_aws.client("kms").list_resource_tags(KeyId=made.resources["K"])["Tags"] == []


def test_a_topic_without_a_name_may_be_first_in_first_out(stack: Any) -> None:
    assert stack().deploy({"T": of("SNS::Topic", FifoTopic=True)}).resources["T"].endswith(".fifo")


def test_transitions_of_older_versions_are_kept(stack: Any, local_aws: Any) -> None:
    moved = [{"StorageClass": "GLACIER", "TransitionInDays": 7}]
    rules = {"Rules": [{"Status": "Enabled", "NoncurrentVersionTransitions": moved}]}
    made = stack().deploy({"B": of("S3::Bucket", LifecycleConfiguration=rules)})
    (rule,) = local_aws.client("s3").get_bucket_lifecycle_configuration(Bucket=made.resources["B"])["Rules"]
    assert rule["NoncurrentVersionTransitions"] == [{"NoncurrentDays": 7, "StorageClass": "GLACIER"}]


def test_a_failed_update_leaves_the_tags_of_the_stack(stack: Any, local_aws: Any) -> None:
    import json

    client, made = local_aws.client("cloudformation"), stack().deploy({"A": parameter("1")})
    body = json.dumps({"Resources": {"A": parameter("2"), "Bad": BAD}})
    client.update_stack(StackName=made.name, TemplateBody=body, Tags=[{"Key": "a", "Value": "b"}])
    assert (made.status, made.described["Tags"]) == ("UPDATE_ROLLBACK_COMPLETE", [])
