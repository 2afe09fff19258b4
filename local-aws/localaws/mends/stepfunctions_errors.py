"""Mends of errors of Step Functions: their names, and which of them can be caught."""

from __future__ import annotations

from typing import Any

from moto.stepfunctions.parser.api import ExecutionFailedEventDetails, HistoryEventType
from moto.stepfunctions.parser.asl.component.common.error_name.error_equals_decl import ErrorEqualsDecl
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent, FailureEventException
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.state.choice.state_choice import StateChoice
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_aws_sdk
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails

RUNTIME = StatesErrorName(typ=StatesErrorNameType.StatesRuntime)


def install() -> None:
    tell_that_no_choice_matched()
    catch_no_runtime_errors()
    name_the_errors_of_s3()


def tell_that_no_choice_matched() -> None:
    """A Choice without a rule that matches comes out as `States.Runtime`."""
    evaluate = StateChoice._eval_state

    def eval_state(self: StateChoice, env: Environment) -> None:
        try:
            evaluate(self, env)
        except RuntimeError as error:
            if "No branching option reached" not in str(error):
                raise
            raise _no_choice_matched(env, self.name) from error

    StateChoice._eval_state = eval_state


def _no_choice_matched(env: Environment, state: str) -> FailureEventException:
    name = StatesErrorName(typ=StatesErrorNameType.StatesNoChoiceMatched)
    cause = f"An error occurred while executing the state '{state}': Failed to match any choices"
    details = ExecutionFailedEventDetails(error=name.error_name, cause=cause)
    event = FailureEvent(
        env=env,
        error_name=name,
        event_type=HistoryEventType.ExecutionFailed,
        event_details=EventDetails(executionFailedEventDetails=details),
    )
    return FailureEventException(event)


def catch_no_runtime_errors() -> None:
    """`States.Runtime` always fails the execution: neither a Retry nor a Catch takes it, be it for `States.ALL`."""
    evaluate = ErrorEqualsDecl._eval_body

    def eval_body(self: ErrorEqualsDecl, env: Environment) -> None:
        name: Any = env.stack[-1]
        evaluate(self, env)
        if name == RUNTIME:
            env.stack[-1] = False

    ErrorEqualsDecl._eval_body = eval_body


def name_the_errors_of_s3() -> None:
    """`s3.NoSuchKeyException` for what AWS calls `S3.NoSuchKeyException`."""
    state_task_service_aws_sdk._SERVICE_ERROR_NAMES["s3"] = "S3"
