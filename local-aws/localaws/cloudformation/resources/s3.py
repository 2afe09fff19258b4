"""AWS::S3::*"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from localaws.cloudformation import readback
from localaws.cloudformation.api_resource import call, resource
from localaws.cloudformation.model import Made, Request, ResourceModel, register
from localaws.cloudformation.properties import Placement
from localaws.cloudformation.resources import s3_configuration as configuration
from localaws.cloudformation.state import StackResource
from localaws.errors import NotModelled

Properties = dict[str, Any]


@dataclass(frozen=True)
class Setting:
    """One property of a bucket: S3 has an operation for each, and another one that takes it back."""

    put: str
    parameter: str
    shape: Callable[[Any], Any]
    """From the property's value to what the parameter takes."""
    delete: str | None = None
    off: Any = None
    """What to put where S3 has no operation to delete."""
    get: str | None = None
    found: str = ""
    """The operation that describes the setting, and where in its answer: what was put must be found there."""


_SETTINGS: dict[str, Setting] = {
    "AccessControl": Setting("put_bucket_acl", "ACL", configuration.canned_acl, off="private"),
    "AccelerateConfiguration": Setting(
        "put_bucket_accelerate_configuration",
        "AccelerateConfiguration",
        lambda v: {"Status": v["AccelerationStatus"]},
        off={"Status": "Suspended"},
        get="get_bucket_accelerate_configuration",
    ),
    "BucketEncryption": Setting(
        "put_bucket_encryption",
        "ServerSideEncryptionConfiguration",
        configuration.encryption,
        "delete_bucket_encryption",
        get="get_bucket_encryption",
        found="ServerSideEncryptionConfiguration",
    ),
    "CorsConfiguration": Setting(
        "put_bucket_cors",
        "CORSConfiguration",
        configuration.cors,
        "delete_bucket_cors",
        get="get_bucket_cors",
    ),
    "LifecycleConfiguration": Setting(
        "put_bucket_lifecycle_configuration",
        "LifecycleConfiguration",
        configuration.lifecycle,
        "delete_bucket_lifecycle",
        get="get_bucket_lifecycle_configuration",
    ),
    "LoggingConfiguration": Setting(
        "put_bucket_logging",
        "BucketLoggingStatus",
        configuration.logging,
        off={},
        get="get_bucket_logging",
    ),
    "NotificationConfiguration": Setting(
        "put_bucket_notification_configuration",
        "NotificationConfiguration",
        configuration.notifications,
        off={},
        get="get_bucket_notification_configuration",
    ),
    "OwnershipControls": Setting(
        "put_bucket_ownership_controls",
        "OwnershipControls",
        lambda v: v,
        "delete_bucket_ownership_controls",
        get="get_bucket_ownership_controls",
        found="OwnershipControls",
    ),
    "PublicAccessBlockConfiguration": Setting(
        "put_public_access_block",
        "PublicAccessBlockConfiguration",
        lambda v: v,
        "delete_public_access_block",
        get="get_public_access_block",
        found="PublicAccessBlockConfiguration",
    ),
    "Tags": Setting(
        "put_bucket_tagging",
        "Tagging",
        lambda v: {"TagSet": v},
        "delete_bucket_tagging",
        get="get_bucket_tagging",
    ),
    "VersioningConfiguration": Setting(
        "put_bucket_versioning",
        "VersioningConfiguration",
        lambda v: v,
        off={"Status": "Suspended"},
        get="get_bucket_versioning",
    ),
}
_AT_CREATION = {"BucketName", "ObjectLockEnabled"}


class Bucket(ResourceModel):
    type = "AWS::S3::Bucket"

    def create(self, request: Request) -> Made:
        unknown = set(request.properties) - set(_SETTINGS) - _AT_CREATION
        if unknown:
            raise NotModelled(
                f"Property {sorted(unknown)[0]} of {request.logical_id} ({self.type}) is not modelled by the local AWS"
            )
        client = request.client("s3")
        name = request.properties.get("BucketName") or request.generated_name(63).lower()
        lock = {"ObjectLockEnabledForBucket": True} if request.properties.get("ObjectLockEnabled") else {}
        place = (
            {} if request.region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": request.region}}
        )
        client.create_bucket(Bucket=name, **lock, **place)
        try:
            self._configure(request, name, {})
        except Exception:
            client.delete_bucket(Bucket=name)
            raise
        return Made(name, _attributes(name, request.region))

    def can_update(self, request: Request, current: StackResource) -> bool:
        return all(request.properties.get(name) == current.properties.get(name) for name in _AT_CREATION)

    def update(self, request: Request, current: StackResource) -> Made:
        self._configure(request, current.physical_id, current.properties)
        return Made(current.physical_id, current.attributes)

    def delete(self, request: Request, current: StackResource) -> None:
        request.client("s3").delete_bucket(Bucket=current.physical_id)

    def custom_name(self, properties: Properties) -> str | None:
        return properties.get("BucketName")

    def _configure(self, request: Request, bucket: str, before: Properties) -> None:
        for name, setting in _SETTINGS.items():
            value = request.properties.get(name)
            if value != before.get(name):
                self._put(request, bucket, name, setting, value)

    def _put(self, request: Request, bucket: str, name: str, setting: Setting, value: Any) -> None:
        client = request.client("s3")
        if value is None and setting.delete:
            getattr(client, setting.delete)(Bucket=bucket)
            return
        given = setting.off if value is None else setting.shape(value)
        placement = Placement(client, setting.put, f"{name} of {request.logical_id} ({self.type})")
        placed = placement.place({"Bucket": bucket, setting.parameter: given})
        getattr(client, setting.put)(**placed)
        if setting.get and value is not None:
            answer = getattr(client, setting.get)(Bucket=bucket)
            readback.check(
                client, setting.get, setting.found, placed[setting.parameter], answer, f"{request.logical_id} ({self.type})"
            )


def _attributes(name: str, region: str) -> dict[str, str]:
    return {
        "Arn": f"arn:aws:s3:::{name}",
        "DomainName": f"{name}.s3.amazonaws.com",
        "RegionalDomainName": f"{name}.s3.{region}.amazonaws.com",
        "DualStackDomainName": f"{name}.s3.dualstack.{region}.amazonaws.com",
        "WebsiteURL": f"http://{name}.s3-website-{region}.amazonaws.com",
    }


register(Bucket())

resource(
    "AWS::S3::BucketPolicy",
    service="s3",
    create="put_bucket_policy",
    identifier="given.Bucket",
    rename={"PolicyDocument": "Policy"},
    update=call("put_bucket_policy", Bucket="$id"),
    in_place=("PolicyDocument",),
    delete=call("delete_bucket_policy", Bucket="$id"),
)
