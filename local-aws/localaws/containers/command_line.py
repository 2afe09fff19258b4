"""From the container's view of paths and environment to that of a local process."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from localaws import context
from localaws.containers.images import Image
from localaws.errors import LocalAwsError

_DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_SEARCH_PATHS = ("PYTHONPATH", "NODE_PATH")


def arguments(image: Image, entrypoint: list[str] | None, command: list[str] | None) -> list[str]:
    """Docker's rule: an entrypoint given from outside also drops the image's command."""
    chosen_entrypoint = image.entrypoint if entrypoint is None else entrypoint
    image_command = image.command if entrypoint is None else []
    whole = [*chosen_entrypoint, *(image_command if command is None else command)]
    if not whole:
        raise LocalAwsError(
            f"CannotStartContainerError: no command specified, neither by image {image.name} nor by its user"
        )
    return [in_root(image, argument) for argument in whole]


def environment(image: Image, given: dict[str, str]) -> dict[str, str]:
    """Nothing of the server's own environment but where programs and scratch space are: a container inherits nothing."""
    child = {
        "HOME": str(context.data_dir("home")),
        "LANG": os.environ.get("LANG", "C.UTF-8"),
        "TMPDIR": os.environ.get("TMPDIR", "/tmp"),
        **image.environment,
        **given,
    }
    child["PATH"] = os.pathsep.join([*_folders_in_root(image, child.get("PATH", _DEFAULT_PATH)), *_machine_path()])
    for name in _SEARCH_PATHS:
        if name in child:
            child[name] = os.pathsep.join(in_root(image, entry) for entry in child[name].split(":"))
    return child


def working_directory(image: Image) -> Path:
    folder = image.root / image.workdir.lstrip("/")
    if not folder.is_dir():
        raise LocalAwsError(f"CannotStartContainerError: the working directory {image.workdir} is not in image {image.name}")
    return folder


def with_program_found(arguments: list[str], path: str) -> list[str]:
    """subprocess looks a program up in the server's PATH; a container's program is looked up in the container's."""
    found = shutil.which(arguments[0], path=path)
    if found is None and "/" not in arguments[0]:
        raise LocalAwsError(f'CannotStartContainerError: exec: "{arguments[0]}": executable file not found in $PATH')
    return [found or arguments[0], *arguments[1:]]


def in_root(image: Image, text: str) -> str:
    """An absolute path that the image has means the image's file; any other text stays what it is."""
    if not text.startswith("/") or text == "/":
        return text
    inside = image.root / text.lstrip("/")
    return str(inside) if os.path.lexists(inside) else text


def _folders_in_root(image: Image, path: str) -> list[str]:
    rewritten = ((entry, in_root(image, entry)) for entry in path.split(":"))
    return [inside for entry, inside in rewritten if inside != entry]


def _machine_path() -> list[str]:
    """Without the server's own virtual environment: its packages are no part of anybody's image."""
    own = Path(sys.prefix) / "bin"
    inherited = os.environ.get("PATH", _DEFAULT_PATH).split(os.pathsep)
    return [entry for entry in inherited if sys.prefix == sys.base_prefix or Path(entry) != own]
