"""What is not modelled fails, in a sentence that says what and where."""

from __future__ import annotations

from typing import Any

import pytest
from stacks import DeploymentEnded

QUEUE = {"Type": "AWS::SQS::Queue"}
TASKS = {
    "Type": "AWS::ECS::TaskDefinition",
    "Properties": {"ContainerDefinitions": [{"Name": "a", "Image": "a", "Memory": 64}]},
}


def service(**properties: Any) -> dict[str, Any]:
    return {
        "Tasks": TASKS,
        "Orders": {"Type": "AWS::ECS::Service", "Properties": {"TaskDefinition": {"Ref": "Tasks"}, **properties}},
    }


@pytest.mark.parametrize(
    ("resources", "sentence"),
    [
        ({"A": {"Type": "AWS::Nope::Thing"}}, "Resource type AWS::Nope::Thing is not modelled by the local AWS"),
        (
            {"A": {"Type": "AWS::Batch::SchedulingPolicy", "Properties": {"Colour": "red"}}},
            "Property Colour of A (AWS::Batch::SchedulingPolicy) cannot be placed on Batch:CreateSchedulingPolicy",
        ),
        (
            {
                "A": {
                    "Type": "AWS::Batch::SchedulingPolicy",
                    "Properties": {"FairsharePolicy": {"ShareDistribution": [{"Colour": 1}]}},
                }
            },
            "Property FairsharePolicy.ShareDistribution[0].Colour of A (AWS::Batch::SchedulingPolicy) cannot be placed",
        ),
        (
            {"A": {"Type": "AWS::S3::Bucket", "Properties": {"WebsiteConfiguration": {}}}},
            "Property WebsiteConfiguration of A (AWS::S3::Bucket) is not modelled",
        ),
        (
            {
                "A": {
                    "Type": "AWS::EC2::SecurityGroup",
                    "Properties": {"GroupDescription": "x", "SecurityGroupIngress": [{"IpProtocol": "tcp", "Colour": 1}]},
                }
            },
            "Property Colour of a rule of A (AWS::EC2::SecurityGroup) cannot be placed",
        ),
        (
            {"A": {"Type": "AWS::IAM::Policy", "Properties": {"PolicyName": "p", "PolicyDocument": {}, "Colour": 1}}},
            "Property Colour of A (AWS::IAM::Policy) is not modelled",
        ),
        (
            {
                "A": {
                    "Type": "AWS::Batch::SchedulingPolicy",
                    "Properties": {"FairsharePolicy": {"ComputeReservation": "many"}},
                }
            },
            "Property FairsharePolicy.ComputeReservation of A (AWS::Batch::SchedulingPolicy) is 'many', but Batch:CreateSchedulingPolicy takes a number",
        ),
        (
            service(DeploymentController={"Type": "CODE_DEPLOY"}),
            "Deployment controller CODE_DEPLOY of Orders is not modelled",
        ),
        (service(LaunchType="EXTERNAL"), "Launch type EXTERNAL of Orders is not modelled by the local AWS"),
        (
            {"A": {"Type": "AWS::Batch::ComputeEnvironment", "Properties": {"Type": "MANAGED", "EksConfiguration": {}}}},
            "Batch on EKS is not modelled by the local AWS",
        ),
        (
            {"A": {"Type": "AWS::Batch::JobDefinition", "Properties": {"Type": "container", "EksProperties": {}}}},
            "Batch on EKS is not modelled by the local AWS",
        ),
        (
            {
                "A": {
                    "Type": "AWS::StepFunctions::StateMachine",
                    "Properties": {"RoleArn": "r", "DefinitionString": '{"QueryLanguage": "JSONata"}'},
                }
            },
            "The JSONata states of A are not modelled by the local AWS",
        ),
        (
            {
                "A": {
                    "Type": "AWS::StepFunctions::StateMachine",
                    "Properties": {"RoleArn": "r", "Definition": {"States": {"P": {"Type": "Pass", "Assign": {}}}}},
                }
            },
            "The variables (Assign) of A are not modelled by the local AWS",
        ),
        (
            {"A": QUEUE, "B": {**QUEUE, "Properties": {"QueueName": {"Fn::GetAtt": ["A", "Colour"]}}}},
            "Attribute Colour of A (AWS::SQS::Queue) is not modelled",
        ),
        (
            {"A": {**QUEUE, "Properties": {"QueueName": {"Fn::Transform": {}}}}},
            "Template function Fn::Transform is not modelled",
        ),
    ],
)
def test_a_deployment_fails_with_the_sentence(stack: Any, resources: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DeploymentEnded) as ended:
        stack().deploy(resources)
    assert str(ended.value).startswith("ROLLBACK_COMPLETE")
    assert sentence in str(ended.value)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ('{"Transform": "x", "Resources": {}}', "Template section Transform is not modelled by the local AWS"),
        (
            '{"Resources": {"A": {"Type": "AWS::SQS::Queue", "UpdatePolicy": {}}}}',
            "UpdatePolicy of resource A is not modelled",
        ),
        (
            '{"Resources": {"A": {"Type": "AWS::SQS::Queue", "DeletionPolicy": "Snapshot"}}}',
            "Deletion policy Snapshot of resource A is not modelled",
        ),
        (
            '{"Resources": {"A": {"Type": "AWS::SQS::Queue", "DependsOn": "B"}, "B": {"Type": "AWS::SQS::Queue", "DependsOn": "A"}}}',
            "Circular dependency between resources: [A, B]",
        ),
    ],
)
def test_a_template_is_refused_before_anything_is_made(stack: Any, local_aws: Any, body: str, sentence: str) -> None:
    with pytest.raises(
        local_aws.client("cloudformation").exceptions.ClientError, match=sentence.replace("[", r"\[").replace("]", r"\]")
    ):
        stack().prepare("CREATE", body, [])


def test_a_property_that_the_api_loses_fails_the_resource(stack: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from moto.batch.models import SchedulingPolicy

    describe = SchedulingPolicy.to_dict
    monkeypatch.setattr(
        SchedulingPolicy, "to_dict", lambda self, create=False: {**describe(self, create), "fairsharePolicy": {}}
    )
    with pytest.raises(
        DeploymentEnded, match="Property fairsharePolicy.shareDecaySeconds of A .* is not kept by the local AWS"
    ):
        stack().deploy(
            {"A": {"Type": "AWS::Batch::SchedulingPolicy", "Properties": {"FairsharePolicy": {"ShareDecaySeconds": 600}}}}
        )
