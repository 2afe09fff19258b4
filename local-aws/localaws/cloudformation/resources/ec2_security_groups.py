"""AWS::EC2::SecurityGroup and its rules, inline or as resources of their own."""

from __future__ import annotations

from typing import Any

from localaws.cloudformation.api_resource import ApiResource, Creation, call, resource, undone_on_failure
from localaws.cloudformation.model import Made, Request, register
from localaws.cloudformation.resources.ec2_network import TAGS, tagged
from localaws.cloudformation.state import StackResource
from localaws.errors import NotModelled

Properties = dict[str, Any]

_SOURCES = {
    "CidrIp": ("IpRanges", "CidrIp"),
    "CidrIpv6": ("Ipv6Ranges", "CidrIpv6"),
    "SourcePrefixListId": ("PrefixListIds", "PrefixListId"),
    "DestinationPrefixListId": ("PrefixListIds", "PrefixListId"),
    "SourceSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
    "DestinationSecurityGroupId": ("UserIdGroupPairs", "GroupId"),
}
_EVERYTHING_OUT = [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}]
"""The rule that EC2 gives every new group, and that CloudFormation takes away where egress is declared."""


def _permission(owner: str, rule: Properties) -> Properties:
    """One rule of a template in the shape of the API: a protocol with ranges of addresses, prefixes or groups."""
    rule = dict(rule)
    permission: Properties = {"IpProtocol": str(rule.pop("IpProtocol"))}
    for port in ("FromPort", "ToPort"):
        if port in rule:
            permission[port] = int(rule.pop(port))
    description = {"Description": rule.pop("Description")} if "Description" in rule else {}
    rule.pop("SourceSecurityGroupOwnerId", None)  # there is but one account
    for name, (ranges, key) in _SOURCES.items():
        if name in rule:
            permission[ranges] = [{key: rule.pop(name), **description}]
    if rule:
        raise NotModelled(f"Property {sorted(rule)[0]} of a rule of {owner} cannot be placed on an EC2 permission")
    return permission


class SecurityGroup(ApiResource):
    """Inline rules are compared one by one: the group may have others, from rule resources, that must stay."""

    def create(self, request: Request) -> Made:
        made = super().create(request)
        with undone_on_failure(lambda: self._delete(request, made.physical_id, made.attributes)):
            self._change(request, made.physical_id, "ingress", [], request.properties.get("SecurityGroupIngress", []))
            if request.properties.get("SecurityGroupEgress"):
                self._change(request, made.physical_id, "egress", _EVERYTHING_OUT, request.properties["SecurityGroupEgress"])
        return made

    def update(self, request: Request, current: StackResource) -> Made:
        made = super().update(request, current)
        old, new = current.properties, request.properties
        self._change(
            request, made.physical_id, "ingress", old.get("SecurityGroupIngress", []), new.get("SecurityGroupIngress", [])
        )
        before, after = old.get("SecurityGroupEgress") or _EVERYTHING_OUT, new.get("SecurityGroupEgress") or _EVERYTHING_OUT
        self._change(request, made.physical_id, "egress", before, after)
        return made

    def _change(self, request: Request, group: str, direction: str, old: list[Properties], new: list[Properties]) -> None:
        client, owner = request.client("ec2"), f"{request.logical_id} ({self.type})"
        before, after = ([_permission(owner, rule) for rule in rules] for rules in (old, new))
        gone = [permission for permission in before if permission not in after]
        added = [permission for permission in after if permission not in before]
        if gone:
            getattr(client, f"revoke_security_group_{direction}")(GroupId=group, IpPermissions=gone)
        if added:
            getattr(client, f"authorize_security_group_{direction}")(GroupId=group, IpPermissions=added)


register(
    SecurityGroup(
        "AWS::EC2::SecurityGroup",
        "ec2",
        "create_security_group",
        "answer.GroupId",
        attributes={
            "GroupId": "answer.GroupId",
            "Id": "answer.GroupId",
            "GroupName": "given.GroupName",
            "VpcId": "given.VpcId",
        },
        name="GroupName",
        rename={"GroupDescription": "Description"},
        reads=call("describe_security_groups", GroupIds=["$id"]),
        found="SecurityGroups.0",
        prepare=tagged("security-group"),
        separate=("SecurityGroupIngress", "SecurityGroupEgress"),
        resets={"SecurityGroupIngress": [], "SecurityGroupEgress": []},
        tagging=TAGS,
        delete_call=call("delete_security_group", GroupId="$id"),
    )
)


def _rule(request: Request, properties: Properties) -> Properties:
    group = properties.pop("GroupId")
    return {"GroupId": group, "IpPermissions": [_permission(request.logical_id, properties)]}


def _rule_id(creation: Creation) -> str:
    return creation.answer["SecurityGroupRules"][0]["SecurityGroupRuleId"]


for direction in ("Ingress", "Egress"):
    resource(
        f"AWS::EC2::SecurityGroup{direction}",
        service="ec2",
        create=f"authorize_security_group_{direction.lower()}",
        identifier=_rule_id,
        attributes={"Id": _rule_id},
        prepare=_rule,
        delete=call(
            f"revoke_security_group_{direction.lower()}", GroupId="$properties.GroupId", SecurityGroupRuleIds=["$id"]
        ),
    )
