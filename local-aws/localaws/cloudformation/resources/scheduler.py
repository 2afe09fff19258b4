"""AWS::Scheduler::*"""

from __future__ import annotations

from localaws.cloudformation.api_resource import call, resource
from localaws.cloudformation.tagging import Tagging

resource(
    "AWS::Scheduler::Schedule",
    service="scheduler",
    create="create_schedule",
    name="Name",
    longest_name=64,
    reads=call("get_schedule", Name="$id", GroupName="$properties.GroupName"),
    identifier="given.Name",
    attributes={"Arn": "answer.ScheduleArn"},
    update=call("update_schedule", Name="$id"),
    in_place=(
        "Description",
        "EndDate",
        "FlexibleTimeWindow",
        "GroupName",
        "KmsKeyArn",
        "ScheduleExpression",
        "ScheduleExpressionTimezone",
        "StartDate",
        "State",
        "Target",
    ),
    resets_by_omission=True,
    fixed=("GroupName",),
    delete=call("delete_schedule", Name="$id", GroupName="$properties.GroupName"),
)

resource(
    "AWS::Scheduler::ScheduleGroup",
    service="scheduler",
    create="create_schedule_group",
    name="Name",
    longest_name=64,
    identifier="given.Name",
    attributes={"Arn": "answer.ScheduleGroupArn"},
    tagging=Tagging("tag_resource", "untag_resource", "ResourceArn", "Tags", "TagKeys", arn="Arn", listed=True),
    delete=call("delete_schedule_group", Name="$id"),
)
