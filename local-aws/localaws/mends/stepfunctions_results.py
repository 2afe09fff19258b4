"""What a Parallel or a Map results in: at most 256 KiB, or files in S3."""

from __future__ import annotations

import json
from typing import Any

from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.distributed_iteration_component import (
    DistributedIterationComponent,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.iteration.itemprocessor import (
    distributed_item_processor_worker,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.result_writer.resource_eval.resource_eval_s3 import (
    ResourceEvalS3,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.state_map import StateMap
from moto.stepfunctions.parser.asl.component.state.exec.state_parallel.state_parallel import StateParallel
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.program_state import ProgramError

Worker = distributed_item_processor_worker.DistributedItemProcessorWorker


def install() -> None:
    hold_results_to_their_limit()
    remember_what_became_of_items()
    write_what_became_of_items()


def hold_results_to_their_limit() -> None:
    """The limit is checked for what a state hands on, and not for its result, which ResultPath may discard."""

    for state in (StateMap, StateParallel):
        _hold(state)


def _hold(state: Any) -> None:
    evaluate = state._eval_execution

    def eval_execution(self: Any, env: Environment) -> None:
        evaluate(self, env)
        self._verify_size_quota(env, env.stack[-1])

    state._eval_execution = eval_execution


def remember_what_became_of_items() -> None:
    """A worker keeps the output of an item, and nothing of one that has failed."""
    evaluate, select, run = Worker._eval_job, Worker._eval_input, DistributedIterationComponent._eval_body

    def eval_input(self: Any, env_frame: Environment) -> None:
        select(self, env_frame)
        env_frame.item_input = json.dumps(env_frame.states.get_input())

    def eval_job(self: Any, env: Environment, job: Any) -> None:
        evaluate(self, env, job)
        execution, state = env.states.context_object.context_object_data["Execution"], env.program_state()
        told = {"ExecutionArn": execution["Id"], "Name": execution["Name"], "Input": getattr(env, "item_input", None)}
        if isinstance(state, ProgramError):
            failure: Any = state.error or {}
            told |= {"Status": "FAILED", "Error": failure.get("error"), "Cause": failure.get("cause")}
        else:
            told |= {"Status": "SUCCEEDED", "Output": json.dumps(env.states.get_input())}
        self._map_run_record.items.append((job.job_index, told))

    def eval_body(self: DistributedIterationComponent, env: Environment) -> None:
        env.map_run_record = env.stack[-1].map_run_record
        env.map_run_record.items = []
        run(self, env)

    Worker._eval_input, Worker._eval_job = eval_input, eval_job
    DistributedIterationComponent._eval_body = eval_body


def write_what_became_of_items() -> None:
    """A ResultWriter writes a manifest that names no files, of whichever map run began last."""

    def put_object(env: Environment, resource_runtime_part: Any, state_credentials: Any) -> None:
        target = env.stack.pop()
        env.stack.pop()
        record = env.map_run_record
        prefix = target.get("Prefix", "").rstrip("/")
        folder = f"{prefix}/{record.map_run_arn.split(':')[-1]}".lstrip("/")
        client = ResourceEvalS3._get_s3_client(resource_runtime_part=resource_runtime_part, state_credentials=state_credentials)

        def put(name: str, content: Any) -> dict[str, Any]:
            body = json.dumps(content).encode()
            client.put_object(Bucket=target["Bucket"], Key=f"{folder}/{name}", Body=body)
            return {"Key": f"{folder}/{name}", "Size": len(body)}

        files: dict[str, list[dict[str, Any]]] = {"FAILED": [], "PENDING": [], "SUCCEEDED": []}
        for status in ("FAILED", "SUCCEEDED"):
            items = [told for _, told in sorted(record.items, key=lambda item: item[0]) if told["Status"] == status]
            if items:
                files[status].append(put(f"{status}_0.json", items))
        manifest = {"DestinationBucket": target["Bucket"], "MapRunArn": record.map_run_arn, "ResultFiles": files}
        details = {"Bucket": target["Bucket"], "Key": put("manifest.json", manifest)["Key"]}
        env.stack.append({"MapRunArn": record.map_run_arn, "ResultWriterDetails": details})

    ResourceEvalS3._handle_put_object = staticmethod(put_object)
