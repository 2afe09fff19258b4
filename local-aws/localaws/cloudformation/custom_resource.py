"""Custom resources: a Lambda function is invoked, and answers by a PUT to a URL of ours."""

from __future__ import annotations

import json
import threading
import uuid
from typing import Any

from localaws import context, control
from localaws.cloudformation.model import Made, Request, ResourceFailed, ResourceModel, register
from localaws.cloudformation.state import StackResource

ANSWER_WITHIN = 120
"""Seconds until an answer is given up, where the template sets no ServiceTimeout: a framework may answer from a
later invocation.
"""
SILENT_AFTER = 5
"""Seconds that an answer may come later than the end of the function that owes it, where nothing else is known to run."""

_answers: dict[str, dict[str, Any]] = {}
_arrived = threading.Condition()


def receive(request_id: str, answer: dict[str, Any]) -> None:
    with _arrived:
        _answers[request_id] = answer
        _arrived.notify_all()


@control.route("PUT", "cfn-response")
def _cfn_response(body: dict[str, Any]) -> dict[str, Any]:
    """The pre-signed S3 URL of AWS. The answer carries the id of the request that it belongs to."""
    receive(body["RequestId"], body)
    return {}


class CustomResource(ResourceModel):
    type = "AWS::CloudFormation::CustomResource"

    def create(self, request: Request) -> Made:
        return self._made(self._ask(request, "Create"))

    def can_update(self, request: Request, current: StackResource) -> bool:
        return request.properties["ServiceToken"] == current.properties["ServiceToken"]

    def update(self, request: Request, current: StackResource) -> Made:
        """The handler may answer with another physical id: that is how a custom resource asks to be replaced."""
        answer = self._ask(
            request, "Update", PhysicalResourceId=current.physical_id, OldResourceProperties=_all_text(current.properties)
        )
        return self._made(answer, current.physical_id)

    def delete(self, request: Request, current: StackResource) -> None:
        self._ask(request, "Delete", PhysicalResourceId=current.physical_id)

    def _made(self, answer: dict[str, Any], known_id: str | None = None) -> Made:
        physical_id = answer.get("PhysicalResourceId") or known_id
        if not physical_id:
            raise ResourceFailed("Invalid PhysicalResourceId: the custom resource's answer has none")
        return Made(physical_id, answer.get("Data") or {})

    def _ask(self, request: Request, kind: str, **more: Any) -> dict[str, Any]:
        token, request_id = request.properties["ServiceToken"], str(uuid.uuid4())
        if ":lambda:" not in token:
            raise ResourceFailed(
                f"The service token {token} of {request.logical_id} is not a Lambda function: nothing else is modelled"
            )
        event = {
            "RequestType": kind,
            "RequestId": request_id,
            "ResponseURL": f"https://localhost:{context.port()}/_local/cfn-response?id={request_id}",
            "StackId": request.stack.arn,
            "LogicalResourceId": request.logical_id,
            "ResourceType": request.type,
            "ServiceToken": token,
            "ResourceProperties": _all_text(request.properties),
            **more,
        }
        invocation = request.client("lambda").invoke(FunctionName=token, Payload=json.dumps(event).encode())
        return _successful(_await(request_id, invocation, float(request.properties.get("ServiceTimeout", ANSWER_WITHIN))))


def _await(request_id: str, invocation: dict[str, Any], patience: float) -> dict[str, Any]:
    """A function that failed owes no answer; one that ended well may have left the answer to an asynchronous invocation."""
    failed = "FunctionError" in invocation
    with _arrived:
        _arrived.wait_for(lambda: request_id in _answers, timeout=SILENT_AFTER if failed else patience)
        answer = _answers.pop(request_id, None)
    if answer is None:
        said = invocation["Payload"].read().decode()[:500] if failed else "it ended without an error"
        raise ResourceFailed(f"CloudFormation did not receive a response from your Custom Resource's function: {said}")
    return answer


def _successful(answer: dict[str, Any]) -> dict[str, Any]:
    if answer["Status"] != "SUCCESS":
        raise ResourceFailed(
            f"Received response status [{answer['Status']}] from custom resource. Message returned: {answer.get('Reason')}"
        )
    return answer


def _all_text(value: Any) -> Any:
    """CloudFormation hands every scalar to a custom resource as text."""
    if isinstance(value, dict):
        return {key: _all_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_all_text(item) for item in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


register(CustomResource())
