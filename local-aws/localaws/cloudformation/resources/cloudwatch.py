"""AWS::CloudWatch::*"""

from __future__ import annotations

from localaws.cloudformation.api_resource import Creation, call, resource
from localaws.cloudformation.tagging import Tagging

_TAGS = Tagging("tag_resource", "untag_resource", "ResourceARN", "Tags", "TagKeys", arn="Arn", listed=True)

_ALARM = (
    "ActionsEnabled",
    "AlarmActions",
    "AlarmDescription",
    "ComparisonOperator",
    "DatapointsToAlarm",
    "Dimensions",
    "EvaluateLowSampleCountPercentile",
    "EvaluationPeriods",
    "ExtendedStatistic",
    "InsufficientDataActions",
    "MetricName",
    "Metrics",
    "Namespace",
    "OKActions",
    "Period",
    "Statistic",
    "Threshold",
    "ThresholdMetricId",
    "TreatMissingData",
    "Unit",
)


def _arn(creation: Creation) -> str:
    request = creation.request
    return f"arn:aws:cloudwatch:{request.region}:{request.account}:alarm:{creation.given['AlarmName']}"


resource(
    "AWS::CloudWatch::Alarm",
    service="cloudwatch",
    create="put_metric_alarm",
    name="AlarmName",
    reads=call("describe_alarms", AlarmNames=["$id"]),
    found="MetricAlarms.0",
    identifier="given.AlarmName",
    attributes={"Arn": _arn},
    update=call("put_metric_alarm", AlarmName="$id"),
    in_place=_ALARM,
    resets_by_omission=True,
    tagging=_TAGS,
    delete=call("delete_alarms", AlarmNames=["$id"]),
)

resource(
    "AWS::CloudWatch::CompositeAlarm",
    service="cloudwatch",
    create="put_composite_alarm",
    name="AlarmName",
    reads=call("describe_alarms", AlarmNames=["$id"], AlarmTypes=["CompositeAlarm"]),
    found="CompositeAlarms.0",
    identifier="given.AlarmName",
    attributes={"Arn": _arn},
    update=call("put_composite_alarm", AlarmName="$id"),
    in_place=("ActionsEnabled", "AlarmActions", "AlarmDescription", "AlarmRule", "InsufficientDataActions", "OKActions"),
    resets_by_omission=True,
    tagging=_TAGS,
    delete=call("delete_alarms", AlarmNames=["$id"]),
)

resource(
    "AWS::CloudWatch::Dashboard",
    service="cloudwatch",
    create="put_dashboard",
    name="DashboardName",
    reads=call("get_dashboard", DashboardName="$id"),
    identifier="given.DashboardName",
    update=call("put_dashboard", DashboardName="$id"),
    in_place=("DashboardBody",),
    delete=call("delete_dashboards", DashboardNames=["$id"]),
)
