"""The server: moto with its mends, our CloudFormation engine, the runners and the control routes, on one loopback port."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server

from localaws import cloudformation, context, control, mends, runtime


@control.route("GET", "health")
def health(_body: dict) -> dict:
    return {"status": "ok", "endpoint": context.endpoint()}


class LocalAws:
    """One running local model. Only one can run in a process: moto's backends are the process's own."""

    def __init__(self, port: int, data: Path) -> None:
        with socket.create_server(("127.0.0.1", port)) as listening:
            self._server: BaseWSGIServer = make_server(
                "127.0.0.1", listening.getsockname()[1], _application(), threaded=True, fd=listening.fileno()
            )
        self._server.daemon_threads = True
        context.configure(self._server.port, data)
        self._thread = threading.Thread(target=self._server.serve_forever, name="http", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the children first: they may still want to answer or to log through the server."""
        runtime.shutdown()
        self._server.shutdown()
        self._thread.join(timeout=5)
        self._server.server_close()


@cache
def _application():
    """Everything that patches moto happens here, once, before the first request."""
    mends.install()
    cloudformation.install()
    runtime.install()
    moto = DomainDispatcherApplication(create_backend_app)

    def application(environ: control.Environ, start_response: control.StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith(control.PREFIX):
            return control.answer(environ, start_response)
        return moto(environ, start_response)

    return application
