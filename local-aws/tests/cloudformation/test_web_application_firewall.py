"""Web ACLs and their associations: kept and read back."""

from __future__ import annotations

from typing import Any

import pytest
from cloudformation.network import att, load_balancer, of, ref

VISIBLE = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "edge"}


def managed(name: str) -> dict[str, Any]:
    return {
        "Name": name,
        "Priority": 1,
        "OverrideAction": {"None": {}},
        "VisibilityConfig": VISIBLE,
        "Statement": {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": name}},
    }


def acl(rule: str, **more: Any) -> dict[str, Any]:
    return of(
        "WAFv2::WebACL", Scope="REGIONAL", DefaultAction={"Allow": {}}, VisibilityConfig=VISIBLE, Rules=[managed(rule)], **more
    )


def test_a_web_acl_is_associated_updated_and_deleted(stack: Any, local_aws: Any) -> None:
    waf, made = local_aws.client("wafv2"), stack()
    association = of("WAFv2::WebACLAssociation", ResourceArn=ref("Balancer"), WebACLArn=att("Acl", "Arn"))
    outputs = {"Arn": {"Value": att("Acl", "Arn")}}
    resources = {**load_balancer(), "Acl": acl("AWSManagedRulesCommonRuleSet"), "Association": association}
    before = made.deploy(resources, Outputs=outputs).resources
    found = waf.get_web_acl_for_resource(ResourceArn=before["Balancer"])["WebACL"]
    assert found["ARN"] == made.outputs["Arn"]
    assert found["Rules"][0]["Statement"]["ManagedRuleGroupStatement"]["Name"] == "AWSManagedRulesCommonRuleSet"

    changed = {**resources, "Acl": acl("AWSManagedRulesKnownBadInputsRuleSet", Description="changed")}
    assert made.deploy(changed, Outputs=outputs).resources == before, "updated in place"
    found = waf.get_web_acl_for_resource(ResourceArn=before["Balancer"])["WebACL"]
    assert [found["Description"], found["Rules"][0]["Name"]] == ["changed", "AWSManagedRulesKnownBadInputsRuleSet"]

    made.deploy(load_balancer())
    assert waf.get_web_acl_for_resource(ResourceArn=before["Balancer"]).get("WebACL") is None
    with pytest.raises(waf.exceptions.WAFNonexistentItemException):
        waf.get_web_acl(Name=found["Name"], Scope="REGIONAL", Id=found["Id"])


def test_a_second_association_of_a_resource_fails(stack: Any) -> None:
    associations = {
        name: of("WAFv2::WebACLAssociation", ResourceArn=ref("Balancer"), WebACLArn=att(name.replace("To", ""), "Arn"))
        for name in ("ToOne", "ToTwo")
    }
    acls = {name: acl("AWSManagedRulesCommonRuleSet") for name in ("One", "Two")}
    with pytest.raises(Exception, match="is associated with the web ACL"):
        stack().deploy({**load_balancer(), **acls, **associations})
