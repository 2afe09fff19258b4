"""The command: `python -m localaws --port 0 --data DIR [--until-stdin-closes]`."""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
import threading
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

BUSY_PORT = 3
"""The exit code for a port that somebody else listens on: a harness tells it from a crash."""


def main() -> int:
    options = _options()
    _log_to(options.data)
    from localaws import context  # imported late: it takes a second, and a wrong option should not

    context.forget_real_credentials()
    from localaws.server import LocalAws

    try:
        server = LocalAws(options.port, options.data)
    except OSError:
        print(f"port {options.port} is in use: choose another one, or --port 0 for any free port", file=sys.stderr)
        return BUSY_PORT
    stop = _stop_requested(options.until_stdin_closes)
    print(json.dumps({"ready": True, "endpoint": context.endpoint(), "pid": os.getpid()}), flush=True)
    with open(options.data / "server.log", "a", buffering=1) as log, redirect_stdout(log), redirect_stderr(log):
        stop.wait()  # what moto prints now and then must not reach the reader of the ready line
    server.stop()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="localaws", description="A local model of AWS, on loopback only.")
    parser.add_argument("--port", type=int, default=0, help="the port to listen on; 0, the default, takes any free one")
    parser.add_argument("--data", type=Path, required=True, help="the folder for the log and for what containers need")
    parser.add_argument("--until-stdin-closes", action="store_true", help="stop when the parent ends or closes our stdin")
    return parser.parse_args()


def _log_to(data: Path) -> None:
    data.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(
        filename=data / "server.log",
        level=logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    logging.getLogger("botocore").setLevel(logging.WARNING)


def _stop_requested(until_stdin_closes: bool) -> threading.Event:
    """An event that is set by SIGTERM, by SIGINT and, where asked for, by the end of our standard input."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if until_stdin_closes:

        def drain() -> None:
            while os.read(0, 4096):
                pass
            stop.set()

        threading.Thread(target=drain, name="stdin", daemon=True).start()
    return stop


if __name__ == "__main__":
    code = main()
    logging.shutdown()
    os._exit(code)  # threads of requests in flight must not hold the process back
