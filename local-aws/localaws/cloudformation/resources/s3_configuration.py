"""Bucket settings whose shape in templates differs from that of the S3 API."""

from __future__ import annotations

import re
from typing import Any

Properties = dict[str, Any]


def canned_acl(value: str) -> str:
    """`LogDeliveryWrite` in a template is `log-delivery-write` in the API."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", value).lower()


def encryption(value: Properties) -> Properties:
    rules = []
    for rule in value["ServerSideEncryptionConfiguration"]:
        renamed = {"ServerSideEncryptionByDefault": "ApplyServerSideEncryptionByDefault"}
        rules.append({renamed.get(name, name): item for name, item in rule.items()})
    return {"Rules": rules}


def cors(value: Properties) -> Properties:
    renamed = {"Id": "ID", "MaxAge": "MaxAgeSeconds", "ExposedHeaders": "ExposeHeaders"}
    return {"CORSRules": [{renamed.get(name, name): item for name, item in rule.items()} for rule in value["CorsRules"]]}


def logging(value: Properties) -> Properties:
    names = {
        "DestinationBucketName": "TargetBucket",
        "LogFilePrefix": "TargetPrefix",
        "TargetObjectKeyFormat": "TargetObjectKeyFormat",
    }
    enabled = {names.get(name, name): item for name, item in value.items()}
    return {"LoggingEnabled": {"TargetPrefix": "", **enabled}}


def lifecycle(value: Properties) -> Properties:
    return {"Rules": [_lifecycle_rule(rule) for rule in value["Rules"]]}


def _lifecycle_rule(rule: Properties) -> Properties:
    """Templates flatten what the API nests: expirations by kind, and the filter."""
    rule = dict(rule)
    made: Properties = {"Status": rule.pop("Status"), "Filter": _lifecycle_filter(rule)}
    if "Id" in rule:
        made["ID"] = rule.pop("Id")
    for name, (outer, inner) in _FLATTENED.items():
        if name in rule:
            made.setdefault(outer, {})[inner] = rule.pop(name)
    if "Transitions" in rule:
        made["Transitions"] = [_transition(item) for item in rule.pop("Transitions")]
    if "NoncurrentVersionTransitions" in rule:
        made["NoncurrentVersionTransitions"] = [
            {"NoncurrentDays" if name == "TransitionInDays" else name: value for name, value in item.items()}
            for item in rule.pop("NoncurrentVersionTransitions")
        ]
    return {**made, **rule}


_FLATTENED = {
    "ExpirationInDays": ("Expiration", "Days"),
    "ExpirationDate": ("Expiration", "Date"),
    "ExpiredObjectDeleteMarker": ("Expiration", "ExpiredObjectDeleteMarker"),
    "NoncurrentVersionExpirationInDays": ("NoncurrentVersionExpiration", "NoncurrentDays"),
}


def _transition(item: Properties) -> Properties:
    renamed = {"TransitionInDays": "Days", "TransitionDate": "Date"}
    return {renamed.get(name, name): value for name, value in item.items()}


def _lifecycle_filter(rule: Properties) -> Properties:
    names = {"ObjectSizeGreaterThan": int, "ObjectSizeLessThan": int}
    parts: Properties = {name: kind(rule.pop(name)) for name, kind in names.items() if name in rule}
    tags = rule.pop("TagFilters", [])
    prefix = rule.pop("Prefix", None)
    if prefix is not None:
        parts["Prefix"] = prefix
    if len(parts) + len(tags) > 1:
        return {"And": {**parts, **({"Tags": tags} if tags else {})}}
    if tags:
        return {"Tag": tags[0]}
    return parts or {"Prefix": ""}


def notifications(value: Properties) -> Properties:
    made: Properties = {}
    if "EventBridgeConfiguration" in value:
        enabled = str(value["EventBridgeConfiguration"].get("EventBridgeEnabled", True)).lower() == "true"
        made.update({"EventBridgeConfiguration": {}} if enabled else {})
    for name, (plural, key, arn) in _DESTINATIONS.items():
        if name in value:
            made[plural] = [_destination(item, key, arn) for item in value[name]]
    return {
        **made,
        **{name: item for name, item in value.items() if name not in _DESTINATIONS and name != "EventBridgeConfiguration"},
    }


_DESTINATIONS = {
    "LambdaConfigurations": ("LambdaFunctionConfigurations", "Function", "LambdaFunctionArn"),
    "QueueConfigurations": ("QueueConfigurations", "Queue", "QueueArn"),
    "TopicConfigurations": ("TopicConfigurations", "Topic", "TopicArn"),
}


def _destination(item: Properties, key: str, arn: str) -> Properties:
    made: Properties = {arn: item[key], "Events": [item["Event"]]}
    if "Filter" in item:
        rules = item["Filter"]["S3Key"]["Rules"]
        made["Filter"] = {"Key": {"FilterRules": rules}}
    return made
