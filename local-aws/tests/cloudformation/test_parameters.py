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


PLATFORM = {
    "Parameters": {
        "Name": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/test/platform/v1/name"},
        "Zones": {"Type": "AWS::SSM::Parameter::Value<List<String>>", "Default": "/test/platform/v1/zones"},
    },
    "Outputs": {"Second": {"Value": {"Fn::Select": [1, {"Ref": "Zones"}]}}},
}


def published(name: str, zones: str = "a,b", kind: str = "StringList") -> dict[str, Any]:
    """What one app publishes, as resources."""
    return {
        "Name": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/test/platform/v1/name", "Type": "String", "Value": name}},
        "Zones": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/test/platform/v1/zones", "Type": kind, "Value": zones}},
    }


@pytest.fixture
def platform(stack: Any) -> Iterator[Any]:
    made = stack()
    yield made
    if made.status not in ("", "DELETE_COMPLETE"):
        made.delete()


def shown(made: Any, local_aws: Any) -> str:
    return local_aws.client("sns").get_topic_attributes(TopicArn=made.resources["T"])["Attributes"]["DisplayName"]


def test_what_another_stack_publishes_is_read_at_each_deployment(stack: Any, local_aws: Any, platform: Any) -> None:
    platform.deploy(published("one"))
    product = stack().deploy(topic({"Ref": "Name"}), **PLATFORM)
    assert (shown(product, local_aws), product.outputs) == ("one", {"Second": "b"})
    described = {p["ParameterKey"]: (p["ParameterValue"], p["ResolvedValue"]) for p in product.described["Parameters"]}
    assert described == {"Name": ("/test/platform/v1/name", "one"), "Zones": ("/test/platform/v1/zones", "a,b")}

    platform.deploy(published("two", "a,c"))
    assert shown(product, local_aws) == "one"
    product.deploy(topic({"Ref": "Name"}), **PLATFORM)
    assert (shown(product, local_aws), product.outputs) == ("two", {"Second": "c"})

    product.delete()
    platform.delete()
    assert local_aws.client("ssm").describe_parameters(ParameterFilters=[{"Key": "Name", "Option": "BeginsWith", "Values": ["/test/platform"]}])["Parameters"] == []


def test_a_change_set_has_what_a_changed_value_reaches_and_nothing_if_none_has(stack: Any, platform: Any) -> None:
    platform.deploy(published("one"))
    product = stack().deploy({**topic({"Ref": "Name"}), "Other": topic("x")["T"]}, **PLATFORM)
    body = json.dumps({"Resources": {**topic({"Ref": "Name"}), "Other": topic("x")["T"]}, **PLATFORM})
    described = product.prepare("UPDATE", body, [])
    assert (described["Status"], described["Changes"]) == ("FAILED", [])
    platform.deploy(published("two"))
    described = product.prepare("UPDATE", body, [])
    changed = [change["ResourceChange"]["LogicalResourceId"] for change in described["Changes"]]
    assert (described["Status"], changed) == ("CREATE_COMPLETE", ["T"])


@pytest.mark.parametrize(
    ("resources", "sentence"),
    [
        ({}, r"Unable to fetch parameters \[/test/platform/v1/name\] from parameter store for this account."),
        (published("one", kind="String"), r"/test/platform/v1/zones of the parameter store is a String, and the template asks for .*<List<String>>"),
    ],
)
def test_what_is_not_published_or_not_of_its_type_stops_the_deployment(
    stack: Any, local_aws: Any, platform: Any, resources: dict[str, Any], sentence: str
) -> None:
    if resources:
        platform.deploy(resources)
    with pytest.raises(local_aws.client("cloudformation").exceptions.ClientError, match=sentence):
        stack().deploy(topic({"Ref": "Name"}), **PLATFORM)


def test_a_secret_string_of_the_store_is_no_template_parameter(stack: Any, local_aws: Any) -> None:
    ssm = local_aws.client("ssm")
    ssm.put_parameter(Name="/test/platform/v1/name", Value="secret", Type="SecureString")
    try:
        with pytest.raises(local_aws.client("cloudformation").exceptions.ClientError, match="types not supported by CloudFormation"):
            stack().deploy(topic({"Ref": "Name"}), Parameters={"Name": PLATFORM["Parameters"]["Name"]})
    finally:
        ssm.delete_parameter(Name="/test/platform/v1/name")


def test_a_rule_stops_a_deployment_whose_platform_is_another_than_it_was_made_for(stack: Any, platform: Any) -> None:
    rules = {
        "Check": {
            "Assertions": [{"Assert": {"Fn::Contains": [["two", "three"], {"Ref": "Name"}]}, "AssertDescription": "not one"}]
        }
    }
    platform.deploy(published("one"))
    with pytest.raises(DeploymentEnded, match="not one"):
        stack().deploy(topic({"Ref": "Name"}), Rules=rules, **PLATFORM)
    platform.deploy(published("two"))
    assert stack().deploy(topic({"Ref": "Name"}), Rules=rules, **PLATFORM).outputs == {"Second": "b"}
