"""AWS::IAM::*"""

from __future__ import annotations

from typing import Any

from localaws.cloudformation.api_resource import ApiResource, call, undone_on_failure
from localaws.cloudformation.model import Made, Request, ResourceModel, register
from localaws.cloudformation.properties import as_text
from localaws.cloudformation.state import StackResource
from localaws.cloudformation.tagging import Tagging
from localaws.errors import NotModelled

Properties = dict[str, Any]
Documents = dict[str, str]


def _documents(properties: Properties) -> Documents:
    return {policy["PolicyName"]: as_text(policy["PolicyDocument"]) for policy in properties.get("Policies", [])}


class Role(ApiResource):
    """A role carries its inline and attached policies: both are compared one by one on an update."""

    def create(self, request: Request) -> Made:
        made = super().create(request)
        half_made = StackResource(request.logical_id, self.type, made.physical_id, request.properties)
        with undone_on_failure(lambda: self._discard(request, half_made)):
            self._apply(request, made.physical_id, {}, request.properties)
        return made

    def _discard(self, request: Request, role: StackResource) -> None:
        """Of a role that is half made nobody knows which policies it has."""
        client, name = request.client("iam"), {"RoleName": role.physical_id}
        for policy in client.list_role_policies(**name)["PolicyNames"]:
            client.delete_role_policy(**name, PolicyName=policy)
        for policy in client.list_attached_role_policies(**name)["AttachedPolicies"]:
            client.detach_role_policy(**name, PolicyArn=policy["PolicyArn"])
        client.delete_role(**name)

    def update(self, request: Request, current: StackResource) -> Made:
        made, client = super().update(request, current), request.client("iam")
        trust = as_text(request.properties["AssumeRolePolicyDocument"])
        client.update_assume_role_policy(RoleName=made.physical_id, PolicyDocument=trust)
        boundary = request.properties.get("PermissionsBoundary")
        if boundary:
            client.put_role_permissions_boundary(RoleName=made.physical_id, PermissionsBoundary=boundary)
        elif "PermissionsBoundary" in current.properties:
            client.delete_role_permissions_boundary(RoleName=made.physical_id)
        self._apply(request, made.physical_id, current.properties, request.properties)
        return made

    def delete(self, request: Request, current: StackResource) -> None:
        """Only a role without policies can be deleted; what others attached is theirs to take off, and an error."""
        self._apply(request, current.physical_id, current.properties, {})
        request.client("iam").delete_role(RoleName=current.physical_id)

    def _apply(self, request: Request, role: str, old: Properties, new: Properties) -> None:
        client = request.client("iam")
        before, after = _documents(old), _documents(new)
        for name in before.keys() - after.keys():
            client.delete_role_policy(RoleName=role, PolicyName=name)
        for name, document in after.items():
            client.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=document)
        attached, wanted = old.get("ManagedPolicyArns", []), new.get("ManagedPolicyArns", [])
        for arn in attached:
            if arn not in wanted:
                client.detach_role_policy(RoleName=role, PolicyArn=arn)
        for arn in wanted:
            client.attach_role_policy(RoleName=role, PolicyArn=arn)


register(
    Role(
        "AWS::IAM::Role",
        "iam",
        "create_role",
        "answer.Role.RoleName",
        reads=call("get_role", RoleName="$id"),
        found="Role",
        attributes={"Arn": "answer.Role.Arn", "RoleId": "answer.Role.RoleId"},
        name="RoleName",
        longest_name=64,
        separate=("ManagedPolicyArns", "Policies"),
        update_call=call("update_role", RoleName="$id"),
        in_place=("Description", "MaxSessionDuration"),
        in_place_after=("AssumeRolePolicyDocument", "PermissionsBoundary"),
        resets={
            "Description": "",
            "ManagedPolicyArns": [],
            "MaxSessionDuration": 3600,
            "PermissionsBoundary": None,
            "Policies": [],
        },
        tagging=Tagging("tag_role", "untag_role", "RoleName", "Tags", "TagKeys", listed=True),
    )
)

_OWNERS = {"Roles": ("role", "RoleName"), "Users": ("user", "UserName"), "Groups": ("group", "GroupName")}


class InlinePolicy(ResourceModel):
    """`AWS::IAM::Policy` is no thing of its own in IAM: it is written into each role, user or group."""

    type = "AWS::IAM::Policy"

    def create(self, request: Request) -> Made:
        unknown = set(request.properties) - {"PolicyName", "PolicyDocument", *_OWNERS}
        if unknown:
            raise NotModelled(
                f"Property {sorted(unknown)[0]} of {request.logical_id} ({self.type}) is not modelled by the local AWS"
            )
        self._put(request, request.properties)
        return Made(request.generated_name(), {"Id": request.properties["PolicyName"]})

    def can_update(self, request: Request, current: StackResource) -> bool:
        return True

    def update(self, request: Request, current: StackResource) -> Made:
        old, new = current.properties, request.properties
        if old["PolicyName"] != new["PolicyName"]:
            self._delete(request, old)
        else:
            self._delete(request, {**old, **{k: [o for o in old.get(k, []) if o not in new.get(k, [])] for k in _OWNERS}})
        self._put(request, new)
        return Made(current.physical_id, {"Id": new["PolicyName"]})

    def delete(self, request: Request, current: StackResource) -> None:
        self._delete(request, current.properties)

    def _put(self, request: Request, properties: Properties) -> None:
        document = as_text(properties["PolicyDocument"])
        for kind, (noun, key) in _OWNERS.items():
            for owner in properties.get(kind, []):
                put = getattr(request.client("iam"), f"put_{noun}_policy")
                put(**{key: owner, "PolicyName": properties["PolicyName"], "PolicyDocument": document})

    def _delete(self, request: Request, properties: Properties) -> None:
        for kind, (noun, key) in _OWNERS.items():
            for owner in properties.get(kind, []):
                remove = getattr(request.client("iam"), f"delete_{noun}_policy")
                remove(**{key: owner, "PolicyName": properties["PolicyName"]})


register(InlinePolicy())


class ManagedPolicy(ApiResource):
    """A new document is a new version, of which IAM keeps five: the one that it replaces goes."""

    def create(self, request: Request) -> Made:
        made = super().create(request)
        self._attach(request, made.physical_id, {}, request.properties)
        return made

    def update(self, request: Request, current: StackResource) -> Made:
        client, arn = request.client("iam"), current.physical_id
        old = client.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        client.create_policy_version(
            PolicyArn=arn, PolicyDocument=as_text(request.properties["PolicyDocument"]), SetAsDefault=True
        )
        client.delete_policy_version(PolicyArn=arn, VersionId=old)
        self._attach(request, arn, current.properties, request.properties)
        return Made(arn, current.attributes)

    def delete(self, request: Request, current: StackResource) -> None:
        self._attach(request, current.physical_id, current.properties, {})
        request.client("iam").delete_policy(PolicyArn=current.physical_id)

    def _attach(self, request: Request, arn: str, old: Properties, new: Properties) -> None:
        for kind, (noun, key) in _OWNERS.items():
            before, after = set(old.get(kind, [])), set(new.get(kind, []))
            for owner in before - after:
                getattr(request.client("iam"), f"detach_{noun}_policy")(**{key: owner, "PolicyArn": arn})
            for owner in after - before:
                getattr(request.client("iam"), f"attach_{noun}_policy")(**{key: owner, "PolicyArn": arn})


register(
    ManagedPolicy(
        "AWS::IAM::ManagedPolicy",
        "iam",
        "create_policy",
        "answer.Policy.Arn",
        reads=call("get_policy", PolicyArn="$id"),
        found="Policy",
        attributes={"PolicyArn": "answer.Policy.Arn", "PolicyId": "answer.Policy.PolicyId"},
        name="ManagedPolicyName",
        rename={"ManagedPolicyName": "PolicyName"},
        separate=tuple(_OWNERS),
        in_place_after=("PolicyDocument",),
        resets={kind: [] for kind in _OWNERS},
    )
)


class InstanceProfile(ApiResource):
    def create(self, request: Request) -> Made:
        made = super().create(request)
        self._change(request, made.physical_id, [], request.properties["Roles"])
        return made

    def update(self, request: Request, current: StackResource) -> Made:
        self._change(request, current.physical_id, current.properties["Roles"], request.properties["Roles"])
        return Made(current.physical_id, current.attributes)

    def delete(self, request: Request, current: StackResource) -> None:
        self._change(request, current.physical_id, current.properties["Roles"], [])
        request.client("iam").delete_instance_profile(InstanceProfileName=current.physical_id)

    def _change(self, request: Request, profile: str, old: list[str], new: list[str]) -> None:
        client = request.client("iam")
        for role in [role for role in old if role not in new]:
            client.remove_role_from_instance_profile(InstanceProfileName=profile, RoleName=role)
        for role in [role for role in new if role not in old]:
            client.add_role_to_instance_profile(InstanceProfileName=profile, RoleName=role)


register(
    InstanceProfile(
        "AWS::IAM::InstanceProfile",
        "iam",
        "create_instance_profile",
        "answer.InstanceProfile.InstanceProfileName",
        attributes={"Arn": "answer.InstanceProfile.Arn"},
        name="InstanceProfileName",
        separate=("Roles",),
    )
)


register(
    ApiResource(
        "AWS::IAM::ServiceLinkedRole",
        "iam",
        "create_service_linked_role",
        "answer.Role.RoleName",
        attributes={"RoleName": "answer.Role.RoleName"},
        delete_call=call("delete_service_linked_role", RoleName="$id"),
    )
)
