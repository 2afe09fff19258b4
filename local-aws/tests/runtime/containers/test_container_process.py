"""Containers as processes: what they see, how they end, and that nothing of them is left."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from localaws.containers import images, process
from localaws.containers.images import Image
from localaws.containers.process import ContainerSpec
from localaws.errors import LocalAwsError, NotModelled
from runtime.waiting import eventually

WAITS = "import time; time.sleep(600)"


class Lines:
    """Stands where a log sink stands."""

    def __init__(self) -> None:
        self.written: list[str] = []

    def write(self, line: str) -> None:
        self.written.append(line)

    def close(self) -> None:
        pass


def started(tmp_path: Path, script: str, log: Lines | None = None, **given) -> process.ContainerProcess:
    image = Image("test", tmp_path, **given.pop("of_image", {}))
    return process.start(ContainerSpec("main", image, entrypoint=[sys.executable, "-c", script], log=log, **given))


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_environment_holds_the_images_and_the_given_one_and_nothing_of_the_server(local_aws, tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_OF_THE_SERVER", "x")
    log = Lines()
    script = "import os; print(sorted(set(os.environ) - {'LC_CTYPE', '__CF_USER_TEXT_ENCODING'})); print(os.environ['A'])"
    started(tmp_path, script, log, environment={"A": "given"}, of_image={"environment": {"A": "image", "B": "1"}}).wait(20)
    assert log.written == [str(sorted(["A", "B", "HOME", "LANG", "PATH", "TMPDIR"])), "given"]


def test_paths_of_the_image_are_those_of_its_root(local_aws, tmp_path):
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "main.py").write_text("import os, sys; print(os.getcwd(), sys.argv[1])")
    log = Lines()
    image = Image("test", tmp_path, workdir="/app", entrypoint=[sys.executable, "/app/main.py"], command=["/etc/other"])
    process.start(ContainerSpec("main", image, log=log)).wait(20)
    assert log.written == [f"{(tmp_path / 'app').resolve()} /etc/other"]


def test_a_given_entrypoint_drops_the_images_command(local_aws, tmp_path):
    log = Lines()
    started(tmp_path, "import sys; print(sys.argv[1:])", log, of_image={"command": ["dropped"]}).wait(20)
    assert log.written == ["[]"]


def test_exit_codes(local_aws, tmp_path):
    assert started(tmp_path, "raise SystemExit(3)").wait(20) == 3
    assert started(tmp_path, "import os; os.kill(os.getpid(), 15)").wait(20) == 143


def test_stop_lets_a_process_end_itself_and_kills_one_that_does_not(local_aws, tmp_path):
    log = Lines()
    handles = "import signal, sys, time; signal.signal(15, lambda *_: sys.exit(0)); print('up', flush=True); time.sleep(600)"
    gentle = started(tmp_path, handles, log)
    eventually(lambda: log.written, "the process is up")
    gentle.stop(20)
    assert gentle.exit_code == 0
    stubborn = started(tmp_path, handles.replace("lambda *_: sys.exit(0)", "signal.SIG_IGN"), log)
    eventually(lambda: len(log.written) == 2, "the other process is up")
    stubborn.stop(0.1)
    assert stubborn.exit_code == 137


def test_children_of_a_container_end_with_it(local_aws, tmp_path):
    log = Lines()
    script = f"import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', {WAITS!r}]).pid, flush=True)"
    assert started(tmp_path, script, log).wait(20) == 0
    eventually(lambda: not is_alive(int(log.written[0])), "the child of the container has ended")


def test_a_program_that_is_not_there_cannot_start(local_aws, tmp_path):
    with pytest.raises(LocalAwsError, match='CannotStartContainerError: exec: "no-such-program"'):
        process.start(ContainerSpec("main", Image("test", tmp_path, command=["no-such-program"])))
    with pytest.raises(LocalAwsError, match="no command specified"):
        process.start(ContainerSpec("main", Image("test", tmp_path)))


def test_an_image_that_nobody_built_or_mapped_is_named(local_aws):
    with pytest.raises(NotModelled, match="image registry.example/none:1 is not known to the local AWS"):
        images.find("registry.example/none:1")


def test_a_mapped_image_is_found_with_and_without_its_default_tag(local_aws, tmp_path):
    images.map_to_folder({"image": "registry.example/mapped", "directory": str(tmp_path), "command": ["true"]})
    assert images.find("registry.example/mapped:latest").root == tmp_path
    with pytest.raises(LocalAwsError, match="absolute path of an existing folder"):
        images.map_to_folder({"image": "x", "directory": "relative"})
