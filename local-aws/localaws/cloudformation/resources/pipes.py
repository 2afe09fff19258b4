"""AWS::Pipes::*"""

from __future__ import annotations

from localaws.cloudformation.api_resource import call, resource
from localaws.cloudformation.tagging import Tagging

resource(
    "AWS::Pipes::Pipe",
    service="pipes",
    create="create_pipe",
    name="Name",
    longest_name=64,
    reads=call("describe_pipe", Name="$id"),
    identifier="given.Name",
    attributes={"Arn": "answer.Arn"},
    update=call("update_pipe", Name="$id"),
    in_place=("Description", "DesiredState", "RoleArn", "SourceParameters", "Target", "TargetParameters"),
    resets={"Description": "", "DesiredState": "RUNNING"},
    tagging=Tagging("tag_resource", "untag_resource", "resourceArn", "tags", "tagKeys", arn="Arn"),
    delete=call("delete_pipe", Name="$id"),
)
