"""AWS::ElasticLoadBalancingV2::*"""

from __future__ import annotations

from collections.abc import Callable

from localaws.cloudformation.api_resource import call, resource
from localaws.cloudformation.model import Made, Request
from localaws.cloudformation.properties import as_text
from localaws.cloudformation.tagging import Tagging

_TAGS = Tagging("add_tags", "remove_tags", "ResourceArns", "Tags", "TagKeys", listed=True, several=True)


def _attributes(operation: str, key: str, property_name: str) -> Callable[[Request, Made], None]:
    """Attributes go through an operation of their own. An attribute without a value keeps AWS's default."""

    def put(request: Request, made: Made) -> None:
        declared = request.properties.get(property_name, [])
        attributes = [{"Key": a["Key"], "Value": as_text(a["Value"])} for a in declared if "Value" in a]
        if attributes:
            getattr(request.client("elbv2"), operation)(**{key: made.physical_id, "Attributes": attributes})

    return put


def _load_balancer_attributes(request: Request, made: Made) -> None:
    """In place, subnets and security groups are changed through operations of their own too."""
    client, properties = request.client("elbv2"), request.properties
    known = client.describe_load_balancers(LoadBalancerArns=[made.physical_id])["LoadBalancers"][0]
    groups = properties.get("SecurityGroups")
    if groups and set(groups) != set(known.get("SecurityGroups", [])):
        client.set_security_groups(LoadBalancerArn=made.physical_id, SecurityGroups=groups)
        made.attributes["SecurityGroups"] = groups
    _attributes("modify_load_balancer_attributes", "LoadBalancerArn", "LoadBalancerAttributes")(request, made)


resource(
    "AWS::ElasticLoadBalancingV2::LoadBalancer",
    service="elbv2",
    create="create_load_balancer",
    name="Name",
    longest_name=32,
    reads=call("describe_load_balancers", LoadBalancerArns=["$id"]),
    found="LoadBalancers.0",
    identifier="answer.LoadBalancers.0.LoadBalancerArn",
    attributes={
        "LoadBalancerArn": "answer.LoadBalancers.0.LoadBalancerArn",
        "DNSName": "answer.LoadBalancers.0.DNSName",
        "CanonicalHostedZoneID": "answer.LoadBalancers.0.CanonicalHostedZoneId",
        "LoadBalancerName": "answer.LoadBalancers.0.LoadBalancerName",
        "LoadBalancerFullName": lambda creation: creation.answer["LoadBalancers"][0]["LoadBalancerArn"].split(
            "loadbalancer/"
        )[1],
        "SecurityGroups": "answer.LoadBalancers.0.SecurityGroups",
    },
    separate=("LoadBalancerAttributes",),
    after=_load_balancer_attributes,
    in_place_after=("SecurityGroups",),
    update=call("set_ip_address_type", LoadBalancerArn="$id"),
    in_place=("IpAddressType",),
    tagging=_TAGS,
    delete=call("delete_load_balancer", LoadBalancerArn="$id"),
)

_HEALTH_CHECK = (
    "HealthCheckEnabled",
    "HealthCheckIntervalSeconds",
    "HealthCheckPath",
    "HealthCheckPort",
    "HealthCheckProtocol",
    "HealthCheckTimeoutSeconds",
    "HealthyThresholdCount",
    "Matcher",
    "UnhealthyThresholdCount",
)


def _target_group_attributes(request: Request, made: Made) -> None:
    _attributes("modify_target_group_attributes", "TargetGroupArn", "TargetGroupAttributes")(request, made)
    targets = request.properties.get("Targets")
    if targets:
        request.client("elbv2").register_targets(TargetGroupArn=made.physical_id, Targets=targets)


resource(
    "AWS::ElasticLoadBalancingV2::TargetGroup",
    service="elbv2",
    create="create_target_group",
    name="Name",
    longest_name=32,
    reads=call("describe_target_groups", TargetGroupArns=["$id"]),
    found="TargetGroups.0",
    identifier="answer.TargetGroups.0.TargetGroupArn",
    attributes={
        "TargetGroupArn": "answer.TargetGroups.0.TargetGroupArn",
        "TargetGroupName": "answer.TargetGroups.0.TargetGroupName",
        "TargetGroupFullName": lambda creation: creation.answer["TargetGroups"][0]["TargetGroupArn"].split(":")[-1],
        "LoadBalancerArns": "answer.TargetGroups.0.LoadBalancerArns",
    },
    separate=("TargetGroupAttributes", "Targets"),
    after=_target_group_attributes,
    update=call("modify_target_group", TargetGroupArn="$id"),
    in_place=_HEALTH_CHECK,
    tagging=_TAGS,
    delete=call("delete_target_group", TargetGroupArn="$id"),
)

resource(
    "AWS::ElasticLoadBalancingV2::Listener",
    service="elbv2",
    create="create_listener",
    reads=call("describe_listeners", ListenerArns=["$id"]),
    found="Listeners.0",
    identifier="answer.Listeners.0.ListenerArn",
    attributes={"ListenerArn": "answer.Listeners.0.ListenerArn"},
    separate=("ListenerAttributes",),
    after=_attributes("modify_listener_attributes", "ListenerArn", "ListenerAttributes"),
    update=call("modify_listener", ListenerArn="$id"),
    in_place=("AlpnPolicy", "Certificates", "DefaultActions", "Port", "Protocol", "SslPolicy"),
    delete=call("delete_listener", ListenerArn="$id"),
)


def _set_priority(request: Request, made: Made) -> None:
    """ModifyRule does not take the priority."""
    client, wanted = request.client("elbv2"), str(request.properties["Priority"])
    (rule,) = client.describe_rules(RuleArns=[made.physical_id])["Rules"]
    if rule["Priority"] != wanted:
        client.set_rule_priorities(RulePriorities=[{"RuleArn": made.physical_id, "Priority": int(wanted)}])


resource(
    "AWS::ElasticLoadBalancingV2::ListenerRule",
    service="elbv2",
    create="create_rule",
    reads=call("describe_rules", RuleArns=["$id"]),
    found="Rules.0",
    identifier="answer.Rules.0.RuleArn",
    attributes={"RuleArn": "answer.Rules.0.RuleArn"},
    after=_set_priority,
    update=call("modify_rule", RuleArn="$id"),
    in_place=("Actions", "Conditions"),
    in_place_after=("Priority",),
    delete=call("delete_rule", RuleArn="$id"),
)

resource(
    "AWS::ElasticLoadBalancingV2::ListenerCertificate",
    service="elbv2",
    create="add_listener_certificates",
    identifier=lambda creation: f"{creation.given['ListenerArn']}|{creation.given['Certificates'][0]['CertificateArn']}",
    delete=call(
        "remove_listener_certificates", ListenerArn="$properties.ListenerArn", Certificates="$properties.Certificates"
    ),
)
