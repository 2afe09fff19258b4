"""The image store on disk. Standard library only: the docker stand-in writes it, often under a Python without the
server's packages.

roots/<digest>/            the file system of a built image
layers/<digest>/           the same after a RUN step, so that a lock file is installed once
descriptions/<digest>.json what the Dockerfile says about running it
tags/<name>.json           what `docker tag` named on this machine
registry/<name>.json       what was pushed: only this can be pulled by a task or a job
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from urllib.parse import quote


@dataclass(frozen=True)
class Image:
    """A file system and how to start it. Paths in `workdir`, `entrypoint` and `command` are those of the container."""

    name: str
    root: Path
    workdir: str = "/"
    environment: dict[str, str] = field(default_factory=dict)
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    user: str | None = None
    base: str | None = None


def normalised(name: str) -> str:
    """Docker reads a name without a tag as `latest`."""
    last = name.rsplit("/", 1)[-1]
    return name if ":" in last or "@" in last else f"{name}:latest"


class ImageStore:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def root(self, digest: str) -> Path:
        return self.folder / "roots" / digest

    def layer(self, digest: str) -> Path:
        return self.folder / "layers" / digest

    def scratch(self) -> Path:
        """A folder on the store's own file system, so that a finished one is put in place by a rename."""
        (self.folder / "scratch").mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(dir=self.folder / "scratch"))

    def described(self, digest: str) -> Image | None:
        return self._read(self.folder / "descriptions" / f"{digest}.json")

    def describe(self, digest: str, image: Image) -> None:
        self._write(self.folder / "descriptions" / f"{digest}.json", image)

    def tagged(self, name: str) -> Image | None:
        return self._read(self._entry("tags", name))

    def tag(self, name: str, image: Image) -> None:
        self._write(self._entry("tags", name), replace(image, name=normalised(name)))

    def pushed(self, name: str) -> Image | None:
        return self._read(self._entry("registry", name))

    def push(self, name: str, image: Image) -> None:
        self._write(self._entry("registry", name), replace(image, name=normalised(name)))

    def _entry(self, kind: str, name: str) -> Path:
        return self.folder / kind / f"{quote(normalised(name), safe='')}.json"

    def _read(self, path: Path) -> Image | None:
        try:
            entry = json.loads(path.read_text())
        except FileNotFoundError:
            return None
        return Image(**{**entry, "root": Path(entry["root"])})

    def _write(self, path: Path, image: Image) -> None:
        """By rename: several builds run at once, and the server reads at any moment."""
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w") as file:
            json.dump({**asdict(image), "root": str(image.root)}, file, indent=1)
        os.replace(temporary, path)
