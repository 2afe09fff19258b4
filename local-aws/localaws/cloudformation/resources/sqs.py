"""AWS::SQS::*"""

from __future__ import annotations

from typing import Any

from localaws.cloudformation.api_resource import call, resource
from localaws.cloudformation.model import Made, Request, register
from localaws.cloudformation.properties import as_attributes
from localaws.cloudformation.resources.policies import AttachedPolicy
from localaws.cloudformation.tagging import Tagging

Properties = dict[str, Any]

_ATTRIBUTES = (
    "ContentBasedDeduplication",
    "DeduplicationScope",
    "DelaySeconds",
    "FifoThroughputLimit",
    "KmsDataKeyReusePeriodSeconds",
    "KmsMasterKeyId",
    "MaximumMessageSize",
    "MessageRetentionPeriod",
    "ReceiveMessageWaitTimeSeconds",
    "RedriveAllowPolicy",
    "RedrivePolicy",
    "SqsManagedSseEnabled",
    "VisibilityTimeout",
)


def _gathered(request: Request, properties: Properties) -> Properties:
    """The API takes attributes as one map of texts."""
    names = [name for name in (*_ATTRIBUTES, "FifoQueue") if name in properties]
    attributes = as_attributes({name: properties.pop(name) for name in names})
    name = properties.get("QueueName", "")
    if attributes.get("FifoQueue") == "true" and not name.endswith(".fifo"):
        properties["QueueName"] = f"{name[:75]}.fifo"
    return {**properties, "Attributes": attributes}


def _changed_attributes(request: Request, made: Made) -> None:
    attributes = {name: value for name, value in request.properties.items() if name in _ATTRIBUTES}
    if attributes:
        request.client("sqs").set_queue_attributes(QueueUrl=made.physical_id, Attributes=as_attributes(attributes))


resource(
    "AWS::SQS::Queue",
    service="sqs",
    create="create_queue",
    name="QueueName",
    longest_name=80,
    reads=call("get_queue_attributes", QueueUrl="$id", AttributeNames=["All"]),
    identifier="answer.QueueUrl",
    attributes={
        "Arn": lambda c: f"arn:aws:sqs:{c.request.region}:{c.request.account}:{c.given['QueueName']}",
        "QueueName": "given.QueueName",
        "QueueUrl": "answer.QueueUrl",
    },
    prepare=_gathered,
    after=_changed_attributes,
    in_place_after=_ATTRIBUTES,
    tagging=Tagging("tag_queue", "untag_queue", "QueueUrl", "Tags", "TagKeys"),
    delete=call("delete_queue", QueueUrl="$id"),
)


def _put_queue_policy(request: Request, queue: str, policy: str | None) -> None:
    request.client("sqs").set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy or ""})


register(AttachedPolicy("AWS::SQS::QueuePolicy", "Queues", _put_queue_policy))
