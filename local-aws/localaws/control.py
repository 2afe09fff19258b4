"""The control routes below `/_local/`: what a harness may ask of the local model that no AWS API offers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from localaws.errors import LocalAwsError

PREFIX = "/_local/"

Handler = Callable[[dict[str, Any]], object]
Environ = dict[str, Any]
StartResponse = Callable[[str, list[tuple[str, str]]], object]

_routes: dict[tuple[str, str], Handler] = {}
_prefixes: dict[tuple[str, str], Callable[[str, dict[str, Any]], object]] = {}


def route(method: str, name: str) -> Callable[[Handler], Handler]:
    """Registers the decorated function, which takes the request's JSON body, as `method /_local/name`."""

    def register(handler: Handler) -> Handler:
        _routes[method, name] = handler
        return handler

    return register


def prefixed(method: str, name: str) -> Callable[[Any], Any]:
    """Registers the decorated function for everything below `method /_local/name/`; it takes the rest of the path first."""

    def register(handler: Any) -> Any:
        _prefixes[method, name] = handler
        return handler

    return register


def answer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """The WSGI side: finds the handler, hands it the body, and writes what it returns as JSON."""
    name = environ["PATH_INFO"][len(PREFIX) :]
    handler = _routes.get((environ["REQUEST_METHOD"], name)) or _below(environ["REQUEST_METHOD"], name)
    if handler is None:
        return _write(start_response, "404 Not Found", {"error": f"no control route {environ['REQUEST_METHOD']} {name}"})
    try:
        return _write(start_response, "200 OK", handler(_body(environ)))
    except (LocalAwsError, ValueError) as error:
        return _write(start_response, "400 Bad Request", {"error": str(error)})


def _below(method: str, name: str) -> Handler | None:
    first, _, rest = name.partition("/")
    handler = _prefixes.get((method, first))
    return None if handler is None else lambda body: handler(rest, body)


def _body(environ: Environ) -> dict[str, Any]:
    raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    return json.loads(raw) if raw else {}


def _write(start_response: StartResponse, status: str, value: object) -> Iterable[bytes]:
    start_response(status, [("Content-Type", "application/json")])
    return [json.dumps(value).encode()]
