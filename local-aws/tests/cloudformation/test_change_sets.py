"""Change sets: what they say, whose they are, and several at a time."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest


def queue(delay: int) -> dict[str, Any]:
    return {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": delay}}}


def test_change_sets_of_the_same_name_belong_to_their_stacks(stack: Any, local_aws: Any) -> None:
    first, second = stack(), stack()
    for one, delay in ((first, 1), (second, 2)):
        one.prepare("CREATE", json.dumps({"Resources": queue(delay)}), [])
    client = local_aws.client("cloudformation")
    for one in (first, second):
        client.execute_change_set(StackName=one.name, ChangeSetName="cdk-deploy-change-set")
    for one, delay in ((first, "1"), (second, "2")):
        url = one.resources["Queue"]
        attributes = local_aws.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["DelaySeconds"])[
            "Attributes"
        ]
        assert attributes == {"DelaySeconds": delay}


def test_parallel_deployments_do_not_mix(stack: Any) -> None:
    stacks = [stack() for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        list(
            pool.map(
                lambda one: one.deploy({**queue(1), **{f"P{i}": {"Type": "AWS::SNS::Topic"} for i in range(5)}}), stacks
            )
        )
    assert [one.status for one in stacks] == ["CREATE_COMPLETE"] * 3
    assert len({one.resources["Queue"] for one in stacks}) == 3


def test_a_change_set_names_what_changes(stack: Any) -> None:
    made = stack().deploy({**queue(1), "Gone": {"Type": "AWS::SNS::Topic"}})
    body = {"Resources": {**queue(2), "New": {"Type": "AWS::SNS::Topic"}}}
    described = made.prepare("UPDATE", json.dumps(body), [])
    changes = {c["ResourceChange"]["LogicalResourceId"]: c["ResourceChange"]["Action"] for c in described["Changes"]}
    assert changes == {"New": "Add", "Queue": "Modify", "Gone": "Remove"}


@pytest.mark.parametrize("metadata", [{}, {"Metadata": {"note": "changed"}}])
def test_a_change_set_without_changes_cannot_be_executed(stack: Any, local_aws: Any, metadata: dict[str, Any]) -> None:
    made = stack().deploy(queue(1))
    described = made.prepare("UPDATE", json.dumps({"Resources": {"Queue": {**queue(1)["Queue"], **metadata}}}), [])
    assert (described["Status"], described["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    assert "didn't contain changes" in described["StatusReason"]
    client = local_aws.client("cloudformation")
    with pytest.raises(client.exceptions.InvalidChangeSetStatusException):
        client.execute_change_set(StackName=made.name, ChangeSetName="cdk-deploy-change-set")


def test_an_unknown_change_set_is_not_found(stack: Any, local_aws: Any) -> None:
    made, client = stack().deploy(queue(1)), local_aws.client("cloudformation")
    with pytest.raises(client.exceptions.ChangeSetNotFoundException):
        client.describe_change_set(StackName=made.name, ChangeSetName="other")


def test_the_template_is_read_back_as_it_was_given(stack: Any, local_aws: Any) -> None:
    made, client = stack(), local_aws.client("cloudformation")
    body = json.dumps({"Resources": queue(1)}, indent=3)
    client.create_stack(StackName=made.name, TemplateBody=body)
    assert client.get_template(StackName=made.name)["TemplateBody"] == json.loads(body)


def test_a_yaml_template_with_short_forms(stack: Any, local_aws: Any) -> None:
    made, client = stack(), local_aws.client("cloudformation")
    body = "Resources:\n  Q:\n    Type: AWS::SQS::Queue\nOutputs:\n  Arn:\n    Value: !GetAtt Q.Arn\n  Day:\n    Value: 2012-10-17\n  Name:\n    Value: !Sub '${AWS::StackName}-x'\n"
    client.create_stack(StackName=made.name, TemplateBody=body)
    outputs = made.outputs
    assert outputs["Arn"].startswith("arn:aws:sqs:")
    assert (outputs["Day"], outputs["Name"]) == ("2012-10-17", f"{made.name}-x")
