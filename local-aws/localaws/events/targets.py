"""The targets of rules, schedules and alarms, called through the APIs of their services."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from localaws import context
from localaws.errors import LocalAwsError, NotModelled
from localaws.events.parameters import call


@dataclass(frozen=True)
class Arn:
    service: str
    region: str
    resource: str
    whole: str


def parsed(arn: str, region: str) -> Arn:
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[0] != "arn":
        raise LocalAwsError(f"{arn} is not an ARN")
    return Arn(parts[2], parts[3] or region, parts[5], arn)


def check(target: dict[str, Any], region: str) -> None:
    """Refuses, when a rule or a schedule is made, a target that nothing could be delivered to."""
    arn = parsed(target["Arn"], region)
    if arn.service == "scheduler" and arn.resource.startswith("aws-sdk:"):
        return
    if arn.service not in _SENDERS:
        known = ", ".join(sorted(_SENDERS))
        raise NotModelled(f"target {target['Arn']} is not modelled by the local AWS, which delivers to {known}")


def send(target: dict[str, Any], text: str, region: str) -> dict[str, Any]:
    """Delivers to one target and returns what its API answered. What the API refuses is the caller's to report."""
    check(target, region)
    arn = parsed(target["Arn"], region)
    if arn.service == "scheduler":
        return _call_any_api(arn, text, region)
    return _SENDERS[arn.service](arn, target, text)


def _call_any_api(arn: Arn, text: str, region: str) -> dict[str, Any]:
    """A universal target of EventBridge Scheduler: `arn:aws:scheduler:::aws-sdk:service:operation`."""
    _, service, operation = arn.resource.split(":")
    names = {"sfn": "stepfunctions", "eventbridge": "events", "cloudwatchlogs": "logs", "cloudwatch": "cloudwatch"}
    return call(names.get(service, service), region, operation, json.loads(text or "{}"))


def _start_execution(arn: Arn, target: dict[str, Any], text: str) -> dict[str, Any]:
    name = {"name": str(uuid.uuid4())}
    return context.client("stepfunctions", arn.region).start_execution(stateMachineArn=arn.whole, input=text, **name)


def _invoke(arn: Arn, target: dict[str, Any], text: str) -> dict[str, Any]:
    """EventBridge invokes asynchronously; a failing handler is retried by Lambda and is no failure of the delivery."""
    return context.client("lambda", arn.region).invoke(FunctionName=arn.whole, InvocationType="Event", Payload=text.encode())


def _send_message(arn: Arn, target: dict[str, Any], text: str) -> dict[str, Any]:
    client = context.client("sqs", arn.region)
    url = client.get_queue_url(QueueName=arn.resource)["QueueUrl"]
    group = (target.get("SqsParameters") or {}).get("MessageGroupId")
    return client.send_message(QueueUrl=url, MessageBody=text, **({"MessageGroupId": group} if group else {}))


def _publish(arn: Arn, target: dict[str, Any], text: str) -> dict[str, Any]:
    return context.client("sns", arn.region).publish(TopicArn=arn.whole, Message=text)


def _put_log_event(arn: Arn, target: dict[str, Any], text: str) -> dict[str, Any]:
    client = context.client("logs", arn.region)
    group, stream = arn.resource.removeprefix("log-group:").removesuffix(":*"), str(uuid.uuid4())
    client.create_log_stream(logGroupName=group, logStreamName=stream)
    event = {"timestamp": int(time.time() * 1000), "message": text}
    return client.put_log_events(logGroupName=group, logStreamName=stream, logEvents=[event])


def _put_event(arn: Arn, target: dict[str, Any], text: str) -> dict[str, Any]:
    """Another bus. A rule forwards its event; a schedule names source and detail type itself."""
    own = target.get("EventBridgeParameters")
    event = (
        {"source": own["Source"], "detail-type": own["DetailType"], "detail": json.loads(text)} if own else json.loads(text)
    )
    entry = {
        "Source": event["source"],
        "DetailType": event["detail-type"],
        "Detail": json.dumps(event["detail"]),
        "Resources": event.get("resources", []),
        "EventBusName": arn.whole,
    }
    return context.client("events", arn.region).put_events(Entries=[entry])


def _run_task(arn: Arn, target: dict[str, Any], text: str) -> dict[str, Any]:
    given = {name: value for name, value in (target.get("EcsParameters") or {}).items() if value is not None}
    if "TaskDefinitionArn" not in given:
        raise LocalAwsError(f"target {arn.whole} has no EcsParameters.TaskDefinitionArn")
    own = {"cluster": arn.whole, "taskDefinition": given.pop("TaskDefinitionArn"), "count": given.pop("TaskCount", 1)}
    overrides = _overrides(text)
    answer = call("ecs", arn.region, "RunTask", {**given, **own, **({"overrides": overrides} if overrides else {})})
    if answer.get("failures"):
        raise LocalAwsError(f"RunTask on {arn.whole}: {answer['failures']}")
    return answer


def _submit_job(arn: Arn, target: dict[str, Any], text: str) -> dict[str, Any]:
    given = dict(target.get("BatchParameters") or {})
    attempts = (given.pop("RetryStrategy", None) or {}).get("Attempts")
    own = {"jobQueue": arn.whole, **({"retryStrategy": {"attempts": attempts}} if attempts else {})}
    return call("batch", arn.region, "SubmitJob", {**given, **own, **_overrides(text)})


def _overrides(text: str) -> dict[str, Any]:
    """What the input overrides; an event that was not transformed overrides nothing."""
    given = json.loads(text) if text else {}
    return given if isinstance(given, dict) and "detail-type" not in given else {}


_Sender = Callable[[Arn, dict[str, Any], str], dict[str, Any]]
_SENDERS: dict[str, _Sender] = {
    "states": _start_execution,
    "lambda": _invoke,
    "sqs": _send_message,
    "sns": _publish,
    "logs": _put_log_event,
    "events": _put_event,
    "ecs": _run_task,
    "batch": _submit_job,
}
