"""AWS::Events::*"""

from __future__ import annotations

from typing import Any

from localaws.cloudformation.api_resource import call, resource
from localaws.cloudformation.model import Made, Request
from localaws.cloudformation.properties import Placement
from localaws.cloudformation.tagging import Tagging

_TAGS = Tagging("tag_resource", "untag_resource", "ResourceARN", "Tags", "TagKeys", arn="Arn", listed=True)


def _bus(request: Request) -> dict[str, str]:
    return {"EventBusName": request.properties["EventBusName"]} if "EventBusName" in request.properties else {}


def _put_targets(request: Request, made: Made) -> None:
    client, rule = request.client("events"), {"Rule": made.attributes["Name"], **_bus(request)}
    wanted = request.properties.get("Targets", [])
    known = client.list_targets_by_rule(**rule)["Targets"]
    gone = [target["Id"] for target in known if target["Id"] not in [item["Id"] for item in wanted]]
    if gone:
        client.remove_targets(**rule, Ids=gone)
    if wanted:
        placement = Placement(client, "put_targets", f"{request.logical_id} ({request.type})")
        answer = client.put_targets(**placement.place({**rule, "Targets": wanted}))
        if answer["FailedEntryCount"]:
            raise ValueError(str(answer["FailedEntries"]))


def _remove_targets(request: Request, made: Made) -> None:
    client, rule = request.client("events"), {"Rule": made.attributes["Name"], **_bus(request)}
    known = client.list_targets_by_rule(**rule)["Targets"]
    if known:
        client.remove_targets(**rule, Ids=[target["Id"] for target in known])


def _rule_id(creation: Any) -> str:
    """A Ref gives the name, and for a rule on a bus of its own the bus as well."""
    bus = creation.given.get("EventBusName")
    return f"{bus}|{creation.given['Name']}" if bus else creation.given["Name"]


resource(
    "AWS::Events::Rule",
    service="events",
    create="put_rule",
    name="Name",
    longest_name=64,
    reads=call("describe_rule", Name="$attributes.Name", EventBusName="$properties.EventBusName"),
    identifier=_rule_id,
    attributes={"Arn": "answer.RuleArn", "Name": "given.Name"},
    separate=("Targets",),
    after=_put_targets,
    update=call("put_rule", Name="$attributes.Name"),
    in_place=("Description", "EventBusName", "EventPattern", "RoleArn", "ScheduleExpression", "State"),
    fixed=("EventBusName",),
    resets={"Description": "", "State": "ENABLED", "Targets": []},
    tagging=_TAGS,
    before_delete=_remove_targets,
    delete=call("delete_rule", Name="$attributes.Name", EventBusName="$properties.EventBusName"),
)

resource(
    "AWS::Events::EventBus",
    service="events",
    create="create_event_bus",
    name="Name",
    reads=call("describe_event_bus", Name="$id"),
    identifier="given.Name",
    attributes={"Arn": "answer.EventBusArn", "Name": "given.Name"},
    tagging=_TAGS,
    delete=call("delete_event_bus", Name="$id"),
)
