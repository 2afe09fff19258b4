"""AWS::StepFunctions::*"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from localaws.cloudformation.api_resource import call, resource
from localaws.cloudformation.model import Request
from localaws.cloudformation.properties import as_text
from localaws.cloudformation.tagging import Tagging
from localaws.errors import NotModelled

Properties = dict[str, Any]


def _definition(request: Request, properties: Properties) -> Properties:
    """Three spellings of the definition become one text, with its placeholders filled in."""
    if "DefinitionS3Location" in properties:
        properties["DefinitionString"] = _from_s3(request, properties.pop("DefinitionS3Location"))
    text = as_text(properties.pop("Definition", properties.get("DefinitionString", "")))
    for name, value in properties.pop("DefinitionSubstitutions", {}).items():
        text = text.replace(f"${{{name}}}", as_text(value))
    _refuse_what_the_interpreter_lacks(request, json.loads(text))
    return {**properties, "DefinitionString": text}


def _from_s3(request: Request, location: Properties) -> str:
    version = {"VersionId": location["Version"]} if "Version" in location else {}
    answer = request.client("s3").get_object(Bucket=location["Bucket"], Key=location["Key"], **version)
    return answer["Body"].read().decode()


def _refuse_what_the_interpreter_lacks(request: Request, definition: Any) -> None:
    for state in _objects(definition):
        if state.get("QueryLanguage") == "JSONata":
            raise NotModelled(
                f"The JSONata states of {request.logical_id} are not modelled by the local AWS: write JSONPath"
            )
        if "Assign" in state and "Type" in state:
            raise NotModelled(f"The variables (Assign) of {request.logical_id} are not modelled by the local AWS")


def _objects(value: Any) -> Iterator[Properties]:
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _objects(item)


resource(
    "AWS::StepFunctions::StateMachine",
    service="stepfunctions",
    create="create_state_machine",
    name="StateMachineName",
    longest_name=80,
    reads=call("describe_state_machine", stateMachineArn="$id"),
    identifier="answer.stateMachineArn",
    attributes={"Arn": "answer.stateMachineArn", "Name": "given.name"},
    rename={"StateMachineName": "name", "DefinitionString": "definition", "StateMachineType": "type"},
    prepare=_definition,
    update=call("update_state_machine", stateMachineArn="$id"),
    in_place=("DefinitionString", "EncryptionConfiguration", "LoggingConfiguration", "RoleArn", "TracingConfiguration"),
    in_place_after=("Definition", "DefinitionS3Location", "DefinitionSubstitutions"),
    resets={
        "DefinitionSubstitutions": {},
        "LoggingConfiguration": {"Level": "OFF"},
        "TracingConfiguration": {"Enabled": False},
    },
    tagging=Tagging("tag_resource", "untag_resource", "resourceArn", "tags", "tagKeys", listed=True, pair=("key", "value")),
    delete=call("delete_state_machine", stateMachineArn="$id"),
)
