"""Outputs, exports, imports and tags of stacks."""

from __future__ import annotations

from typing import Any

import pytest
from stacks import DeploymentEnded


def text(value: Any) -> dict[str, Any]:
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": value}}


def exporting(name: str, value: str) -> dict[str, Any]:
    return {"Outputs": {"Out": {"Value": value, "Export": {"Name": name}}}}


def importing(name: str) -> dict[str, Any]:
    return {"User": text({"Fn::ImportValue": name})}


def test_outputs_and_exports_are_fresh_after_an_update(stack: Any, local_aws: Any) -> None:
    client, made = local_aws.client("cloudformation"), stack().deploy({"A": text("1")}, **exporting("fresh", "one"))
    assert made.outputs == {"Out": "one"}
    made.deploy({"A": text("1")}, **exporting("fresh", "two"))
    assert made.outputs == {"Out": "two"}
    assert [e["Value"] for e in client.list_exports()["Exports"] if e["Name"] == "fresh"] == ["two"]
    made.delete()
    assert [e for e in client.list_exports()["Exports"] if e["Name"] == "fresh"] == []


def test_imports_see_what_others_export(stack: Any, local_aws: Any) -> None:
    stack().deploy({"A": text("1")}, **exporting("shared", "42"))
    user = stack().deploy(importing("shared"))
    assert local_aws.client("ssm").get_parameter(Name=user.resources["User"])["Parameter"]["Value"] == "42"
    assert local_aws.client("cloudformation").list_imports(ExportName="shared")["Imports"] == [user.name]


def test_an_import_of_nothing_fails(stack: Any) -> None:
    with pytest.raises(DeploymentEnded, match="No export named nowhere found"):
        stack().deploy(importing("nowhere"))


def test_an_export_in_use_can_neither_change_nor_go(stack: Any, local_aws: Any) -> None:
    owner = stack().deploy({"A": text("1")}, **exporting("used", "1"))
    user = stack().deploy(importing("used"))
    with pytest.raises(DeploymentEnded, match=f"Export used cannot be updated as it is in use by {user.name}"):
        owner.deploy({"A": text("1")}, **exporting("used", "2"))
    with pytest.raises(DeploymentEnded, match="Export used cannot be deleted as it is in use"):
        owner.deploy({"A": text("1")})
    with pytest.raises(DeploymentEnded, match="DELETE_FAILED.*in use by"):
        owner.delete()


def test_an_export_belongs_to_one_stack(stack: Any) -> None:
    owner = stack().deploy({"A": text("1")}, **exporting("mine", "1"))
    with pytest.raises(DeploymentEnded, match=f"Export with name mine is already exported by stack {owner.name}"):
        stack().deploy({"A": text("1")}, **exporting("mine", "2"))


def test_tags_of_a_stack_are_those_of_its_last_deployment(stack: Any, local_aws: Any) -> None:
    client, made = local_aws.client("cloudformation"), stack()
    body = '{"Resources": {"A": {"Type": "AWS::SQS::Queue"}}}'
    client.create_stack(StackName=made.name, TemplateBody=body, Tags=[{"Key": "team", "Value": "a"}])
    client.update_stack(StackName=made.name, TemplateBody=body, Tags=[{"Key": "team", "Value": "b"}])
    assert made.described["Tags"] == [{"Key": "team", "Value": "b"}]
