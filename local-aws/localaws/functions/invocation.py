"""One invocation of a function: one process, its event, its result or error, its log lines."""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from tempfile import TemporaryDirectory

from moto.awslambda.models import LambdaFunction

from localaws import context
from localaws.containers import process
from localaws.containers.images import Image
from localaws.containers.logs import LogSink
from localaws.containers.process import ContainerSpec
from localaws.errors import LocalAwsError
from localaws.functions import code, runtimes
from localaws.serviceconnect import hooks

_KILL_GRACE_SECONDS = 0.0


@dataclass(frozen=True)
class Result:
    payload: str
    failed: bool
    log: str


class _Log(LogSink):
    """Also keeps the lines for the caller who asked for the tail of the log."""

    def __init__(self, region: str, group: str, stream: str) -> None:
        super().__init__(region, group, stream, create_group=True)
        self.lines: list[str] = []

    def write(self, line: str) -> None:
        self.lines = [*self.lines[-200:], line]
        super().write(line)


def invoke(function: LambdaFunction, event: str) -> Result:
    request_id = str(uuid.uuid4())
    stream = f"{datetime.now(timezone.utc):%Y/%m/%d}/[{function.version}]{uuid.uuid4().hex}"
    log = _Log(function.region, function.logs_group_name, stream)
    log.write(f"START RequestId: {request_id} Version: {function.version}")
    began = time.monotonic()
    with TemporaryDirectory(dir=context.data_dir("functions"), prefix="invocation-") as folder:
        try:
            payload, failed = _run(function, event, request_id, log, Path(folder))
        except (LocalAwsError, OSError) as error:
            payload, failed = _error("Runtime.InvalidEntrypoint", f"RequestId: {request_id} Error: {error}"), True
    log.write(f"END RequestId: {request_id}")
    log.write(f"REPORT RequestId: {request_id}\tDuration: {(time.monotonic() - began) * 1000:.2f} ms")
    log.flush()
    return Result(payload, failed, "\n".join(log.lines))


def _run(function: LambdaFunction, event: str, request_id: str, log: _Log, folder: Path) -> tuple[str, bool]:
    event_file, result_file = folder / "event.json", folder / "result.json"
    event_file.write_text(event)
    image = Image(function.function_name, code.folder_of(function))
    child = process.start(
        ContainerSpec(
            name=function.function_name,
            image=image,
            environment=_environment(function, image.root, request_id, log),
            entrypoint=runtimes.command(function.run_time),
            command=[function.handler, str(event_file), str(result_file)],
            log=log,
        )
    )
    exit_code = child.wait(float(function.timeout))
    if exit_code is None:
        child.stop(_KILL_GRACE_SECONDS)
        seconds = f"{float(function.timeout):.2f}"
        log.write(f"{request_id} Task timed out after {seconds} seconds")
        return _error("Sandbox.Timedout", f"RequestId: {request_id} Error: Task timed out after {seconds} seconds"), True
    if not result_file.exists():
        why = f"RequestId: {request_id} Error: Runtime exited with error: exit status {exit_code}"
        return _error("Runtime.ExitError", why), True
    result = json.loads(result_file.read_text())
    return json.dumps(result["value"]), not result["ok"]


def _environment(function: LambdaFunction, root: Path, request_id: str, log: _Log) -> dict[str, str]:
    environment = {
        **context.credentials_environment(function.region),
        **runtimes.environment(function.run_time),
        **{name: str(value) for name, value in (function.environment_vars or {}).items()},
        "_HANDLER": function.handler,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.run_time}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_size),
        "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
        "AWS_LAMBDA_FUNCTION_VERSION": str(function.version),
        "AWS_LAMBDA_LOG_GROUP_NAME": log.group,
        "AWS_LAMBDA_LOG_STREAM_NAME": log.stream,
        "LAMBDA_TASK_ROOT": str(root),
        "LOCAL_AWS_FUNCTION_ARN": function.function_arn,
        "LOCAL_AWS_REQUEST_ID": request_id,
        "LOCAL_AWS_TIMEOUT_SECONDS": str(function.timeout),
    }
    hooks.add(environment, {}, names={})  # load balancers have names in DNS; Service Connect serves no functions
    return environment


def _error(kind: str, message: str) -> str:
    return json.dumps({"errorType": kind, "errorMessage": message})
