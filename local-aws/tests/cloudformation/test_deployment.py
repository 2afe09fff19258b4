"""Creation, update, rollback and deletion of a stack."""

from __future__ import annotations

from typing import Any

import pytest
from stacks import DeploymentEnded, Stack

BAD = {"Type": "AWS::Nope::Thing"}


def parameter(value: Any, **more: Any) -> dict[str, Any]:
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value, **more}}


def value_of(local_aws: Any, name: str) -> str:
    return local_aws.client("ssm").get_parameter(Name=name)["Parameter"]["Value"]


def names(local_aws: Any) -> set[str]:
    return {p["Name"] for p in local_aws.client("ssm").describe_parameters()["Parameters"]}


def test_references_are_made_first_and_resolved(stack: Any, local_aws: Any) -> None:
    made = stack().deploy(
        {
            "Text": parameter({"Fn::Sub": "${Queue.Arn} ${!Literal} ${AWS::Region}"}),
            "Queue": {"Type": "AWS::SQS::Queue"},
            "Joined": parameter({"Fn::Join": ["-", ["a", {"Ref": "Queue"}, {"Ref": "AWS::NoValue"}]]}),
        },
        Outputs={"Url": {"Value": {"Ref": "Queue"}}},
    )
    url = made.outputs["Url"]
    assert value_of(local_aws, made.resources["Text"]).startswith("arn:aws:sqs:us-east-1:123456789012:")
    assert value_of(local_aws, made.resources["Text"]).endswith("${Literal} us-east-1")
    assert value_of(local_aws, made.resources["Joined"]) == f"a-{url}"


def test_a_made_up_name_has_no_two_hyphens_in_a_row(stack: Any) -> None:
    made = stack("shortened-to-18-ch").deploy(
        {
            "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.9.0.0/16"}},
            "Targets": {
                "Type": "AWS::ElasticLoadBalancingV2::TargetGroup",
                "Properties": {"VpcId": {"Ref": "Vpc"}, "Port": 80, "Protocol": "HTTP", "TargetType": "ip"},
            },
        }
    )
    assert ":targetgroup/shortened-to-18-ch-" in made.resources["Targets"]


def test_conditions_decide_what_is_made(stack: Any) -> None:
    sections = {
        "Parameters": {"Big": {"Type": "String", "Default": "no"}},
        "Conditions": {"IsBig": {"Fn::Equals": [{"Ref": "Big"}, "yes"]}},
        "Outputs": {"Only": {"Condition": "IsBig", "Value": "x"}},
    }
    resources = {"Always": parameter("1"), "Sometimes": {**parameter("2"), "Condition": "IsBig"}}
    made = stack().deploy(resources, **sections)
    assert (set(made.resources), made.outputs) == ({"Always"}, {})
    made.deploy(resources, {"Big": "yes"}, **sections)
    assert (set(made.resources), made.outputs) == ({"Always", "Sometimes"}, {"Only": "x"})
    made.deploy(resources, {"Big": "no"}, **sections)
    assert set(made.resources) == {"Always"}


def test_a_failing_creation_leaves_nothing_and_says_why(stack: Any, local_aws: Any) -> None:
    before, made = names(local_aws), stack()
    with pytest.raises(DeploymentEnded, match="AWS::Nope::Thing is not modelled"):
        made.deploy({"Good": parameter("1"), "Bad": {**BAD, "DependsOn": "Good"}})
    assert names(local_aws) == before
    assert made.statuses("Good") == ["CREATE_IN_PROGRESS", "CREATE_COMPLETE", "DELETE_IN_PROGRESS", "DELETE_COMPLETE"]
    assert made.statuses("Bad") == ["CREATE_FAILED"]
    assert made.statuses(made.name) == [
        "REVIEW_IN_PROGRESS",
        "CREATE_IN_PROGRESS",
        "ROLLBACK_IN_PROGRESS",
        "ROLLBACK_COMPLETE",
    ]


def test_reading_a_failed_stack_makes_nothing(stack: Any, local_aws: Any) -> None:
    before, made = names(local_aws), stack()
    with pytest.raises(DeploymentEnded):
        made.deploy({"Bad": BAD, "Later": {**parameter("1"), "DependsOn": "Bad"}})
    client = local_aws.client("cloudformation")
    assert client.describe_stack_resources(StackName=made.name)["StackResources"] == []
    assert client.list_stack_resources(StackName=made.name)["StackResourceSummaries"] == []
    assert names(local_aws) == before


def test_an_unforeseen_error_of_an_operation_is_a_failed_deployment(stack: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash within the service must neither hang the stack nor turn green at the second look."""
    from moto.ssm.models import SimpleSystemManagerBackend

    def crash(*_: Any, **__: Any) -> None:
        raise KeyError("something")

    monkeypatch.setattr(SimpleSystemManagerBackend, "put_parameter", crash)
    made = stack()
    with pytest.raises(DeploymentEnded, match="ROLLBACK_COMPLETE"):
        made.deploy({"A": parameter("1")})
    assert made.statuses("A")[-1] == "CREATE_FAILED"


def test_an_update_touches_only_what_changed(stack: Any, local_aws: Any) -> None:
    made = stack().deploy({"A": parameter("1"), "B": parameter("1")})
    before = made.resources
    made.deploy({"A": parameter("2"), "B": {**parameter("1"), "Metadata": {"note": "new"}}})
    assert made.resources == before
    assert value_of(local_aws, before["A"]) == "2"
    assert made.statuses("A")[-2:] == ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"]
    assert made.statuses("B") == ["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]


def test_dependents_follow_a_replaced_resource(stack: Any, local_aws: Any) -> None:
    def resources(fifo: bool) -> dict[str, Any]:
        queue = {"Type": "AWS::SQS::Queue", "Properties": {"FifoQueue": True}} if fifo else {"Type": "AWS::SQS::Queue"}
        return {
            "Queue": queue,
            "First": parameter({"Ref": "Queue"}),
            "Second": parameter({"Fn::GetAtt": ["First", "Value"]}),
        }

    made = stack().deploy(resources(fifo=False))
    old = made.resources["Queue"]
    made.deploy(resources(fifo=True))
    new = made.resources["Queue"]
    assert new != old
    assert value_of(local_aws, made.resources["First"]) == new
    assert value_of(local_aws, made.resources["Second"]) == new
    assert old not in local_aws.client("sqs").list_queues().get("QueueUrls", [])


def test_a_custom_name_stands_in_the_way_of_a_replacement(stack: Any) -> None:
    name = {"QueueName": "fixed-name.fifo", "FifoQueue": True}
    made = stack().deploy({"Q": {"Type": "AWS::SQS::Queue", "Properties": name}})
    with pytest.raises(DeploymentEnded, match="custom-named resource requires replacing. Rename fixed-name.fifo"):
        made.deploy({"Q": {"Type": "AWS::SQS::Queue", "Properties": {**name, "FifoQueue": False}}})
    assert made.status == "UPDATE_ROLLBACK_COMPLETE"


def _failing_update(made: Stack, resources: dict[str, Any]) -> None:
    last = next(reversed(resources))
    with pytest.raises(DeploymentEnded, match="UPDATE_ROLLBACK_COMPLETE"):
        made.deploy({**resources, "Bad": {**BAD, "DependsOn": [*resources]}})
    assert last in made.resources


def test_a_failing_update_restores_what_was_changed_replaced_and_made(stack: Any, local_aws: Any) -> None:
    queue = {"Type": "AWS::SQS::Queue"}
    made = stack().deploy(
        {"Queue": queue, "Follows": parameter({"Ref": "Queue"}), "Plain": parameter("old", Description="d")}
    )
    before, known = made.resources, names(local_aws)
    replaced = {"Type": "AWS::SQS::Queue", "Properties": {"FifoQueue": True}}
    _failing_update(
        made,
        {
            "Extra": parameter("x"),
            "Queue": replaced,
            "Follows": parameter({"Ref": "Queue"}),
            "Plain": parameter("new", Description="d"),
        },
    )
    assert made.resources == before
    assert names(local_aws) == known
    assert value_of(local_aws, before["Plain"]) == "old"
    assert value_of(local_aws, before["Follows"]) == before["Queue"]
    assert local_aws.client("sqs").list_queues()["QueueUrls"] == [before["Queue"]]


def test_a_stack_can_be_updated_after_a_rolled_back_update(stack: Any, local_aws: Any) -> None:
    made = stack().deploy({"A": parameter("1")})
    _failing_update(made, {"A": parameter("2")})
    made.deploy({"A": parameter("3")})
    assert value_of(local_aws, made.resources["A"]) == "3"


def test_what_the_template_drops_is_deleted(stack: Any, local_aws: Any) -> None:
    made = stack().deploy({"A": parameter("1"), "B": parameter("2")})
    gone = made.resources["B"]
    made.deploy({"A": parameter("1")})
    assert gone not in names(local_aws)
    assert set(made.resources) == {"A"}


def test_deletion_goes_from_the_newest_to_the_oldest(stack: Any, local_aws: Any) -> None:
    made = stack().deploy({"C": parameter({"Ref": "B"}), "B": parameter({"Ref": "A"}), "A": parameter("1")})
    arn = made.arn
    made.delete()
    order = [e["LogicalResourceId"] for e in made.events(arn) if e["ResourceStatus"] == "DELETE_COMPLETE"]
    assert order == ["C", "B", "A", made.name]


def test_retained_resources_outlive_their_stack(stack: Any, local_aws: Any) -> None:
    made = stack().deploy({"A": {**parameter("1"), "DeletionPolicy": "Retain"}})
    name, arn = made.resources["A"], made.arn
    made.delete()
    assert value_of(local_aws, name) == "1"
    assert [e["ResourceStatus"] for e in made.events(arn) if e["LogicalResourceId"] == "A"][-1] == "DELETE_SKIPPED"
    local_aws.client("ssm").delete_parameter(Name=name)


def test_termination_protection_keeps_a_stack(stack: Any, local_aws: Any) -> None:
    client, made = local_aws.client("cloudformation"), stack().deploy({"A": parameter("1")})
    client.update_termination_protection(StackName=made.name, EnableTerminationProtection=True)
    with pytest.raises(client.exceptions.ClientError, match="TerminationProtection is enabled"):
        client.delete_stack(StackName=made.name)
    client.update_termination_protection(StackName=made.name, EnableTerminationProtection=False)


def test_without_rollback_what_was_made_stays(stack: Any, local_aws: Any) -> None:
    import json

    client, made = local_aws.client("cloudformation"), stack()
    body = json.dumps({"Resources": {"A": parameter("1"), "Bad": {**BAD, "DependsOn": "A"}}})
    client.create_stack(StackName=made.name, TemplateBody=body, DisableRollback=True)
    assert made.status == "CREATE_FAILED"
    assert value_of(local_aws, made.resources["A"]) == "1"


def test_a_deleted_stack_is_known_by_its_arn_alone(stack: Any, local_aws: Any) -> None:
    client, made = local_aws.client("cloudformation"), stack().deploy({"A": parameter("1")})
    arn = made.arn
    made.delete()
    assert client.describe_stacks(StackName=arn)["Stacks"][0]["StackStatus"] == "DELETE_COMPLETE"
    with pytest.raises(client.exceptions.ClientError, match=f"Stack with id {made.name} does not exist"):
        client.describe_stacks(StackName=made.name)
    with pytest.raises(client.exceptions.ClientError, match=rf"Stack \[{made.name}\] does not exist"):
        client.describe_stack_events(StackName=made.name)
