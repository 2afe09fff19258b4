"""The command's contract with whoever starts it: one line, one port, one clean end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from localaws import control
from localaws.errors import NotModelled

ROOT = Path(__file__).parent.parent
LONGEST_START = 30


class Started:
    def __init__(self, data: Path, *options: str, stdin: Any = subprocess.DEVNULL, **environment: str) -> None:
        self.data = data
        self.process = subprocess.Popen(
            [sys.executable, "-m", "localaws", "--data", str(data), *options],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def ready(self) -> dict[str, Any]:
        return json.loads(self.process.stdout.readline())

    def rest(self) -> str:
        """What it printed after the ready line, up to its end."""
        return self.process.communicate(timeout=LONGEST_START)[0]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Any]:
    started: list[Started] = []

    def run(*options: str, **more: Any) -> Started:
        started.append(Started(tmp_path, *options, **more))
        return started[-1]

    yield run
    for one in started:
        if one.process.poll() is None:
            os.killpg(one.process.pid, signal.SIGKILL)
        one.process.wait(timeout=LONGEST_START)
        for stream in (one.process.stdout, one.process.stderr):
            stream.close()


def _get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return json.load(answer)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_one_ready_line_and_a_clean_end_on_a_signal(start: Any, number: int) -> None:
    server = start("--port", "0")
    ready = server.ready()
    assert ready == {"ready": True, "endpoint": ready["endpoint"], "pid": server.process.pid}
    assert _get(f"{ready['endpoint']}/_local/health") == {"status": "ok", "endpoint": ready["endpoint"]}
    server.process.send_signal(number)
    assert server.rest() == ""
    assert server.process.returncode == 0
    assert (server.data / "server.log").exists()


def test_ends_when_its_parent_closes_stdin(start: Any) -> None:
    server = start("--port", "0", "--until-stdin-closes", stdin=subprocess.PIPE)
    server.ready()
    server.process.stdin.close()
    assert server.process.wait(timeout=LONGEST_START) == 0


def test_stays_when_stdin_is_closed_and_nobody_asked_to_watch_it(start: Any) -> None:
    server = start("--port", "0")
    endpoint = server.ready()["endpoint"]
    assert _get(f"{endpoint}/_local/health")["status"] == "ok"
    assert server.process.poll() is None


def test_the_credentials_of_whoever_starts_it_are_never_looked_for(start: Any) -> None:
    """A profile that nobody has makes every client fail that looks for it."""
    server = start("--port", "0", AWS_PROFILE="nobody", AWS_ENDPOINT_URL="http://127.0.0.1:9")
    key = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
    client = boto3.client("cloudformation", endpoint_url=server.ready()["endpoint"], region_name="us-east-1", **key)
    client.create_stack(StackName="one", TemplateBody='{"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}')
    assert client.describe_stacks(StackName="one")["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"


def test_a_busy_port_is_one_sentence_and_exit_code_3(start: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server = start("--port", str(port))
        out, error = server.process.communicate(timeout=LONGEST_START)
    assert (server.process.returncode, out) == (3, "")
    assert error == f"port {port} is in use: choose another one, or --port 0 for any free port\n"


def test_listens_on_the_loopback_address_alone(start: Any) -> None:
    port = int(start("--port", "0").ready()["endpoint"].rsplit(":", 1)[1])
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.2", port), timeout=2)  # answers wherever a server binds all addresses
    socket.create_connection(("127.0.0.1", port), timeout=2).close()


def test_prints_nothing_but_the_ready_line_whatever_is_asked(start: Any) -> None:
    server = start("--port", "0")
    endpoint = server.ready()["endpoint"]
    request = urllib.request.Request(
        f"{endpoint}/", headers={"Authorization": "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/nosuch/aws4_request, x"}
    )
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(request, timeout=10)
    server.process.terminate()
    assert server.rest() == ""


def test_control_routes_answer_json_and_refusals(local_aws: Any) -> None:
    @control.route("POST", "test-echo")
    def _echo(body: dict) -> dict:
        if "refuse" in body:
            raise NotModelled("this is not modelled")
        return {"heard": body}

    def post(body: dict) -> tuple[int, Any]:
        request = urllib.request.Request(f"{local_aws.endpoint}/_local/test-echo", json.dumps(body).encode(), method="POST")
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    assert post({"a": 1}) == (200, {"heard": {"a": 1}})
    assert post({"refuse": 1}) == (400, {"error": "this is not modelled"})


def test_an_unknown_control_route_is_not_found(local_aws: Any) -> None:
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(f"{local_aws.endpoint}/_local/no-such", timeout=10)
    assert (error.value.code, json.load(error.value)) == (404, {"error": "no control route GET no-such"})
