"""Mends of distributed Maps: what they read, and how many of their items may fail."""

from __future__ import annotations

import re
import uuid
from typing import Any

from moto.stepfunctions.parser.api import HistoryEventType, MapRunFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent, FailureEventException
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import StatesErrorNameType
from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader.eval.resource_eval_s3 import ResourceEvalS3
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.itemprocessor import (
    distributed_item_processor_worker,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.state_map import StateMap
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser

Worker = distributed_item_processor_worker.DistributedItemProcessorWorker


def install() -> None:
    read_all_objects()
    read_whole_percentages()
    name_child_executions()
    end_with_the_tolerance()
    work_without_recursion()
    take_the_other_items_along()


def read_all_objects() -> None:
    """ListObjectsV2 gives the first thousand objects only, and fails where there are none."""

    def list_objects(env: Environment, resource_runtime_part: Any, state_credentials: Any) -> None:
        client = ResourceEvalS3._get_s3_client(
            resource_runtime_part=resource_runtime_part, state_credentials=state_credentials
        )
        pages = client.get_paginator("list_objects_v2").paginate(**env.stack.pop())
        env.stack.append([_item(found) for page in pages for found in page.get("Contents", [])])

    ResourceEvalS3._handle_list_objects_v2 = staticmethod(list_objects)


def _item(found: dict[str, Any]) -> dict[str, Any]:
    """An object as an item, which is JSON: the time in seconds, and only what AWS tells of it."""
    kept = {"Etag": found["ETag"], "Key": found["Key"], "LastModified": int(found["LastModified"].timestamp())}
    return {**kept, "Size": found["Size"], "StorageClass": found.get("StorageClass", "STANDARD")}


def read_whole_percentages() -> None:
    """The grammar takes `25.0` as a percentage and not `25`."""
    parse = AmazonStateLanguageParser.parse
    whole = re.compile(r'("ToleratedFailurePercentage"\s*:\s*\d+)(?=\s*[,}])')
    AmazonStateLanguageParser.parse = staticmethod(lambda definition: parse(whole.sub(r"\1.0", definition)))


def name_child_executions() -> None:
    """An item of a distributed Map is an execution of its own: `$$.Execution.Name` in it is not the parent's."""
    evaluate = Worker._eval_input

    def eval_input(self: Any, env_frame: Environment) -> None:
        evaluate(self, env_frame)
        context, name = env_frame.states.context_object.context_object_data, str(uuid.uuid4())
        parent = context["Execution"]
        context["Execution"] = {**parent, "Name": name, "Id": f"{parent['Id']}/{self._work_name}:{name}"}

    Worker._eval_input = eval_input


def end_with_the_tolerance() -> None:
    """Failed items are counted and never held against the tolerance: a Map of which all items fail succeeds."""
    evaluate = Worker._eval_job

    def eval_job(self: Any, env: Environment, job: Any) -> None:
        evaluate(self, env, job)
        record = self._map_run_record
        failed = sum(getattr(record.item_counter, how).get() for how in ("failed", "timed_out", "aborted"))
        if failed and _exceeded(record, failed, self._job_pool._jobs_number):
            job.job_output = _failure(env, failed)

    Worker._eval_job = eval_job


def _exceeded(record: Any, failed: int, items: int) -> bool:
    """Whichever tolerance is given; where both are, either. Without one, no item may fail."""
    count, percentage = record.tolerated_failure_count, record.tolerated_failure_percentage
    if not count and not percentage:
        return True
    return bool(count and failed > count) or bool(percentage and failed * 100 > percentage * items)


def _failure(env: Environment, failed: int) -> FailureEventException:
    error = StatesErrorName(typ=StatesErrorNameType.StatesExceedToleratedFailureThreshold)
    cause = f"The specified tolerated failure threshold was exceeded: {failed} items failed"
    details = MapRunFailedEventDetails(error=error.error_name, cause=cause)
    return FailureEventException(
        FailureEvent(
            env=env,
            error_name=error,
            event_type=HistoryEventType.MapRunFailed,
            event_details=EventDetails(mapRunFailedEventDetails=details),
        )
    )


def work_without_recursion() -> None:
    """A worker calls itself for each further item, and ends in a RecursionError after some hundred."""

    def work(self: Any) -> None:
        while (job := self._job_pool.next_job()) is not None:
            frame = self._env.open_inner_frame()
            self._eval_job(env=frame, job=job)
            self._env.delete_frame(frame)
            self._job_pool.close_job(job)

    Worker.eval = work


def take_the_other_items_along() -> None:
    """When an item fails its Map, the others are aborted."""
    evaluate = StateMap._eval_execution

    def eval_execution(self: StateMap, env: Environment) -> None:
        try:
            evaluate(self, env)
        except Exception:
            for frame in list(env._frames):
                frame.set_stop(stop_date=None, cause=None, error=None)
                env.delete_frame(frame)
            raise

    StateMap._eval_execution = eval_execution
