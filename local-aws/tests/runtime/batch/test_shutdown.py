"""The end of the local model is the end of its jobs, and not the beginning of another attempt."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from runtime.waiting import eventually

SCRIPT = """
import json, os, sys, time
from pathlib import Path
from localaws.containers import images, process
from localaws.server import LocalAws
from runtime.batch.conftest import BatchApp

class Local:
    def client(self, service):
        from localaws import context
        return context.client(service, "us-east-1")

folder = Path(sys.argv[1])
server = LocalAws(0, folder)
images.map_to_folder({"image": "i:1", "directory": str(folder)})
batch = BatchApp(Local(), "i:1")
append = f"import os, time; open({str(folder / 'pids')!r}, 'a').write(f'{os.getpid()} '); time.sleep(600)"
job = batch.submit(batch.queue(), batch.definition(append), retryStrategy={"attempts": 5})
while not (folder / "pids").exists() or not (folder / "pids").read_text(): time.sleep(0.02)
print((folder / "pids").read_text(), flush=True)
END
print((folder / "pids").read_text())
"""


@pytest.mark.parametrize(
    ("end", "exit_code"),
    [("server.stop()", 0), ("os.kill(os.getpid(), 9)", -signal.SIGKILL)],
    ids=["stopped", "killed"],
)
def test_no_job_is_left_and_none_is_tried_again(tmp_path, end, exit_code):
    here = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(here), str(here.parent)])}
    told = subprocess.run(
        [sys.executable, "-c", SCRIPT.replace("END", end), str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert told.returncode == exit_code, told.stderr
    (pid,) = set(told.stdout.split())
    eventually(lambda: not _is_alive(int(pid)), "the job's process has ended")


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
