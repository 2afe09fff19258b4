"""What decides in the course of a deployment whether it goes on: functions, and pauses that somebody ends."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from localaws import context, pace
from localaws.ecs import bus

if TYPE_CHECKING:
    from localaws.ecs.deployment import Deployment
    from localaws.ecs.scheduler import ServiceScheduler

_DEFAULT_PAUSE_MINUTES = 24 * 60
_CALL_BACK_SECONDS = 30
_functions = ThreadPoolExecutor(max_workers=8, thread_name_prefix="lifecycle-hook")


class Stopped(Exception):
    """The deployment does not go on: a hook failed, or somebody said no."""


@dataclass
class Hook:
    """One hook at one stage of one deployment."""

    declared: dict[str, Any]
    stage: str
    id: str = field(default_factory=lambda: f"ecs-hook-{uuid.uuid4().hex}")
    status: str = "IN_PROGRESS"
    expires_at: datetime | None = None
    answer: str | None = None
    details: Any = None
    """What the function is given, and gives back for its next call."""

    @property
    def pauses(self) -> bool:
        return self.declared.get("targetType") == "PAUSE"

    @property
    def timeout_action(self) -> str:
        return (self.declared.get("timeoutConfiguration") or {}).get("action") or "ROLLBACK"

    def end(self) -> None:
        """Nobody is asked any more."""
        if self.status in ("IN_PROGRESS", "AWAITING_ACTION"):
            self.status = "FAILED"

    def describe(self) -> dict[str, Any]:
        described = {
            "hookId": self.id,
            "targetType": "PAUSE" if self.pauses else "AWS_LAMBDA",
            "targetArn": self.declared.get("hookTargetArn"),
            "status": self.status,
            "expiresAt": self.expires_at,
            "timeoutAction": self.timeout_action if self.pauses else None,
        }
        return {key: value for key, value in described.items() if value is not None}


def pause_minutes(declared: dict[str, Any]) -> int:
    """AWS waits a day for an answer where nothing is said."""
    if declared.get("targetType") != "PAUSE":
        return 0
    return int((declared.get("timeoutConfiguration") or {}).get("timeoutInMinutes") or _DEFAULT_PAUSE_MINUTES)


def run(scheduler: ServiceScheduler, deployment: Deployment, stage: str) -> Iterator[None]:
    """One after the other, each until it says yes. Raises `Stopped` where one says no."""
    for declared in deployment.configuration.get("lifecycleHooks") or []:
        if stage not in declared["lifecycleStages"]:
            continue
        hook = Hook(declared, stage, details=declared.get("hookDetails"))
        deployment.hooks.append(hook)
        yield from _pause(scheduler, deployment, hook) if hook.pauses else _call(scheduler, deployment, hook)
        hook.status = "SUCCEEDED"


def tell_of_rollback(scheduler: ServiceScheduler, deployment: Deployment, *, test: bool, production: bool) -> None:
    """ECS calls the functions at the stages in which requests move when they move back; they can stop nothing any more."""
    moved = [*(["PRODUCTION_TRAFFIC_SHIFT"] if production else []), *(["TEST_TRAFFIC_SHIFT"] if test else [])]
    for declared in deployment.configuration.get("lifecycleHooks") or []:
        for stage in moved:
            if stage in declared["lifecycleStages"]:
                hook = Hook(declared, stage, details=declared.get("hookDetails"))
                _functions.submit(_invoke, scheduler.region, declared["hookTargetArn"], _event(scheduler, deployment, hook))


def _pause(scheduler: ServiceScheduler, deployment: Deployment, hook: Hook) -> Iterator[None]:
    minutes = pause_minutes(hook.declared)
    hook.status = "AWAITING_ACTION"
    seconds = pace.compressed(minutes * 60)
    hook.expires_at = datetime.now(timezone.utc) + timedelta(seconds=seconds)
    bus.hook_awaits_action(scheduler, deployment, hook)
    end = time.monotonic() + seconds
    while hook.answer is None and time.monotonic() < end:
        yield
    if hook.answer == "ROLLBACK":
        hook.status = "FAILED"
        raise Stopped(f"the pause at {hook.stage} was answered with ROLLBACK")
    if hook.answer is None and hook.timeout_action == "ROLLBACK":
        hook.status = "TIMED_OUT"
        raise Stopped(f"nobody answered the pause at {hook.stage} in {minutes} minutes")


def _call(scheduler: ServiceScheduler, deployment: Deployment, hook: Hook) -> Iterator[None]:
    """Until it says SUCCEEDED or FAILED; IN_PROGRESS has it called again."""
    arn = hook.declared["hookTargetArn"]
    while True:
        future = _functions.submit(_invoke, scheduler.region, arn, _event(scheduler, deployment, hook))
        while not future.done():
            yield
        said = future.result()
        status = said.get("hookStatus")
        if status == "SUCCEEDED":
            return
        details = said.get("hookDetails")
        if status != "IN_PROGRESS":
            hook.status = "FAILED"
            told = details.get("reason") if isinstance(details, dict) else None
            raise Stopped(f"the function {arn} at {hook.stage}: {told or said.get('problem') or f'hookStatus {status}'}")
        hook.details = details or hook.details
        end = time.monotonic() + pace.compressed(float(said.get("callBackDelay") or _CALL_BACK_SECONDS))
        while time.monotonic() < end:
            yield


def _event(scheduler: ServiceScheduler, deployment: Deployment, hook: Hook) -> dict[str, Any]:
    event = {
        "executionId": hook.id,
        "lifecycleStage": hook.stage,
        "resourceArn": deployment.arn_in(scheduler.arn),
        "executionDetails": {
            "serviceArn": scheduler.arn,
            "targetServiceRevisionArn": deployment.revision_arn_in(scheduler.arn),
            "testTrafficWeights": _weights(scheduler, deployment, deployment.tested),
            "productionTrafficWeights": _weights(scheduler, deployment, deployment.shifted),
        },
    }
    return event if hook.details is None else {**event, "hookDetails": hook.details}


def _weights(scheduler: ServiceScheduler, deployment: Deployment, percent: float) -> dict[str, float]:
    source = deployment.source
    each = {source.revision_arn_in(scheduler.arn): 100 - percent} if source else {}
    return {**each, deployment.revision_arn_in(scheduler.arn): percent}


def _invoke(region: str, arn: str, event: dict[str, Any]) -> dict[str, Any]:
    try:
        answered = context.client("lambda", region).invoke(FunctionName=arn, Payload=json.dumps(event).encode())
    except (BotoCoreError, ClientError) as error:
        return {"problem": str(error)}
    text = answered["Payload"].read().decode()
    if answered.get("FunctionError"):
        return {"problem": f"it ended in an error: {text}"}
    said = json.loads(text or "null")
    return said if isinstance(said, dict) else {"problem": f"it returned {text or 'nothing'} and no hookStatus"}
