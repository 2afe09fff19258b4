"""Mends of Step Functions' interpreter."""

from __future__ import annotations

import copy
import re
import sys
import uuid
from typing import Any

from botocore.model import OperationModel
from moto.core.utils import utcnow
from moto.stepfunctions.models import StateMachine
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.error_name import ErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration import iteration_worker
from moto.stepfunctions.parser.asl.component.state.exec.state_parallel import branches_decl
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import StateTaskService
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.program_state import ProgramStopped
from moto.stepfunctions.parser.asl.utils import json_path
from moto.stepfunctions.parser.backend.execution import BaseExecutionWorkerCommunication
from moto.stepfunctions.responses import StepFunctionResponse

from localaws import context
from localaws.mends import stepfunctions_errors, stepfunctions_maps, stepfunctions_redrive, stepfunctions_results


def install() -> None:
    spell_parameters_as_the_api_does()
    copy_no_executions()
    name_every_execution()
    keep_the_names_of_errors()
    leave_stopped_what_was_stopped()
    tell_why_an_execution_was_stopped()
    read_one_value_where_the_path_is_definite()
    wait_anew_in_each_try()
    stepfunctions_errors.install()
    stepfunctions_maps.install()
    stepfunctions_redrive.install()
    stepfunctions_results.install()


def spell_parameters_as_the_api_does() -> None:
    """The two hooks that turn `JobName` into `jobName` are stubs, so that batch:submitJob always fails.

    The helpers that they should call are there.
    """

    def operation(task: StateTaskService, service: str | None, action: str | None) -> OperationModel:
        client = context.client(task._get_boto_service_name(service), "us-east-1")
        method = task._get_boto_service_action(action)
        return client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method])

    def parameters(
        self: Any, parameters: dict, boto_service_name: str | None = None, service_action_name: str | None = None
    ) -> None:
        self._to_boto_request(parameters, operation(self, boto_service_name, service_action_name).input_shape)

    def response(
        self: Any, response: Any, boto_service_name: str | None = None, service_action_name: str | None = None
    ) -> None:
        self._from_boto_response(response, operation(self, boto_service_name, service_action_name).output_shape)

    StateTaskService._normalise_parameters = parameters
    StateTaskService._normalise_response = response


def copy_no_executions() -> None:
    """Each start copies the state machine deeply, with all past executions and their locks: after a Map it cannot."""
    StateMachine.__deepcopy__ = lambda self, _memo: copy.copy(self)


def name_every_execution() -> None:
    """StartExecution without a name names the execution None; AWS makes up a name."""
    original = StepFunctionResponse.start_execution

    def start_execution(self: StepFunctionResponse) -> Any:
        given = self._get_param

        def named(name: str, *default: Any, **more: Any) -> Any:
            value = given(name, *default, **more)
            return value or str(uuid.uuid4()) if name == "name" else value

        self._get_param = named  # type: ignore[method-assign]
        return original(self)

    StepFunctionResponse.start_execution = start_execution


def keep_the_names_of_errors() -> None:
    """An error `States.TaskFailed` inside a Parallel or a Map comes out as `States.Runtime`, which no Catch expects."""

    def named(error_name: str | None) -> ErrorName:
        return (
            StatesErrorName.from_name(error_name)
            if (error_name or "").startswith("States.")
            else CustomErrorName(error_name)
        )

    branches_decl.CustomErrorName = iteration_worker.CustomErrorName = named  # type: ignore[misc, assignment]


def leave_stopped_what_was_stopped() -> None:
    """An execution that is stopped within a Map ends as FAILED, since each item's end counts as an error."""
    original = Environment.set_error

    def set_error(self: Environment, error: Any) -> None:
        if not isinstance(self.program_state(), ProgramStopped):
            original(self, error)

    Environment.set_error = set_error


def tell_why_an_execution_was_stopped() -> None:
    """The error and the cause that StopExecution is given are dropped."""
    stop, reflect = StepFunctionResponse.stop_execution, BaseExecutionWorkerCommunication._reflect_execution_status

    def stop_execution(self: StepFunctionResponse) -> Any:
        arn, backend = self._get_param("executionArn"), self.stepfunction_backend
        execution = backend.describe_execution(arn)
        execution.stop(stop_date=utcnow(), error=self._get_param("error") or "", cause=self._get_param("cause") or "")
        return stop(self)

    def reflect_execution_status(self: BaseExecutionWorkerCommunication) -> None:
        reflect(self)
        state = self.execution.exec_worker.env.program_state()
        if isinstance(state, ProgramStopped):
            self.execution.error, self.execution.cause = state.error or None, state.cause or None

    StepFunctionResponse.stop_execution = stop_execution
    BaseExecutionWorkerCommunication._reflect_execution_status = reflect_execution_status


def read_one_value_where_the_path_is_definite() -> None:
    """`$[0].name` gives a list of one value, as if it had a filter; AWS gives the value. `$.name.*` gives the value of an
    object that has one only, and fails where it has none; AWS gives a list.
    """
    original = json_path.extract_json
    indefinite = re.compile(r"[*?:,]|\.\.")

    def extract_json(path: str, data: Any) -> Any:
        if path.endswith(".*"):
            return [match.value for match in json_path.parse(path).find(data)]
        found = [] if indefinite.search(path) else json_path.parse(path).find(data)
        return found[0].value if len(found) == 1 else original(path, data)

    importers = [module for name, module in sys.modules.items() if name.startswith("moto.stepfunctions.")]
    for module in importers:
        if vars(module).get("extract_json") is original:
            module.extract_json = extract_json  # type: ignore[attr-defined]


def wait_anew_in_each_try() -> None:
    """A `.sync` state that is tried again times out at once: the first try has ended the waiting of them all."""
    original = StateTaskServiceCallback._eval_integration_pattern

    def eval_integration_pattern(self: StateTaskServiceCallback, env: Environment, *positional: Any, **given: Any) -> None:
        endpoint = env.callback_pool_manager.get(env.states.context_object.context_object_data["Task"]["Token"])
        if endpoint is not None and endpoint.get_outcome() is None:
            endpoint._notify_event.clear()
        original(self, env, *positional, **given)

    StateTaskServiceCallback._eval_integration_pattern = eval_integration_pattern
