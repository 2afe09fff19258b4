"""AWS::SNS::*"""

from __future__ import annotations

from typing import Any

from localaws.cloudformation.api_resource import ApiResource, call, resource
from localaws.cloudformation.model import Made, Request, register
from localaws.cloudformation.properties import as_attributes, as_text
from localaws.cloudformation.resources.policies import AttachedPolicy
from localaws.cloudformation.state import StackResource
from localaws.cloudformation.tagging import Tagging

Properties = dict[str, Any]

_TOPIC_ATTRIBUTES = (
    "ContentBasedDeduplication",
    "DeliveryStatusLogging",
    "DisplayName",
    "FifoTopic",
    "KmsMasterKeyId",
    "SignatureVersion",
    "TracingConfig",
)


def _topic(request: Request, properties: Properties) -> Properties:
    attributes = {name: properties.pop(name) for name in _TOPIC_ATTRIBUTES if name in properties}
    if attributes.get("FifoTopic") in (True, "true") and "TopicName" not in request.properties:
        properties["TopicName"] = f"{properties['TopicName'][:251]}.fifo"
    return {**properties, "Attributes": as_attributes(attributes)} if attributes else properties


def _topic_attributes(request: Request, made: Made) -> None:
    """On an update; on creation it repeats what was just said."""
    client = request.client("sns")
    for name, value in request.properties.items():
        if name in _TOPIC_ATTRIBUTES and name != "FifoTopic":
            client.set_topic_attributes(TopicArn=made.physical_id, AttributeName=name, AttributeValue=as_text(value))


resource(
    "AWS::SNS::Topic",
    service="sns",
    create="create_topic",
    name="TopicName",
    rename={"TopicName": "Name"},
    reads=call("get_topic_attributes", TopicArn="$id"),
    identifier="answer.TopicArn",
    attributes={"TopicArn": "answer.TopicArn", "TopicName": "given.Name"},
    prepare=_topic,
    after=_topic_attributes,
    in_place_after=tuple(name for name in _TOPIC_ATTRIBUTES if name != "FifoTopic"),
    tagging=Tagging("tag_resource", "untag_resource", "ResourceArn", "Tags", "TagKeys", listed=True),
    delete=call("delete_topic", TopicArn="$id"),
)

_SUBSCRIPTION_RESETS: Properties = {
    "DeliveryPolicy": "",
    "FilterPolicy": {},
    "FilterPolicyScope": "MessageAttributes",
    "RawMessageDelivery": False,
    "RedrivePolicy": "",
}
_SUBSCRIPTION_ATTRIBUTES = (*_SUBSCRIPTION_RESETS, "SubscriptionRoleArn")


def _subscription(request: Request, properties: Properties) -> Properties:
    attributes = {name: properties.pop(name) for name in _SUBSCRIPTION_ATTRIBUTES if name in properties}
    if properties.pop("Region", request.region) != request.region:
        properties["Region"] = request.properties["Region"]  # no place on the operation: refused by name
    if attributes:
        properties["Attributes"] = as_attributes(attributes)
    return {**properties, "ReturnSubscriptionArn": True}


class _Subscription(ApiResource):
    """Its attributes change in place: subscribing again would find the subscription that there is, and leave it as it is."""

    def update(self, request: Request, current: StackResource) -> Made:
        client = request.client("sns")
        for name, reset in {**_SUBSCRIPTION_RESETS, "SubscriptionRoleArn": ""}.items():
            wanted = request.properties.get(name, reset)
            if wanted != current.properties.get(name, reset):
                client.set_subscription_attributes(
                    SubscriptionArn=current.physical_id, AttributeName=name, AttributeValue=as_text(wanted)
                )
        return super().update(request, current)


register(
    _Subscription(
        "AWS::SNS::Subscription",
        "sns",
        "subscribe",
        "answer.SubscriptionArn",
        reads=call("get_subscription_attributes", SubscriptionArn="$id"),
        attributes={"Arn": "answer.SubscriptionArn"},
        prepare=_subscription,
        in_place_after=_SUBSCRIPTION_ATTRIBUTES,
        resets=_SUBSCRIPTION_RESETS,
        delete_call=call("unsubscribe", SubscriptionArn="$id"),
    )
)


def _put_topic_policy(request: Request, topic: str, policy: str | None) -> None:
    document = policy or as_text(_owner_only(topic, request.account))
    request.client("sns").set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=document)


def _owner_only(topic: str, account: str) -> Properties:
    """SNS has no operation to delete a topic's policy: without one, the owner's account may do everything."""
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": ["SNS:Publish", "SNS:Subscribe", "SNS:SetTopicAttributes", "SNS:GetTopicAttributes", "SNS:DeleteTopic"],
        "Resource": topic,
        "Condition": {"StringEquals": {"AWS:SourceOwner": account}},
    }
    return {"Version": "2008-10-17", "Statement": [statement]}


register(AttachedPolicy("AWS::SNS::TopicPolicy", "Topics", _put_topic_policy))
