"""AWS::Logs::*"""

from __future__ import annotations

from localaws.cloudformation.api_resource import call, resource
from localaws.cloudformation.model import Made, Request
from localaws.cloudformation.tagging import Tagging

_FILTER = {"logGroupName": "$properties.LogGroupName", "filterName": "$id"}


def _set_key_and_retention(request: Request, made: Made) -> None:
    key = request.properties.get("KmsKeyId")
    _set_retention(request, made)
    if key is None:
        request.client("logs").disassociate_kms_key(logGroupName=made.physical_id)
    else:
        request.client("logs").associate_kms_key(logGroupName=made.physical_id, kmsKeyId=key)


def _set_retention(request: Request, made: Made) -> None:
    client, days = request.client("logs"), request.properties.get("RetentionInDays")
    if days is None:
        client.delete_retention_policy(logGroupName=made.physical_id)
    else:
        client.put_retention_policy(logGroupName=made.physical_id, retentionInDays=int(days))


resource(
    "AWS::Logs::LogGroup",
    service="logs",
    create="create_log_group",
    name="LogGroupName",
    longest_name=512,
    reads=call("describe_log_groups", logGroupNamePrefix="$id", limit=1),
    found="logGroups.0",
    identifier="given.logGroupName",
    attributes={
        "Arn": lambda c: f"arn:aws:logs:{c.request.region}:{c.request.account}:log-group:{c.given['logGroupName']}:*"
    },
    separate=("RetentionInDays",),
    in_place_after=("KmsKeyId",),
    after=_set_key_and_retention,
    resets={"RetentionInDays": None, "KmsKeyId": None},
    tagging=Tagging("tag_log_group", "untag_log_group", "logGroupName", "tags", "tags"),
    delete=call("delete_log_group", logGroupName="$id"),
)

resource(
    "AWS::Logs::LogStream",
    service="logs",
    create="create_log_stream",
    name="LogStreamName",
    identifier="given.logStreamName",
    delete=call("delete_log_stream", logGroupName="$properties.LogGroupName", logStreamName="$id"),
)

resource(
    "AWS::Logs::MetricFilter",
    service="logs",
    create="put_metric_filter",
    name="FilterName",
    reads=call("describe_metric_filters", logGroupName="$properties.LogGroupName", filterNamePrefix="$id"),
    found="metricFilters.0",
    identifier="given.filterName",
    update=call("put_metric_filter", **_FILTER),
    in_place=("FilterPattern", "MetricTransformations"),
    delete=call("delete_metric_filter", **_FILTER),
)

resource(
    "AWS::Logs::SubscriptionFilter",
    service="logs",
    create="put_subscription_filter",
    name="FilterName",
    reads=call("describe_subscription_filters", logGroupName="$properties.LogGroupName", filterNamePrefix="$id"),
    found="subscriptionFilters.0",
    identifier="given.filterName",
    update=call("put_subscription_filter", **_FILTER),
    in_place=("DestinationArn", "FilterPattern", "RoleArn", "Distribution"),
    delete=call("delete_subscription_filter", **_FILTER),
)

resource(
    "AWS::Logs::ResourcePolicy",
    service="logs",
    create="put_resource_policy",
    name="PolicyName",
    identifier="given.policyName",
    update=call("put_resource_policy", policyName="$id"),
    in_place=("PolicyDocument",),
    delete=call("delete_resource_policy", policyName="$id"),
)

resource(
    "AWS::Logs::QueryDefinition",
    service="logs",
    create="put_query_definition",
    reads=call("describe_query_definitions", queryDefinitionNamePrefix="$properties.Name"),
    found="queryDefinitions.0",
    identifier="answer.queryDefinitionId",
    attributes={"QueryDefinitionId": "answer.queryDefinitionId"},
    update=call("put_query_definition", queryDefinitionId="$id"),
    in_place=("Name", "QueryString", "LogGroupNames"),
    resets_by_omission=True,
    delete=call("delete_query_definition", queryDefinitionId="$id"),
)
