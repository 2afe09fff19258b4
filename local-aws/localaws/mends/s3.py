"""Mends of S3."""

from __future__ import annotations

import json
from typing import Any

from moto.core.responses import ActionResult
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response


def install() -> None:
    skip_conditional_statements()
    return_event_bridge_notifications()


def skip_conditional_statements() -> None:
    """Bucket policies are enforced without a look at Condition: a Deny for plain HTTP then denies everything.

    The CDK's own asset bucket has such a statement. A statement with a condition is left out of the judgement.
    """

    def get_permission(self: FakeBucket, action: str, resource: str) -> Any:
        if self.policy is None:
            return PermissionResult.NEUTRAL
        document = json.loads(self.policy.decode())
        statements = document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
        document["Statement"] = [statement for statement in statements if not statement.get("Condition")]
        if not document["Statement"]:
            return PermissionResult.NEUTRAL
        return IAMPolicy(json.dumps(document)).is_action_permitted(action, resource)

    FakeBucket.get_permission = get_permission


def return_event_bridge_notifications() -> None:
    """Notifications to EventBridge are kept and sent, but are missing where the configuration is read."""
    original = S3Response.get_bucket_notification

    def get_bucket_notification(self: S3Response) -> Any:
        configuration = self.backend.get_bucket_notification_configuration(self.bucket_name)
        if configuration and configuration.event_bridge is not None:
            serialize = self.serialized

            def with_event_bridge(answer: ActionResult) -> Any:
                return serialize(ActionResult({**answer.result, "EventBridgeConfiguration": {}}))

            self.serialized = with_event_bridge  # type: ignore[method-assign]
        return original(self)

    S3Response.get_bucket_notification = get_bucket_notification
