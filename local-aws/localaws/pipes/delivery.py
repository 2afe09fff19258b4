"""One thread asks the queues of all running pipes, starts executions, and deletes the messages that have started one."""

from __future__ import annotations

import json
import logging
import threading
import time
from functools import cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from moto.pipes.models import Pipe, pipes_backends

from localaws import context
from localaws.errors import LocalAwsError
from localaws.pipes.template import filled

_log = logging.getLogger(__name__)
_PAUSE = 0.2


@cache
def begin() -> None:
    """With the first pipe; it goes on for as long as the server does."""
    threading.Thread(target=_deliver_for_ever, daemon=True, name="pipes").start()


def _deliver_for_ever() -> None:
    while True:
        for pipe in _running():
            try:
                deliver(pipe)
            except (LocalAwsError, BotoCoreError, ClientError, ValueError) as error:
                # what was received stays hidden for as long as the queue says, comes back, and goes to the queue's dead letters in the end.
                _log.warning("pipe %s: a message started nothing: %s", pipe.name, error)
        time.sleep(_PAUSE)


def _running() -> list[Pipe]:
    backends = list(pipes_backends[context.ACCOUNT].values())
    return [pipe for backend in backends for pipe in list(backend.pipes.values()) if pipe.desired_state == "RUNNING"]


def deliver(pipe: Pipe) -> None:
    """One batch, if there is any."""
    sqs = context.client("sqs", pipe.region_name)
    url = sqs.get_queue_url(QueueName=pipe.source.split(":")[-1])["QueueUrl"]
    size = ((pipe.source_parameters or {}).get("SqsQueueParameters") or {}).get("BatchSize", 10)
    messages = sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=size, AttributeNames=["All"], MessageAttributeNames=["All"]
    ).get("Messages", [])
    if not messages:
        return
    template = (pipe.target_parameters or {}).get("InputTemplate")
    records = [_record(pipe, message) for message in messages]
    # a list, also of one: for a target that takes all of them at once, EventBridge sends them at once.
    given = records if template is None else [json.loads(filled(template, record, _told(pipe))) for record in records]
    context.client("stepfunctions", pipe.region_name).start_execution(stateMachineArn=pipe.target, input=json.dumps(given))
    for message in messages:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])


def _record(pipe: Pipe, message: dict[str, Any]) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {
            name: {"stringValue": value.get("StringValue"), "dataType": value["DataType"]}
            for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": pipe.source,
        "awsRegion": pipe.region_name,
    }


def _told(pipe: Pipe) -> dict[str, str]:
    """The reserved variables of templates."""
    return {
        "aws.pipes.pipe-arn": pipe.arn,
        "aws.pipes.pipe-name": pipe.name,
        "aws.pipes.source-arn": pipe.source,
        "aws.pipes.target-arn": pipe.target,
    }
