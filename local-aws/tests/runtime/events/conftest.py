"""Queues that keep what was delivered to them."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from runtime.waiting import eventually


class Inbox:
    """An SQS queue, and the messages that have come to it."""

    def __init__(self, local_aws: Any) -> None:
        self._client = local_aws.client("sqs")
        self.name = f"q{uuid.uuid4().hex[:12]}"
        self.url = self._client.create_queue(QueueName=self.name)["QueueUrl"]
        self.arn = self._client.get_queue_attributes(QueueUrl=self.url, AttributeNames=["QueueArn"])["Attributes"][
            "QueueArn"
        ]
        self._messages: list[dict[str, Any]] = []

    def messages(self) -> list[dict[str, Any]]:
        found = self._client.receive_message(
            QueueUrl=self.url, MaxNumberOfMessages=10, VisibilityTimeout=600, MessageAttributeNames=["All"]
        )
        self._messages += found.get("Messages", [])
        return self._messages

    def next_body(self) -> str:
        """Waits for the oldest message that no call has returned yet."""
        eventually(self.messages, f"a message comes to {self.name}")
        return self._messages.pop(0)["Body"]

    def next_event(self) -> dict[str, Any]:
        return json.loads(self.next_body())


@pytest.fixture
def inbox(local_aws: Any) -> Inbox:
    return Inbox(local_aws)


@pytest.fixture
def other_inbox(local_aws: Any) -> Inbox:
    return Inbox(local_aws)
