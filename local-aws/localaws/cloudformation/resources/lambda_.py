"""AWS::Lambda::*"""

from __future__ import annotations

import io
import zipfile
from typing import Any

from localaws.cloudformation.api_resource import ApiResource, Creation, call, resource
from localaws.cloudformation.model import Made, Request, register
from localaws.cloudformation.state import StackResource
from localaws.cloudformation.tagging import Tagging

Properties = dict[str, Any]


def _code(request: Request, properties: Properties) -> Properties:
    """Inline source is a zip with one file, which CloudFormation makes: `index`, with the end that the runtime expects."""
    code = properties.get("Code")
    if code and "ZipFile" in code:
        end = "py" if str(request.properties.get("Runtime", "")).startswith("python") else "js"
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(f"index.{end}", code["ZipFile"])
        properties["Code"] = {"ZipFile": packed.getvalue()}
    return properties


class Function(ApiResource):
    """Code and configuration are updated by two operations."""

    def update(self, request: Request, current: StackResource) -> Made:
        if request.properties["Code"] != current.properties["Code"]:
            code = _code(request, {"Code": request.properties["Code"]})["Code"]
            placed = self._place(request, "update_function_code", {k: v for k, v in code.items() if k != "SourceKMSKeyArn"})
            request.client("lambda").update_function_code(**{**placed, "FunctionName": current.physical_id})
        return super().update(request, current)


def _concurrency(request: Request, made: Made) -> None:
    client, reserved = request.client("lambda"), request.properties.get("ReservedConcurrentExecutions")
    if reserved is not None:
        client.put_function_concurrency(FunctionName=made.physical_id, ReservedConcurrentExecutions=int(reserved))


register(
    Function(
        "AWS::Lambda::Function",
        "lambda",
        "create_function",
        "answer.FunctionName",
        reads=call("get_function_configuration", FunctionName="$id"),
        attributes={"Arn": "answer.FunctionArn"},
        name="FunctionName",
        longest_name=64,
        prepare=_code,
        separate=("ReservedConcurrentExecutions",),
        after=_concurrency,
        update_call=call("update_function_configuration", FunctionName="$id"),
        in_place=(
            "DeadLetterConfig",
            "Description",
            "Environment",
            "EphemeralStorage",
            "Handler",
            "KmsKeyArn",
            "Layers",
            "LoggingConfig",
            "MemorySize",
            "Role",
            "Runtime",
            "Timeout",
            "TracingConfig",
            "VpcConfig",
        ),
        in_place_after=("Code",),
        resets={"Description": "", "Environment": {"Variables": {}}, "Layers": [], "MemorySize": 128, "Timeout": 3},
        tagging=Tagging("tag_resource", "untag_resource", "Resource", "Tags", "TagKeys", arn="Arn"),
        delete_call=call("delete_function", FunctionName="$id"),
    )
)


def _statement(request: Request, properties: Properties) -> Properties:
    return {**properties, "StatementId": request.generated_name(100)}


resource(
    "AWS::Lambda::Permission",
    service="lambda",
    create="add_permission",
    identifier="given.StatementId",
    attributes={"Id": "given.StatementId"},
    prepare=_statement,
    delete=call("remove_permission", FunctionName="$properties.FunctionName", StatementId="$id"),
)


def _event_invoke_config_id(creation: Creation) -> str:
    return f"{creation.given['FunctionName']}|{creation.given['Qualifier']}"


_CONFIG = {"FunctionName": "$properties.FunctionName", "Qualifier": "$properties.Qualifier"}

resource(
    "AWS::Lambda::EventInvokeConfig",
    service="lambda",
    create="put_function_event_invoke_config",
    identifier=_event_invoke_config_id,
    reads=call("get_function_event_invoke_config", **_CONFIG),
    update=call("put_function_event_invoke_config", **_CONFIG),
    in_place=("DestinationConfig", "MaximumEventAgeInSeconds", "MaximumRetryAttempts"),
    resets_by_omission=True,
    delete=call("delete_function_event_invoke_config", **_CONFIG),
)
