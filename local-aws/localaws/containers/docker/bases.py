"""FROM: the bases that can be run as local processes are those whose program this machine has, Node.js and Python."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from localaws.containers.docker.dockerfile import Instruction

_OFFICIAL = re.compile(
    r"(?:public\.ecr\.aws/docker/library/|docker\.io/library/|docker\.io/|library/)?"
    r"(node|python)(?::([\w.-]+))?(?:@sha256:\w+)?\Z"
)


@dataclass(frozen=True)
class Base:
    name: str
    language: str
    wanted: str | None
    machine: str
    """The version on this machine, which runs in place of the wanted one."""

    @property
    def command(self) -> list[str]:
        return ["node"] if self.language == "node" else ["python3"]

    @property
    def note(self) -> str | None:
        """Where the Dockerfile asks for another version than the machine has: told, not hidden."""
        version = re.match(r"\d+(\.\d+)*", self.wanted or "")
        if version is None or f"{self.machine}.".startswith(f"{version.group()}."):
            return None
        return f"note: {self.name} runs with this machine's {self.language} {self.machine}"

    def lay(self, root: Path) -> None:
        """Puts the language where its official image has it, /usr/local."""
        if self.language == "python":
            _lay_python(root / "usr" / "local")
        else:
            binaries = root / "usr" / "local" / "bin"
            binaries.mkdir(parents=True)
            (binaries / "node").symlink_to(str(shutil.which("node")))
        (root / "tmp").mkdir()


def base_of(instruction: Instruction, name: str) -> Base:
    match = _OFFICIAL.match(name)
    if not match:
        raise instruction.refused("the local AWS runs images based on the official node and python images only")
    language, wanted = match.groups()
    if language == "python":
        return Base(name, language, wanted, platform.python_version())
    if shutil.which("node") is None:
        raise instruction.refused("this machine has no node to run the image with")
    return Base(name, language, wanted, _node_version())


def _lay_python(prefix: Path) -> None:
    """A virtual environment: of the machine's Python an image sees the standard library and not one installed package."""
    interpreter = getattr(sys, "_base_executable", sys.executable)
    if interpreter == sys.executable:
        venv.EnvBuilder(symlinks=True).create(prefix)
    else:
        subprocess.run(
            [interpreter, "-m", "venv", "--symlinks", "--without-pip", str(prefix)], check=True, stdout=sys.stderr
        )
    for script in (prefix / "bin").glob("[Aa]ctivate*"):
        os.unlink(script)


@cache
def _node_version() -> str:
    return subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip().lstrip("v")
