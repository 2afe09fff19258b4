"""AWS::KMS::*"""

from __future__ import annotations

from typing import Any

from localaws.cloudformation.api_resource import call, resource
from localaws.cloudformation.model import Made, Request
from localaws.cloudformation.properties import as_boolean, as_text
from localaws.cloudformation.tagging import Tagging
from localaws.errors import NotModelled


def _configure(request: Request, made: Made) -> None:
    client, properties, key = request.client("kms"), request.properties, made.physical_id
    if not as_boolean(properties.get("Enabled", True)):
        client.disable_key(KeyId=key)
    elif "Enabled" in properties:
        client.enable_key(KeyId=key)
    if "EnableKeyRotation" in properties:
        _set_rotation(client, key, properties)
    if "Description" in properties:
        client.update_key_description(KeyId=key, Description=properties["Description"])
    if "KeyPolicy" in properties:
        client.put_key_policy(KeyId=key, PolicyName="default", Policy=as_text(properties["KeyPolicy"]))


def _set_rotation(client: Any, key: str, properties: dict[str, Any]) -> None:
    if not as_boolean(properties["EnableKeyRotation"]):
        client.disable_key_rotation(KeyId=key)
        return
    days = {"RotationPeriodInDays": int(properties["RotationPeriodInDays"])} if "RotationPeriodInDays" in properties else {}
    client.enable_key_rotation(KeyId=key, **days)


def _pending_window(request: Request, properties: dict[str, Any]) -> dict[str, Any]:
    """The window says how a deletion goes: here a key that a stack deletes is gone from its aliases at once, and pending."""
    properties.pop("PendingWindowInDays", None)
    if "Tags" in properties:
        properties["Tags"] = [{"TagKey": tag["Key"], "TagValue": tag["Value"]} for tag in properties["Tags"]]
    if as_boolean(properties.get("MultiRegion", False)):
        raise NotModelled(f"The multi-Region key {request.logical_id} is not modelled by the local AWS")
    return properties


resource(
    "AWS::KMS::Key",
    service="kms",
    create="create_key",
    reads=call("describe_key", KeyId="$id"),
    found="KeyMetadata",
    identifier="answer.KeyMetadata.KeyId",
    attributes={"Arn": "answer.KeyMetadata.Arn", "KeyId": "answer.KeyMetadata.KeyId"},
    rename={"KeyPolicy": "Policy"},
    prepare=_pending_window,
    separate=("Enabled", "EnableKeyRotation", "RotationPeriodInDays"),
    after=_configure,
    in_place_after=("Description", "KeyPolicy", "PendingWindowInDays"),
    tagging=Tagging("tag_resource", "untag_resource", "KeyId", "Tags", "TagKeys", listed=True, pair=("TagKey", "TagValue")),
    delete=call("schedule_key_deletion", KeyId="$id", PendingWindowInDays=7),
)

resource(
    "AWS::KMS::Alias",
    service="kms",
    create="create_alias",
    name="AliasName",
    identifier="given.AliasName",
    update=call("update_alias", AliasName="$id"),
    in_place=("TargetKeyId",),
    delete=call("delete_alias", AliasName="$id"),
)
