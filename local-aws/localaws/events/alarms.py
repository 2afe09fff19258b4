"""Alarms never evaluate metrics here: a test sets an alarm's state, and its actions happen as on AWS.

Composite alarms follow the alarms that they are made of at once.
"""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

from moto.cloudwatch.exceptions import ValidationError
from moto.cloudwatch.models import Alarm, CloudWatchBackend

from localaws import context
from localaws.events.bus import publish
from localaws.events.composites import holds, named

_REGION_NAMES = {"us-east-1": "US East (N. Virginia)", "us-west-2": "US West (Oregon)", "eu-west-1": "EU (Ireland)"}
"""How the texts of alarms call a Region; others are called by their code here."""


def install() -> None:
    set_state, put = CloudWatchBackend.set_alarm_state, CloudWatchBackend.put_metric_alarm

    def set_alarm_state(self: CloudWatchBackend, alarm_name: str, reason: str, reason_data: str, state_value: str) -> None:
        alarm = self.alarms.get(alarm_name)
        before = _State(alarm) if alarm else None
        actions = _actions(alarm, state_value) if alarm and alarm.state_value != state_value else []
        _check(alarm_name, actions)
        set_state(self, alarm_name, reason, reason_data, state_value)
        if alarm and before and before.value != state_value:
            _act(alarm, before, actions)
            _follow(self, alarm)

    def put_metric_alarm(self: CloudWatchBackend, name: str, *positional: Any, **given: Any) -> Alarm:
        if rule := given.get("rule"):
            _check_rule(self, name, rule)
        alarm = put(self, name, *positional, **given)
        if alarm.rule:
            _evaluate(self, alarm, "the alarm was put")
        return alarm

    CloudWatchBackend.set_alarm_state = set_alarm_state
    CloudWatchBackend.put_metric_alarm = put_metric_alarm  # type: ignore[method-assign]


def _check_rule(backend: CloudWatchBackend, name: str, rule: str) -> None:
    missing = sorted(named(rule) - set(backend.alarms))
    if missing:
        raise ValidationError(f"Could not save the composite alarm {name} as alarms {missing} in the alarm rule do not exist")


def _follow(backend: CloudWatchBackend, changed: Alarm) -> None:
    """Sets the composite alarms that name an alarm whose state has changed."""
    for alarm in list(backend.alarms.values()):
        if alarm.rule and alarm is not changed and changed.name in named(alarm.rule):
            _evaluate(backend, alarm, f"{changed.alarm_arn} transitioned to {changed.state_value}")


def _evaluate(backend: CloudWatchBackend, alarm: Alarm, why: str) -> None:
    def state_of(name: str) -> str:
        return backend.alarms[name].state_value if name in backend.alarms else "INSUFFICIENT_DATA"

    state = "ALARM" if holds(alarm.rule, state_of) else "OK"
    if alarm.state_value != state:
        backend.set_alarm_state(alarm.name, why, "{}", state)


class _State:
    def __init__(self, alarm: Alarm) -> None:
        self.value, self.reason = alarm.state_value, alarm.state_reason
        self.when = alarm.state_updated_timestamp.replace(tzinfo=timezone.utc)

    def told(self) -> dict[str, str]:
        return {"value": self.value, "reason": self.reason, "timestamp": _time(self.when)}


def _actions(alarm: Alarm, state: str) -> list[str]:
    lists = {"ALARM": alarm.alarm_actions, "OK": alarm.ok_actions, "INSUFFICIENT_DATA": alarm.insufficient_data_actions}
    return list(lists.get(state) or []) if alarm.actions_enabled else []


def _check(alarm_name: str, actions: list[str]) -> None:
    for action in actions:
        if action.split(":")[2] not in ("sns", "lambda"):
            raise ValidationError(
                f"action {action} of alarm {alarm_name} is not modelled by the local AWS: "
                "SNS topics and Lambda functions are"
            )


def _act(alarm: Alarm, before: _State, actions: list[str]) -> None:
    after = _State(alarm)
    detail = {
        "alarmName": alarm.name,
        "state": after.told(),
        "previousState": before.told(),
        "configuration": _metrics(alarm),
    }
    publish(alarm.region_name, "aws.cloudwatch", "CloudWatch Alarm State Change", [alarm.alarm_arn], detail)
    for action in actions:
        region = action.split(":")[3]
        if action.split(":")[2] == "sns":
            subject = f'{after.value}: "{alarm.name}" in {_REGION_NAMES.get(alarm.region_name, alarm.region_name)}'
            message = json.dumps(_message(alarm, before, after))
            context.client("sns", region).publish(TopicArn=action, Subject=subject[:100], Message=message)
        else:
            event = {
                "source": "aws.cloudwatch",
                "alarmArn": alarm.alarm_arn,
                "accountId": context.ACCOUNT,
                "time": _time(after.when),
                "region": alarm.region_name,
                "alarmData": detail,
            }
            client = context.client("lambda", region)
            client.invoke(FunctionName=action, InvocationType="Event", Payload=json.dumps(event).encode())


def _message(alarm: Alarm, before: _State, after: _State) -> dict[str, Any]:
    """The JSON that CloudWatch sends to a topic."""
    return {
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description,
        "AWSAccountId": context.ACCOUNT,
        "AlarmConfigurationUpdatedTimestamp": _time(alarm.configuration_updated_timestamp.replace(tzinfo=timezone.utc)),
        "NewStateValue": after.value,
        "NewStateReason": after.reason,
        "StateChangeTime": _time(after.when),
        "Region": _REGION_NAMES.get(alarm.region_name, alarm.region_name),
        "AlarmArn": alarm.alarm_arn,
        "OldStateValue": before.value,
        "OKActions": alarm.ok_actions,
        "AlarmActions": alarm.alarm_actions,
        "InsufficientDataActions": alarm.insufficient_data_actions,
        **({"AlarmRule": alarm.rule} if alarm.rule else {"Trigger": _trigger(alarm)}),
    }


def _trigger(alarm: Alarm) -> dict[str, Any]:
    of_metric = {
        "MetricName": alarm.metric_name,
        "Namespace": alarm.namespace,
        "StatisticType": "Statistic" if alarm.statistic else "ExtendedStatistic",
        "Statistic": _upper_snake(alarm.statistic or alarm.extended_statistic or ""),
        "Unit": alarm.unit,
        "Dimensions": [{"value": dimension.value, "name": dimension.name} for dimension in alarm.dimensions],
        "Period": alarm.period,
    }
    return {
        **(_metrics(alarm) if alarm.metric_data_queries else of_metric),
        "EvaluationPeriods": alarm.evaluation_periods,
        "DatapointsToAlarm": alarm.datapoints_to_alarm,
        "ComparisonOperator": alarm.comparison_operator,
        "Threshold": alarm.threshold,
        "TreatMissingData": alarm.treat_missing_data or "missing",
    }


def _metrics(alarm: Alarm) -> dict[str, Any]:
    if alarm.rule:
        return {"alarmRule": alarm.rule}
    if alarm.metric_data_queries:
        queries = alarm.metric_data_queries
        return {"metrics": [{"id": query.id, "expression": query.expression, "label": query.label} for query in queries]}
    metric = {
        "namespace": alarm.namespace,
        "name": alarm.metric_name,
        "dimensions": {dimension.name: dimension.value for dimension in alarm.dimensions},
    }
    return {"metrics": [{"id": "m1", "metricStat": {"metric": metric, "period": alarm.period, "stat": alarm.statistic}}]}


def _upper_snake(statistic: str) -> str:
    return {"SampleCount": "SAMPLE_COUNT"}.get(statistic, statistic.upper())


def _time(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}+0000"
