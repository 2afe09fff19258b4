"""Consumers that ask a queue at the same time, as the tasks of a worker do."""

from __future__ import annotations

import json
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

MESSAGES, CONSUMERS = 300, 8


def make_queue(local_aws: Any, **attributes: str) -> str:
    return local_aws.client("sqs").create_queue(QueueName=f"q{uuid.uuid4().hex[:8]}", Attributes=attributes)["QueueUrl"]


@pytest.fixture
def hurried() -> Iterator[None]:
    """Threads take turns so often that they meet in the middle of everything: the server runs in this process."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_each_message_goes_to_one_of_many_consumers(local_aws: Any, hurried: None) -> None:
    sqs, url = local_aws.client("sqs"), make_queue(local_aws, VisibilityTimeout="60")
    seen: list[tuple[str, str]] = []
    enough = threading.Event()

    def consume(_number: int) -> None:
        while not enough.is_set():
            answer = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1, AttributeNames=["ApproximateReceiveCount"])
            for message in answer.get("Messages", []):
                seen.append((message["Body"], message["Attributes"]["ApproximateReceiveCount"]))
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            if len(seen) >= MESSAGES:
                enough.set()

    def give_up() -> None:
        enough.set()

    timer = threading.Timer(120, give_up)
    timer.start()
    with ThreadPoolExecutor(CONSUMERS) as pool:
        consumers = [pool.submit(consume, number) for number in range(CONSUMERS)]
        for number in range(MESSAGES):  # sent while others are received and deleted
            sqs.send_message(QueueUrl=url, MessageBody=str(number))
        for consumer in consumers:
            consumer.result()
    timer.cancel()
    assert Counter(seen) == Counter((str(number), "1") for number in range(MESSAGES))


def test_a_long_poll_ends_with_the_message_or_with_its_time(local_aws: Any) -> None:
    sqs, url = local_aws.client("sqs"), make_queue(local_aws)
    started = time.monotonic()
    assert "Messages" not in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1)
    assert time.monotonic() - started >= 1
    threading.Timer(0.5, lambda: sqs.send_message(QueueUrl=url, MessageBody="late")).start()
    assert sqs.receive_message(QueueUrl=url, WaitTimeSeconds=20)["Messages"][0]["Body"] == "late"


def test_what_is_delivered_too_often_goes_to_the_dead_letter_queue(local_aws: Any) -> None:
    sqs, dead = local_aws.client("sqs"), make_queue(local_aws)
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 2})
    url = make_queue(local_aws, VisibilityTimeout="0", RedrivePolicy=policy)
    sqs.send_message(QueueUrl=url, MessageBody="poison")
    counts = []
    for _ in range(3):
        for message in sqs.receive_message(QueueUrl=url, AttributeNames=["ApproximateReceiveCount"]).get("Messages", []):
            counts.append(message["Attributes"]["ApproximateReceiveCount"])
    assert counts == ["1", "2"]
    assert sqs.receive_message(QueueUrl=dead, WaitTimeSeconds=5)["Messages"][0]["Body"] == "poison"
