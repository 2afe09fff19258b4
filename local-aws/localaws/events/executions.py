"""Step Functions executions on the default bus: one event when one starts and one when it has ended."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from moto.stepfunctions.parser.asl.utils.encoding import to_json_str
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication, Execution

from localaws.events.bus import publish


def install() -> None:
    start, terminated = Execution.start, BaseExecutionWorkerCommunication.terminated

    def starting(self: Execution) -> None:
        start(self)
        _publish(self, "RUNNING")

    def ending(self: BaseExecutionWorkerCommunication) -> None:
        terminated(self)
        _publish(self.execution, self.execution.exec_status.value)

    Execution.start = starting
    BaseExecutionWorkerCommunication.terminated = ending


def _publish(execution: Execution, status: str) -> None:
    has_ended = status != "RUNNING"
    detail = {
        "executionArn": execution.exec_arn,
        "stateMachineArn": execution.state_machine.arn,
        "name": execution.name,
        "status": status,
        "startDate": _milliseconds(execution.start_date),
        "stopDate": _milliseconds(execution.stop_date) if has_ended else None,
        "input": to_json_str(execution.input_data, separators=(",", ":")),
        "inputDetails": {"included": True},
        "output": to_json_str(execution.output, separators=(",", ":")) if status == "SUCCEEDED" else None,
        "outputDetails": {"included": True} if status == "SUCCEEDED" else None,
        "error": execution.error if has_ended else None,
        "cause": execution.cause if has_ended else None,
    }
    publish(execution.region_name, "aws.states", "Step Functions Execution Status Change", [execution.exec_arn], detail)


def _milliseconds(when: Any) -> int | None:
    return int(when.timestamp() * 1000) if isinstance(when, datetime) else None
