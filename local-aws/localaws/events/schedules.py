"""Schedules never fire by themselves here: a test starts one by hand and sees what its target answered."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timezone
from typing import Any

from moto.events.models import Rule, events_backends
from moto.scheduler.models import EventBridgeSchedulerBackend, Schedule, scheduler_backends
from moto.scheduler.exceptions import ValidationException

from localaws import context, control
from localaws.errors import LocalAwsError
from localaws.events import rules, targets


def install() -> None:
    """A schedule's target is checked when the schedule is made, as on AWS, and not when it would fire."""
    for name in ("create_schedule", "update_schedule"):
        setattr(EventBridgeSchedulerBackend, name, _checking_target(getattr(EventBridgeSchedulerBackend, name)))


@control.route("POST", "schedules/start")
def start(body: dict[str, Any]) -> dict[str, Any]:
    """`{"name", "group"?}` for a schedule, `{"rule"}` for a scheduled rule; both take a `region` where names are not
    unique.
    """
    try:
        if body.get("rule"):
            return _start_rule(_only(_rules(body), "scheduled rule", body["rule"]))
        if body.get("name"):
            return _start_schedule(*_only(_schedules(body), "schedule", body["name"]))
    except rules.FAILURES as error:
        raise LocalAwsError(str(error)) from error
    raise LocalAwsError('a schedule is started by {"name": "...", "group": "..."} or {"rule": "..."}')


def _start_schedule(schedule: Schedule, region: str) -> dict[str, Any]:
    _check_enabled(schedule.state, schedule.arn)
    text = schedule.target.get("Input") or "{}"
    told = {
        "scheduled-time": _now(),
        "schedule-arn": schedule.arn,
        "execution-id": str(uuid.uuid4()),
        "attempt-number": "1",
    }
    for name, value in told.items():
        text = text.replace(f"<aws.scheduler.{name}>", value)
    return {"schedule": schedule.arn, "results": [_result(schedule.target, targets.send(schedule.target, text, region))]}


def _start_rule(rule: Rule) -> dict[str, Any]:
    _check_enabled(rule.state, rule.arn)
    event = {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": context.ACCOUNT,
        "time": _now(),
        "region": rule.region_name,
        "resources": [rule.arn],
        "detail": {},
    }
    return {"rule": rule.arn, "results": [_result(target, rules.deliver(rule, target, event)) for target in rule.targets]}


def _schedules(body: dict[str, Any]) -> list[tuple[Schedule, str]]:
    return [
        (schedule, region)
        for region, backend in scheduler_backends[context.ACCOUNT].items()
        for group in backend.schedule_groups.values()
        for schedule in group.schedules.values()
        if schedule.name == body["name"]
        and group.name == body.get("group", group.name)
        and region == body.get("region", region)
    ]


def _rules(body: dict[str, Any]) -> list[Rule]:
    return [
        rule
        for region, backend in events_backends[context.ACCOUNT].items()
        for rule in backend.event_buses["default"].rules.values()
        if rule.name == body["rule"] and rule.scheduled_expression and region == body.get("region", region)
    ]


def _only(found: list[Any], kind: str, name: str) -> Any:
    if len(found) != 1:
        raise LocalAwsError(f"there are {len(found)} {kind}s of the name {name}; a group or a region makes a name unique")
    return found[0]


def _check_enabled(state: str, arn: str) -> None:
    if state != "ENABLED":
        raise LocalAwsError(f"{arn} is {state} and starts nothing")


def _result(target: dict[str, Any], answer: dict[str, Any]) -> dict[str, Any]:
    """As JSON; the body of a Lambda answer is a stream and says nothing for an asynchronous invocation."""
    told = {name: value for name, value in answer.items() if name not in ("ResponseMetadata", "Payload")}
    return {"target": target["Arn"], "answer": json.loads(json.dumps(told, default=str))}


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _checking_target(original: Any) -> Any:
    def checked(self: EventBridgeSchedulerBackend, *positional: Any, **given: Any) -> Any:
        try:
            targets.check(given["target"], self.region_name)
        except LocalAwsError as error:
            raise ValidationException(str(error)) from error
        return original(self, *positional, **given)

    return checked
