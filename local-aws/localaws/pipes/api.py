"""CreatePipe and UpdatePipe: what is not modelled is refused when a pipe is made. moto has no UpdatePipe."""

from __future__ import annotations

import json
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.pipes.exceptions import ValidationException
from moto.pipes.models import EventBridgePipesBackend, Pipe
from moto.pipes.responses import EventBridgePipesResponse

from localaws.errors import NotModelled
from localaws.pipes import delivery

_UPDATED = {
    "Description": "description",
    "DesiredState": "desired_state",
    "RoleArn": "role_arn",
    "SourceParameters": "source_parameters",
    "Target": "target",
    "TargetParameters": "target_parameters",
}


def install() -> None:
    create = EventBridgePipesBackend.create_pipe

    def create_pipe(self: EventBridgePipesBackend, **given: Any) -> Pipe:
        if given["name"] in self.pipes:
            raise _conflict(given["name"])
        check(given)
        pipe = create(self, **given)
        delivery.begin()
        return pipe

    EventBridgePipesBackend.create_pipe = create_pipe  # type: ignore[method-assign]
    EventBridgePipesResponse.update_pipe = _update_pipe  # type: ignore[attr-defined]


def _update_pipe(self: EventBridgePipesResponse) -> ActionResult:
    """What the request does not name stays, but for the parameters of the target: they go with the target."""
    body = json.loads(self.body or "{}")
    pipe = self.pipes_backend.describe_pipe(self.uri.split("?")[0].split("/")[-1])
    unknown = [name for name in body if name not in _UPDATED]
    if unknown:
        raise _refused(f"{unknown[0]} of a pipe cannot be updated in the local AWS")
    now = {own: body.get(name, getattr(pipe, own)) for name, own in _UPDATED.items()}
    now["source_parameters"] = {**(pipe.source_parameters or {}), **(body.get("SourceParameters") or {})}
    now["target_parameters"] = body.get("TargetParameters")
    check({"source": pipe.source, "enrichment": pipe.enrichment, "log_configuration": pipe.log_configuration, **now})
    for own, value in now.items():
        setattr(pipe, own, value)
    pipe.last_modified_time = utcnow()
    return ActionResult({"Arn": pipe.arn, "Name": pipe.name, "DesiredState": pipe.desired_state, "CurrentState": pipe.current_state})


def check(pipe: dict[str, Any]) -> None:
    try:
        _check(pipe)
    except NotModelled as error:
        raise _refused(str(error)) from error


def _check(pipe: dict[str, Any]) -> None:
    source, target = pipe["source"], pipe["target"]
    if source.split(":")[2:3] != ["sqs"]:
        raise NotModelled(f"the source {source} of a pipe is not modelled by the local AWS: queues are")
    if target.split(":")[2:3] != ["states"]:
        raise NotModelled(f"the target {target} of a pipe is not modelled by the local AWS: state machines are")
    for name in ("enrichment", "log_configuration", "kms_key_identifier"):
        if pipe.get(name):
            raise NotModelled(f"the {name.replace('_', ' ')} of a pipe is not modelled by the local AWS")
    of_source = dict(pipe.get("source_parameters") or {})
    of_queue = dict(of_source.pop("SqsQueueParameters", None) or {})
    size = of_queue.pop("BatchSize", 10)
    of_target = dict(pipe.get("target_parameters") or {})
    of_target.pop("InputTemplate", None)
    of_machine = dict(of_target.pop("StepFunctionStateMachineParameters", None) or {})
    invocation = of_machine.pop("InvocationType", "REQUEST_RESPONSE")
    more = [*of_source, *of_queue, *of_target, *of_machine]
    if more:
        raise NotModelled(f"the parameter {more[0]} of a pipe is not modelled by the local AWS")
    if not 1 <= size <= 10:
        raise NotModelled(f"a batch of {size} messages is not modelled by the local AWS: 1 to 10 are")
    if invocation != "FIRE_AND_FORGET":
        raise NotModelled("a pipe starts a Standard state machine with FIRE_AND_FORGET only, and the local AWS knows no others")


def _refused(text: str) -> ValidationException:
    return ValidationException(text)


def _conflict(name: str) -> ValidationException:
    return ValidationException(f"Pipe {name} already exists.")
