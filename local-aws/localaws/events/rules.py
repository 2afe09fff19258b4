"""EventBridge rules: which event goes to which target, and to the dead-letter queue where that fails."""

from __future__ import annotations

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from moto.events.exceptions import ValidationException
from moto.events.models import EventsBackend, Rule

from localaws import context
from localaws.errors import LocalAwsError
from localaws.events import inputs, patterns, targets

_log = logging.getLogger(__name__)
_deliveries = ThreadPoolExecutor(max_workers=4, thread_name_prefix="event-delivery")
FAILURES = (LocalAwsError, BotoCoreError, ClientError, ValueError)


def install() -> None:
    archive = Rule.send_to_targets

    def send_to_targets(self: Rule, original_event: dict[str, Any], transform_input: bool = True) -> None:
        """moto delivers to few services, while PutEvents waits, and from disabled rules too."""
        if self.managed_by:  # the rule of an archive
            archive(self, original_event, transform_input)
        elif self.state != "DISABLED" and patterns.matches(self.event_pattern.get_pattern(), _as_sent(original_event)):
            _deliveries.submit(_deliver_to_all, self, _as_sent(original_event))

    Rule.send_to_targets = send_to_targets
    EventsBackend.put_rule = _checking_pattern(EventsBackend.put_rule)
    EventsBackend.put_targets = _checking_targets(EventsBackend.put_targets)


def deliver(rule: Rule, target: dict[str, Any], event: dict[str, Any]) -> dict[str, Any]:
    """One delivery. Raises what went wrong, after the dead-letter queue, if there is one, has the event."""
    text = ""
    try:
        text = inputs.input_of(target, event, {"name": rule.name, "arn": rule.arn})
        return targets.send(target, text, rule.region_name)
    except FAILURES as error:
        dead_letter_queue = (target.get("DeadLetterConfig") or {}).get("Arn")
        if dead_letter_queue:
            _send_dead_letter(dead_letter_queue, rule, target, event, error)
        raise


def _deliver_to_all(rule: Rule, event: dict[str, Any]) -> None:
    for target in list(rule.targets):
        try:
            deliver(rule, target, event)
        except Exception as error:  # one target's failure is no other's
            _log.warning("rule %s: target %s did not take the event: %s", rule.name, target["Arn"], error)


def _send_dead_letter(queue_arn: str, rule: Rule, target: dict[str, Any], event: dict[str, Any], error: Exception) -> None:
    response = getattr(error, "response", {})
    told = {
        "RULE_ARN": rule.arn,
        "TARGET_ARN": target["Arn"],
        "ERROR_CODE": response.get("Error", {}).get("Code", "INTERNAL_ERROR"),
        "ERROR_MESSAGE": str(error),
    }
    arn = targets.parsed(queue_arn, rule.region_name)
    client = context.client("sqs", arn.region)
    client.send_message(
        QueueUrl=client.get_queue_url(QueueName=arn.resource)["QueueUrl"],
        MessageBody=json.dumps(event),
        MessageAttributes={name: {"DataType": "String", "StringValue": text} for name, text in told.items()},
    )


def _as_sent(event: dict[str, Any]) -> dict[str, Any]:
    """moto keeps times as numbers and adds one that events do not have."""
    sent = {name: value for name, value in event.items() if name != "ingestion-time"}
    if not isinstance(sent["time"], str):
        sent["time"] = datetime.fromtimestamp(float(sent["time"]), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return json.loads(json.dumps(sent))


def _checking_pattern(original: Any) -> Any:
    def put_rule(self: EventsBackend, name: str, *positional: Any, event_pattern: str | None = None, **given: Any) -> Rule:
        try:
            patterns.check(json.loads(event_pattern or "{}"))
        except LocalAwsError as error:
            raise ValidationException(str(error)) from error
        return original(self, name, *positional, event_pattern=event_pattern, **given)

    return put_rule


def _checking_targets(original: Any) -> Any:
    def put_targets(self: EventsBackend, name: str, event_bus_arn: str | None, targets: list[dict[str, Any]]) -> None:
        for target in targets:
            _check_target(target, self.region_name)
        original(self, name, event_bus_arn, targets)

    return put_targets


def _check_target(target: dict[str, Any], region: str) -> None:
    try:
        targets.check(target, region)
    except LocalAwsError as error:
        raise ValidationException(str(error)) from error
