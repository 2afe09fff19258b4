"""RedriveExecution, which moto does not have: an execution goes on with what did not succeed.

Each state that ends well is put down in a journal: where it stands, its output, which state comes next. A redriven
execution runs the same definition from the beginning, but takes what the journal has instead of doing it again: at the
top, in the branches of a Parallel, in the items of a Map. A Map whose items were read from S3 keeps the items.
"""

from __future__ import annotations

import copy
from typing import Any, NamedTuple

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.stepfunctions.exceptions import AWSError
from moto.stepfunctions.parser.api import (
    ExecutionRedrivenEventDetails,
    ExecutionStatus,
    HistoryEventType,
    StateMachineType,
)
from moto.stepfunctions.parser.asl.component.state.exec.execute_state import ExecutionState, RetryOutcome
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.distributed_iteration_component import (
    DistributedIterationComponent,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.iteration_worker import IterationWorker
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.itemprocessor import (
    distributed_item_processor_worker,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_parallel.branches_decl import BranchesDecl
from moto.stepfunctions.parser.asl.component.state.state import CommonStateField
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.eval.program_state import ProgramEnded, ProgramRunning
from moto.stepfunctions.parser.backend.execution import Execution
from moto.stepfunctions.parser.backend.execution_worker import ExecutionWorker
from moto.stepfunctions.responses import StepFunctionResponse

Place = tuple[Any, ...]
_REDRIVABLE = (ExecutionStatus.FAILED, ExecutionStatus.ABORTED, ExecutionStatus.TIMED_OUT)


class Done(NamedTuple):
    output: Any
    next_state: str | None


class Redriven(ExecutionWorker):
    """Runs the definition again, with the journal and the history of the run before."""

    def __init__(self, previous: Environment, count: int, worker: ExecutionWorker) -> None:
        self.__dict__.update(worker.__dict__)
        self._previous, self._count = previous, count

    def _execution_logic(self) -> None:
        program, env = self._get_evaluation_entrypoint(), self._get_evaluation_environment()
        env.journal, env.event_manager = self._previous.journal, self._previous.event_manager
        execution = env.states.context_object.context_object_data["Execution"]
        execution.update(RedriveCount=self._count, RedriveTime=utcnow().isoformat(timespec="milliseconds") + "Z")
        self.env = env
        env.event_manager.add_event(
            context=env.event_history_context,
            event_type=HistoryEventType.ExecutionRedriven,
            event_details=EventDetails(
                executionRedrivenEventDetails=ExecutionRedrivenEventDetails(redriveCount=self._count)
            ),
            update_source_event_id=False,
        )
        program.eval(env)
        self._execution_communication.terminated()


class ExecutionNotRedrivable(AWSError):
    TYPE, STATUS = "ExecutionNotRedrivable", 400


def install() -> None:
    give_each_state_a_place()
    keep_what_is_done()
    keep_the_items_of_a_map()
    begin_anew_on_a_retry()
    count_redrives_in_the_context()
    serve()


def give_each_state_a_place() -> None:
    """The place of a frame: the states that it lies in, with the number of the branch or of the item."""
    frame_of = Environment.as_inner_frame_of.__func__
    Environment.path, Environment.steps, Environment.branches = (), 0, 0
    make = Environment.__init__

    def initialise(self: Environment, *positional: Any, **given: Any) -> None:
        make(self, *positional, **given)
        self.journal = {}

    def as_inner_frame_of(cls: Any, env: Environment, *positional: Any, **given: Any) -> Environment:
        frame = frame_of(cls, env, *positional, **given)
        frame.journal, frame.path = env.journal, (*env.path, env.steps, env.branches)
        env.branches += 1
        return frame

    evaluate_branches = BranchesDecl._eval_body

    def eval_branches(self: BranchesDecl, env: Environment) -> None:
        env.branches = 0
        evaluate_branches(self, env)

    Environment.__init__ = initialise
    Environment.as_inner_frame_of = classmethod(as_inner_frame_of)
    BranchesDecl._eval_body = eval_branches
    for worker in (IterationWorker, distributed_item_processor_worker.DistributedItemProcessorWorker):
        _place_items(worker)


def _place_items(worker: Any) -> None:
    evaluate = worker._eval_job

    def eval_job(self: IterationWorker, env: Environment, job: Any) -> None:
        env.path = (*self._env.path, self._env.steps, job.job_index)
        evaluate(self, env, job)

    worker._eval_job = eval_job


def keep_what_is_done() -> None:
    evaluate = CommonStateField.eval

    def eval_state(self: CommonStateField, env: Environment) -> None:
        if not env.is_running():
            return
        env.steps += 1
        place = (*env.path, env.steps, self.name)
        done = env.journal.get(place)
        if done:
            env.states.reset(input_value=copy.deepcopy(done.output))
            if done.next_state is None:
                env.set_ended()
            else:
                env.next_state_name = done.next_state
            return
        evaluate(self, env)
        state = env.program_state()
        if isinstance(state, (ProgramRunning, ProgramEnded)):
            following = state.next_state_name if isinstance(state, ProgramRunning) else None
            env.journal[place] = Done(copy.deepcopy(env.states.get_input()), following)

    CommonStateField.eval = eval_state


def keep_the_items_of_a_map() -> None:
    """A map run is redriven with the items that it had, whatever lies in the bucket now."""
    run = DistributedIterationComponent._map_run

    def map_run(self: DistributedIterationComponent, env: Environment, eval_input: Any) -> None:
        place = (*env.path, env.steps, "items")
        env.journal.setdefault(place, Done(copy.deepcopy(env.stack[-1]), None))
        env.stack[-1] = copy.deepcopy(env.journal[place].output)
        run(self, env, eval_input)

    DistributedIterationComponent._map_run = map_run


def begin_anew_on_a_retry() -> None:
    """A Parallel or Map that its own `Retry` runs again does all of it again."""
    handle = ExecutionState._handle_retry

    def handle_retry(self: ExecutionState, env: Environment, failure_event: Any) -> RetryOutcome:
        outcome = handle(self, env, failure_event)
        if outcome == RetryOutcome.CanRetry:
            here = (*env.path, env.steps)
            for place in [known for known in list(env.journal) if known[: len(here)] == here]:
                del env.journal[place]
        return outcome

    ExecutionState._handle_retry = handle_retry


def count_redrives_in_the_context() -> None:
    """The context object of AWS tells how often an execution was redriven, 0 at first. A Choice that failed is evaluated again."""
    make = ExecutionWorker._get_evaluation_environment

    def environment(self: ExecutionWorker) -> Environment:
        env = make(self)
        env.states.context_object.context_object_data["Execution"]["RedriveCount"] = 0
        return env

    ExecutionWorker._get_evaluation_environment = environment


def serve() -> None:
    describe = StepFunctionResponse.describe_execution

    def redrive_execution(self: StepFunctionResponse) -> ActionResult:
        execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
        return ActionResult({"redriveDate": redrive(execution)})

    def describe_execution(self: StepFunctionResponse) -> ActionResult:
        execution, described = self.stepfunction_backend.describe_execution(self._get_param("executionArn")), describe(self)
        described.result.update(_redrive_fields(execution))
        return described

    StepFunctionResponse.redrive_execution = redrive_execution
    StepFunctionResponse.describe_execution = describe_execution


def redrive(execution: Execution) -> Any:
    if execution.sm_type != StateMachineType.STANDARD:
        raise ExecutionNotRedrivable("Only executions of STANDARD state machines can be redriven")
    if execution.exec_status not in _REDRIVABLE:
        raise ExecutionNotRedrivable(f"Execution is {execution.status} and cannot be redriven")
    previous = execution.exec_worker.env
    execution.redrive_count, execution.redrive_date = getattr(execution, "redrive_count", 0) + 1, utcnow()
    execution.stop_date = execution.error = execution.cause = execution.exec_worker = None
    # `start` publishes the event that the execution runs, and asks for a worker.
    execution._get_start_execution_worker = lambda: Redriven(
        previous, execution.redrive_count, type(execution)._get_start_execution_worker(execution)
    )
    execution.start()
    return execution.redrive_date


def _redrive_fields(execution: Execution) -> dict[str, Any]:
    count = getattr(execution, "redrive_count", 0)
    redrivable = execution.sm_type == StateMachineType.STANDARD and execution.exec_status in _REDRIVABLE
    fields = {"redriveCount": count, "redriveStatus": "REDRIVABLE" if redrivable else "NOT_REDRIVABLE"}
    return {**fields, "redriveDate": execution.redrive_date} if count else fields
