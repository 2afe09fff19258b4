"""Where moto would start a Docker container for a function, this model starts a process."""

from __future__ import annotations

import base64
import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaFunction
from moto.awslambda.responses import LambdaResponse

from localaws.errors import LocalAwsError
from localaws.functions import runtimes
from localaws.functions.invocation import Result, invoke

_log = logging.getLogger(__name__)
_asynchronous = ThreadPoolExecutor(max_workers=8, thread_name_prefix="function")
_ASYNCHRONOUS_ATTEMPTS = 3
_LOG_TAIL_BYTES = 4096
_closed = threading.Event()


def install() -> None:
    LambdaFunction.__init__ = _checked(LambdaFunction.__init__)
    LambdaFunction.get_configuration = _with_logging(LambdaFunction.get_configuration)
    LambdaFunction.update_configuration = _updated(LambdaFunction.update_configuration)
    LambdaFunction.invoke = _invoke
    LambdaResponse.invoke = _with_qualifier_of_query(LambdaResponse.invoke)


def close() -> None:
    """No asynchronous invocation is tried again after this."""
    _closed.set()


def _invoke(self: LambdaFunction, body: str | bytes, request_headers: Any, response_headers: Any) -> bytes:
    """All ways to a function of moto's end here: the API, event source mappings, S3 notifications, SNS."""
    kind = request_headers.get("x-amz-invocation-type", "RequestResponse")
    payload = body.decode() if isinstance(body, bytes) else body or "{}"
    if kind == "DryRun":
        return b""
    if kind == "Event":
        _asynchronous.submit(_invoke_until_success, self, payload)
        return b""
    result = invoke(self, payload)
    if result.failed:
        response_headers["x-amz-function-error"] = "Unhandled"
    response_headers["x-amz-log-result"] = base64.b64encode(result.log.encode()[-_LOG_TAIL_BYTES:]).decode()
    return result.payload.encode()


def _with_qualifier_of_query(original: Any) -> Any:
    """moto looks for the qualifier in the event, too, and fails where the event is no object."""

    def invoke_operation(self: LambdaResponse) -> Any:
        qualifier = self.querystring.get("Qualifier", [None])[0]
        self._get_param = lambda *_: qualifier
        return original(self)

    return invoke_operation


def _invoke_until_success(function: LambdaFunction, payload: str) -> None:
    """Lambda tries an asynchronous invocation twice more, after minutes; here at once."""
    for _ in range(_ASYNCHRONOUS_ATTEMPTS):
        if _closed.is_set():
            return
        try:
            result: Result = invoke(function, payload)
        except Exception:  # nobody waits for this thread: the log is where a failure can be seen
            _log.exception("asynchronous invocation of %s could not be made", function.function_name)
            return
        if not result.failed:
            return
        _log.warning("asynchronous invocation of %s failed: %s", function.function_name, result.payload)


def _checked(original: Any) -> Any:
    def init(self: LambdaFunction, account_id: str, spec: dict[str, Any], *positional: Any, **given: Any) -> None:
        try:
            runtimes.check(spec)
        except LocalAwsError as error:
            raise InvalidParameterValueException(str(error)) from error
        self.logging_config = spec.get("LoggingConfig")
        original(self, account_id, spec, *positional, **given)
        self.logs_group_name = (self.logging_config or {}).get("LogGroup") or self.logs_group_name

    return init


def _updated(original: Any) -> Any:
    def update(self: LambdaFunction, config_updates: dict[str, Any]) -> dict[str, Any]:
        if "LoggingConfig" in config_updates:
            self.logging_config = config_updates["LoggingConfig"]
            self.logs_group_name = self.logging_config.get("LogGroup") or f"/aws/lambda/{self.function_name}"
        return original(self, config_updates)

    return update


def _with_logging(original: Any) -> Any:
    """moto loses LoggingConfig, and with it the group that a function logs to."""

    def describe(self: LambdaFunction, on_create: bool = False) -> dict[str, Any]:
        told = original(self, on_create)
        given = json.loads(json.dumps(self.logging_config or {}))
        return {**told, "LoggingConfig": {"LogFormat": "Text", **given, "LogGroup": self.logs_group_name}}

    return describe
