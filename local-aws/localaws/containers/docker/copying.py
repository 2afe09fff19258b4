"""COPY and ADD: which file of the context goes where in the image."""

from __future__ import annotations

import hashlib
import os
import posixpath
import shutil
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from localaws.containers.docker.dockerfile import Instruction
from localaws.containers.docker.patterns import BuildContext

_ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".txz", ".tbz2")
_REMOTE = ("http://", "https://", "git@", "git://")


@dataclass(frozen=True)
class Copy:
    source: str
    target: str
    mode: int | None


def planned(instruction: Instruction, words: list[str], workdir: str, context: BuildContext) -> list[Copy]:
    mode = _mode(instruction)
    if len(words) < 2:
        raise instruction.refused("a source and a target are expected")
    *patterns, target = words
    sources = [source for pattern in patterns for source in _sources(instruction, pattern, context)]
    base = posixpath.normpath(posixpath.join(workdir, target))
    into_folder = target.endswith("/") or target in (".", "..") or len(sources) > 1
    return [
        Copy(file, _target(file, source, base, into_folder), mode) for source in sources for file in context.below(source)
    ]


def digest(copies: list[Copy], folder: Path) -> str:
    """What went in: targets, contents, and whether a file may be executed."""
    total = hashlib.sha256()
    for copy in copies:
        source = folder / copy.source
        executable = os.access(source, os.X_OK)
        total.update(f"{copy.target}\0{copy.mode}\0{executable}\0".encode())
        total.update(os.readlink(source).encode() if source.is_symlink() else source.read_bytes())
    return total.hexdigest()


def perform(copies: list[Copy], folder: Path, root: Path) -> None:
    for copy in copies:
        target = root / copy.target.lstrip("/")
        if target.is_dir() and not target.is_symlink():
            target = target / PurePosixPath(copy.source).name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        shutil.copy2(folder / copy.source, target, follow_symlinks=False)
        if copy.mode is not None and not target.is_symlink():
            target.chmod(copy.mode)


def _target(file: str, source: str, base: str, into_folder: bool) -> str:
    """A folder's contents go into the target; a file goes into it, or becomes it."""
    if file != source:
        inside = file if source == "." else file[len(source) + 1 :]
        return str(PurePosixPath(base) / inside)
    return str(PurePosixPath(base) / PurePosixPath(file).name) if into_folder else base


def _sources(instruction: Instruction, pattern: str, context: BuildContext) -> list[str]:
    if pattern.startswith(_REMOTE):
        raise instruction.refused("a remote source is not modelled by the local AWS")
    if ".." in PurePosixPath(pattern).parts:
        raise instruction.refused(f"{pattern} is outside the build context")
    found = context.matches(pattern)
    if not found:
        raise instruction.refused(f"{pattern} is not in the build context (or .dockerignore leaves it out)")
    if instruction.keyword == "ADD" and any(path.endswith(_ARCHIVES) for path in found):
        raise instruction.refused("ADD would unpack this archive, which is not modelled by the local AWS")
    return found


def _mode(instruction: Instruction) -> int | None:
    """--chown is noted: all processes here run as the user who started the local model. --link changes no content."""
    mode = None
    for flag in instruction.flags:
        name, _, value = flag.partition("=")
        if name == "--chmod" and value.isdigit():
            mode = int(value, 8)
        elif name not in ("--chown", "--link"):
            raise instruction.refused(f"{flag} is not modelled by the local AWS")
    return mode
