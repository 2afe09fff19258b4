"""Runs one Lambda invocation: python -S python_runner.py HANDLER EVENT_FILE RESULT_FILE. Standard library only."""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
import traceback
from pathlib import Path
from typing import Any


class LambdaContext:
    def __init__(self) -> None:
        self.aws_request_id = os.environ["LOCAL_AWS_REQUEST_ID"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.invoked_function_arn = os.environ["LOCAL_AWS_FUNCTION_ARN"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self._deadline = time.monotonic() + float(os.environ["LOCAL_AWS_TIMEOUT_SECONDS"])

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._deadline - time.monotonic()) * 1000))


def event_of(text: str) -> Any:
    """CloudFormation's response URL is https; the local endpoint speaks http."""
    event = json.loads(text)
    own = ("https://localhost:", "https://127.0.0.1:")
    if isinstance(event, dict) and str(event.get("ResponseURL", "")).startswith(own):
        event["ResponseURL"] = event["ResponseURL"].replace("https://", "http://", 1)
    return event


def run(handler_name: str, event: Any) -> dict[str, Any]:
    try:
        module, function = handler_name.rsplit(".", 1)
        handler = getattr(importlib.import_module(module.replace("/", ".")), function)
        value = handler(event, LambdaContext())
        json.dumps(value)
        return {"ok": True, "value": value}
    except Exception as error:
        traceback.print_exc()
        trace = traceback.format_tb(error.__traceback__)
        return {"ok": False, "value": {"errorType": type(error).__name__, "errorMessage": str(error), "stackTrace": trace}}


def know_names() -> None:
    """Python imports this by itself in containers; with -S, as functions are run, it does not."""
    importlib.import_module("sitecustomize")


if __name__ == "__main__":
    know_names()
    sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]
    result = run(sys.argv[1], event_of(Path(sys.argv[2]).read_text()))
    sys.stdout.flush()
    Path(sys.argv[3]).write_text(json.dumps(result))
