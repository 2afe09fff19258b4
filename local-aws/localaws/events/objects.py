"""S3 events on the default bus, for buckets whose notification configuration has EventBridge."""

from __future__ import annotations

import uuid
from typing import Any

from moto.s3 import notifications

from localaws.events.bus import publish


def install() -> None:
    """moto puts them on every bus, with fixed identifiers, and hides whatever goes wrong."""
    notifications._send_event_bridge_message = _send


def _send(account_id: str, bucket: Any, event_name: str, key: Any) -> None:
    name = getattr(event_name, "value", event_name)
    told = {"key": key.name, "size": key.size, "etag": key.etag.strip('"'), "sequencer": uuid.uuid4().hex[:16].upper()}
    if key.version_id and bucket.is_versioned:
        told["version-id"] = key.version_id
    detail = {
        "version": "0",
        "bucket": {"name": bucket.name},
        "object": told,
        "request-id": uuid.uuid4().hex[:16].upper(),
        "requester": account_id,
        "source-ip-address": "127.0.0.1",
        "reason": _REASONS.get(name.split(":", 2)[-1], name.split(":", 2)[-1]),
    }
    publish(bucket.region_name, "aws.s3", notifications._detail_type(name), [bucket.arn], detail)


_REASONS = {"Put": "PutObject", "Post": "POST Object", "Copy": "CopyObject", "Delete": "DeleteObject"}
"""The API call that an event's detail names as its reason; CompleteMultipartUpload is its own word."""
