"""RUN: the installation of what a lock file pins, with the machine's own npm and pip. No other command is run."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

from localaws.containers.docker.dockerfile import Instruction

_ALLOWED = "the local AWS runs only `npm ci` and `pip install -r FILE` in a build, also joined by &&"
_PIP_ELSEWHERE = ("--target", "--prefix", "--root", "--user", "--editable", "--python")
_NPM_ELSEWHERE = ("--prefix", "--global", "--location", "--workspace")
_TYPES_OF_MOUNT_WITHOUT_EFFECT = ("--mount=type=cache",)


def commands(instruction: Instruction) -> list[list[str]]:
    """The checked commands of a RUN instruction, before any of them is run."""
    for flag in instruction.flags:
        if not flag.startswith(_TYPES_OF_MOUNT_WITHOUT_EFFECT):
            raise instruction.refused(f"{flag} is not modelled by the local AWS")
    exec_form = instruction.exec_form()
    if exec_form is None and set(instruction.rest.replace("&&", "")) & set("|;<>&$`(){}\\*"):
        raise instruction.refused(_ALLOWED)
    texts = [exec_form] if exec_form is not None else [shlex.split(part) for part in instruction.rest.split("&&")]
    return [_checked(instruction, words) for words in texts]


def run(instruction: Instruction, words: list[str], root: Path, workdir: str, environment: dict[str, str]) -> None:
    folder = root / workdir.lstrip("/")
    if words[0] == "npm":
        _run(instruction, words, folder, environment)
        return
    python = root / "usr" / "local" / "bin" / "python3"
    if not python.exists():
        raise instruction.refused("the base image has no Python")
    if not (python.parent / "pip3").exists():
        _run(instruction, [str(python), "-m", "ensurepip", "--default-pip"], folder, environment)
    rewritten = [str(root / word.lstrip("/")) if word.startswith("/") else word for word in words[1:]]
    _run(instruction, [str(python), "-m", "pip", *rewritten], folder, environment)
    _make_scripts_relocatable(python.parent)


def _checked(instruction: Instruction, words: list[str]) -> list[str]:
    if words[:2] == ["npm", "ci"] and all(
        word.startswith("-") and not word.startswith(_NPM_ELSEWHERE) for word in words[2:]
    ):
        return words
    if words[:3] in (["python", "-m", "pip"], ["python3", "-m", "pip"]):
        words = ["pip", *words[3:]]
    if words[:2] in (["pip", "install"], ["pip3", "install"]) and _installs_from_files_only(words[2:]):
        return ["pip", *words[1:]]
    raise instruction.refused(_ALLOWED)


def _installs_from_files_only(options: list[str]) -> bool:
    """At least one `-r FILE`, flags, and no package named on the line: that would be no lock file's."""
    names_a_file = False
    words = iter(options)
    for word in words:
        if word in ("-r", "--requirement", "-c", "--constraint"):
            names_a_file |= word in ("-r", "--requirement")
            if next(words, None) is None:
                return False
        elif word.startswith("--requirement="):
            names_a_file = True
        elif not word.startswith("-") or word.startswith(("-t", "-e", *_PIP_ELSEWHERE)):
            return False
    return names_a_file


def _run(instruction: Instruction, words: list[str], folder: Path, environment: dict[str, str]) -> None:
    if not folder.is_dir():
        raise instruction.refused("the working directory is not in the image")
    result = subprocess.run(words, cwd=folder, env={**_own_environment(), **environment}, stdout=sys.stderr, timeout=900)
    if result.returncode != 0:
        raise instruction.refused(f"{' '.join(words)} ended with exit code {result.returncode}")


def _own_environment() -> dict[str, str]:
    """The user's settings for npm and pip stay (registry, proxy, cache); what an enclosing `npm run` or venv set
    does not.
    """
    foreign = ("npm_package_", "npm_lifecycle_", "npm_config_local_prefix", "npm_config_prefix", "npm_config_global_prefix")
    alien = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "INIT_CWD", "NODE_OPTIONS", "PIP_TARGET", "PIP_PREFIX", "PIP_USER"}
    return {name: value for name, value in os.environ.items() if not name.startswith(foreign) and name not in alien}


def _make_scripts_relocatable(folder: Path) -> None:
    """A script's first line names the folder of this build, which is moved when the build ends: let PATH find Python."""
    for script in folder.iterdir():
        if script.is_symlink() or not script.is_file():
            continue
        first, newline, rest = script.read_bytes().partition(b"\n")
        if first.startswith(b"#!" + str(folder).encode()):
            script.write_bytes(b"#!/usr/bin/env python3" + newline + rest)
