"""AWS::WAFv2::*: kept and read back. No request is inspected."""

from __future__ import annotations

from localaws.cloudformation.api_resource import Creation, call, resource
from localaws.cloudformation.model import Made, Request, ResourceFailed, ResourceModel, register
from localaws.cloudformation.state import StackResource
from localaws.cloudformation.tagging import Tagging


def _lock(request: Request, made: Made) -> None:
    """Updates and deletions name the version of the ACL that they mean, and each update makes a new one."""
    known = made.attributes
    key = {"Name": known["(Name)"], "Scope": known["(Scope)"], "Id": known["Id"]}
    made.attributes["(Lock)"] = request.client("wafv2").get_web_acl(**key)["LockToken"]


# names in brackets are for this table alone: no template can ask for them.
def _identifier(creation: Creation) -> str:
    return f"{creation.given['Name']}|{creation.answer['Summary']['Id']}|{creation.given['Scope']}"


_KEY = {"Name": "$attributes.(Name)", "Scope": "$attributes.(Scope)", "Id": "$attributes.Id", "LockToken": "$attributes.(Lock)"}

resource(
    "AWS::WAFv2::WebACL",
    service="wafv2",
    create="create_web_acl",
    name="Name",
    reads=call("get_web_acl", Name="$attributes.(Name)", Scope="$attributes.(Scope)", Id="$attributes.Id"),
    found="WebACL",
    identifier=_identifier,
    attributes={
        "Arn": "answer.Summary.ARN",
        "Id": "answer.Summary.Id",
        "(Name)": "given.Name",
        "(Scope)": "given.Scope",
        "(Lock)": "answer.Summary.LockToken",
        "LabelNamespace": lambda creation: f"awswaf:{creation.request.account}:webacl:{creation.given['Name']}:",
    },
    after=_lock,
    update=call("update_web_acl", **_KEY),
    in_place=(
        "AssociationConfig",
        "CaptchaConfig",
        "ChallengeConfig",
        "CustomResponseBodies",
        "DefaultAction",
        "Description",
        "Rules",
        "TokenDomains",
        "VisibilityConfig",
    ),
    tagging=Tagging("tag_resource", "untag_resource", "ResourceARN", "Tags", "TagKeys", arn="Arn", listed=True),
    delete=call("delete_web_acl", **_KEY),
)


class WebACLAssociation(ResourceModel):
    """An association has no identity in the API: a resource has one web ACL or none."""

    type = "AWS::WAFv2::WebACLAssociation"

    def create(self, request: Request) -> Made:
        client, wanted = request.client("wafv2"), request.properties
        before = client.get_web_acl_for_resource(ResourceArn=wanted["ResourceArn"]).get("WebACL")
        if before:
            raise ResourceFailed(f"{wanted['ResourceArn']} is associated with the web ACL {before['Name']} already")
        client.associate_web_acl(WebACLArn=wanted["WebACLArn"], ResourceArn=wanted["ResourceArn"])
        found = client.get_web_acl_for_resource(ResourceArn=wanted["ResourceArn"])["WebACL"]
        if found["ARN"] != wanted["WebACLArn"]:
            raise ResourceFailed(f"{wanted['ResourceArn']} was not associated with {wanted['WebACLArn']}")
        return Made(f"{wanted['ResourceArn']}|{wanted['WebACLArn']}")

    def can_update(self, request: Request, current: StackResource) -> bool:
        return request.properties.get("ResourceArn") == current.properties.get("ResourceArn")

    def update(self, request: Request, current: StackResource) -> Made:
        request.client("wafv2").disassociate_web_acl(ResourceArn=current.properties["ResourceArn"])
        return self.create(request)

    def delete(self, request: Request, current: StackResource) -> None:
        request.client("wafv2").disassociate_web_acl(ResourceArn=current.properties["ResourceArn"])


register(WebACLAssociation())
