"""The end of the server is the end of all tasks, and soon."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import boto3
import pytest
import requests
from runtime.applications import Platform
from runtime.waiting import eventually

STUBBORN = "process.on('SIGTERM', () => {}); require('http').createServer((_, r) => r.end('here')).listen(process.env.PORT, '127.0.0.1');"
LOCAL_AWS = Path(__file__).parents[3]


class Elsewhere:
    """A local model in a process of its own."""

    def __init__(self, data: Path) -> None:
        command = [sys.executable, "-m", "localaws", "--port", "0", "--data", str(data), "--until-stdin-closes"]
        self.process = subprocess.Popen(command, cwd=LOCAL_AWS, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        self.endpoint = json.loads(self.process.stdout.readline())["endpoint"]

    def client(self, service: str):
        keys = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
        return boto3.client(service, region_name="us-east-1", endpoint_url=self.endpoint, **keys)


@pytest.mark.parametrize("how", ["SIGTERM", "end of stdin"])
def test_the_end_of_the_server_ends_tasks_that_do_not_want_to_end(tmp_path: Path, how: str) -> None:
    server = Elsewhere(tmp_path / "data")
    try:
        platform = Platform(server, tmp_path)
        directory = tmp_path / "image"
        directory.mkdir()
        (directory / "main.js").write_text(STUBBORN)
        mapped = {"image": "stubborn:1", "directory": str(directory), "command": ["node", "main.js"]}
        requests.post(f"{server.endpoint}/_local/images", json=mapped, timeout=10).raise_for_status()
        container = {"name": "web", "image": "stubborn:1", "portMappings": [{"containerPort": 8080}]}
        platform.service(platform.task_definition(container), 3)

        def answering() -> list[dict]:
            tasks = requests.get(f"{server.endpoint}/_local/tasks", timeout=10).json()
            return tasks if len(tasks) == 3 else []

        eventually(answering, "three tasks run")
        pids = [task["pid"] for task in answering()]
        began = time.monotonic()
        if how == "SIGTERM":
            server.process.terminate()
        else:
            server.process.stdin.close()
        assert server.process.wait(10) == 0
        assert time.monotonic() - began < 5
        for pid in pids:
            with pytest.raises(ProcessLookupError):
                os.kill(pid, 0)
    finally:
        server.process.kill()
        server.process.wait(10)
