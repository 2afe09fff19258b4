"""Parameters and rules of templates."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from stacks import DeploymentEnded

BOOTSTRAP = {
    "Parameters": {"BootstrapVersion": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/test/bootstrap/version"}},
    "Rules": {
        "Check": {
            "Assertions": [
                {
                    "Assert": {"Fn::Not": [{"Fn::Contains": [["1", "2"], {"Ref": "BootstrapVersion"}]}]},
                    "AssertDescription": "too old",
                }
            ]
        }
    },
}


@pytest.fixture
def version(local_aws: Any) -> Iterator[Any]:
    ssm = local_aws.client("ssm")

    def put(value: str) -> None:
        ssm.put_parameter(Name="/test/bootstrap/version", Value=value, Type="String", Overwrite=True)

    put("30")
    yield put
    ssm.delete_parameter(Name="/test/bootstrap/version")


def topic(name: str) -> dict[str, Any]:
    return {"T": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": name}}}


def test_a_parameter_from_the_store_keeps_its_previous_value_in_an_update(stack: Any, local_aws: Any, version: Any) -> None:
    made = stack().deploy(topic("a"), **BOOTSTRAP)
    client = local_aws.client("cloudformation")
    body = json.dumps({"Resources": topic("b"), **BOOTSTRAP, "Outputs": {"V": {"Value": {"Ref": "BootstrapVersion"}}}})
    for _ in range(2):
        previous = [{"ParameterKey": "BootstrapVersion", "UsePreviousValue": True}]
        made.prepare("UPDATE", body, previous)
        client.execute_change_set(StackName=made.name, ChangeSetName="cdk-deploy-change-set")
        assert (made.status, made.outputs) == ("UPDATE_COMPLETE", {"V": "30"})
        body = body.replace('"b"', '"c"')


def test_a_rule_of_the_template_stops_the_deployment(stack: Any, version: Any) -> None:
    version("2")
    with pytest.raises(DeploymentEnded, match="too old"):
        stack().deploy(topic("a"), **BOOTSTRAP)


@pytest.mark.parametrize(
    ("declaration", "given", "sentence"),
    [
        ({"Type": "String"}, {}, r"Parameters: \[P\] must have values"),
        ({"Type": "String", "AllowedValues": ["a"]}, {"P": "b"}, "Parameter P must be one of AllowedValues"),
        ({"Type": "String", "AllowedPattern": "a+"}, {"P": "b"}, "Parameter P must match pattern"),
        ({"Type": "String", "Default": "x"}, {"Q": "b"}, r"Parameters: \[Q\] do not exist in the template"),
    ],
)
def test_values_are_checked(
    stack: Any, local_aws: Any, declaration: dict[str, Any], given: dict[str, str], sentence: str
) -> None:
    with pytest.raises(local_aws.client("cloudformation").exceptions.ClientError, match=sentence):
        stack().deploy(topic("a"), given, Parameters={"P": declaration})


def test_lists_and_dynamic_references(stack: Any, local_aws: Any, version: Any) -> None:
    made = stack().deploy(
        topic({"Fn::Select": [1, {"Ref": "P"}]}),
        {"P": "a, b"},
        Parameters={"P": {"Type": "CommaDelimitedList"}},
        Outputs={"V": {"Value": "{{resolve:ssm:/test/bootstrap/version}}"}},
    )
    attributes = local_aws.client("sns").get_topic_attributes(TopicArn=made.resources["T"])["Attributes"]
    assert (attributes["DisplayName"], made.outputs) == ("b", {"V": "30"})
