"""Mends of CloudWatch."""

from __future__ import annotations

from typing import Any

from moto.cloudwatch.models import Alarm, CloudWatchBackend
from moto.cloudwatch.responses import CloudWatchResponse
from moto.core.responses import ActionResult, EmptyResult


def install() -> None:
    store_composite_alarms()
    keep_the_state_of_an_alarm()


def store_composite_alarms() -> None:
    """PutCompositeAlarm is missing, though the backend stores alarms with a rule and describes them."""

    def put_composite_alarm(self: CloudWatchResponse) -> ActionResult:
        name = self._get_param("AlarmName")
        self.cloudwatch_backend.put_metric_alarm(
            name=name,
            namespace="",
            metric_name="",
            comparison_operator="",
            evaluation_periods=1,
            period=60,
            threshold=0,
            statistic=None,
            description=self._get_param("AlarmDescription"),
            dimensions=[],
            alarm_actions=self._get_param("AlarmActions", []),
            ok_actions=self._get_param("OKActions", []),
            insufficient_data_actions=self._get_param("InsufficientDataActions", []),
            actions_enabled=self._get_param("ActionsEnabled", True),
            metric_data_queries=[],
            rule=self._get_param("AlarmRule"),
            tags=self._get_param("Tags", []),
        )
        return EmptyResult()

    CloudWatchResponse.put_composite_alarm = put_composite_alarm


def keep_the_state_of_an_alarm() -> None:
    """Putting an alarm anew sets its state back to OK; AWS leaves the state until the next evaluation."""
    original: Any = CloudWatchBackend.put_metric_alarm

    def put_metric_alarm(self: CloudWatchBackend, name: str, *positional: Any, **given: Any) -> Alarm:
        before = self.alarms.get(name)
        alarm = original(self, name, *positional, **given)
        for attribute in _STATE if before else ():
            setattr(alarm, attribute, getattr(before, attribute))
        return alarm

    CloudWatchBackend.put_metric_alarm = put_metric_alarm  # type: ignore[method-assign]


_STATE = ("state_value", "state_reason", "state_reason_data", "state_updated_timestamp")
