"""What a Dockerfile asks for: a plan, in which each step's digest covers all that went in before it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from localaws.containers.docker import bases
from localaws.containers.docker.options import BuildRequest
from localaws.containers.docker.patterns import BuildContext
from localaws.containers.store import Image

_FORMAT = "1"
"""Part of every digest: to be raised when the same Dockerfile shall give another folder."""


@dataclass(frozen=True)
class Step:
    digest: str
    perform: Callable[[Path], None]
    is_layer: bool = False


@dataclass
class Plan:
    """What the instructions read so far have settled, and the steps that make its file system."""

    request: BuildRequest
    context: BuildContext
    arguments: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    workdir: str = "/"
    user: str | None = None
    base: bases.Base | None = None
    stage: str | None = None
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] | None = None
    steps: list[Step] = field(default_factory=list)

    def values(self) -> dict[str, str]:
        return {**self.arguments, **self.environment}

    def add(self, what: str, perform: Callable[[Path], None], is_layer: bool = False) -> None:
        before = self.steps[-1].digest if self.steps else _FORMAT
        self.steps.append(Step(hashlib.sha256(f"{before}\0{what}".encode()).hexdigest(), perform, is_layer))

    def image(self, root: Path) -> Image:
        inherited = self.base.command if self.base and not self.entrypoint else []
        command = inherited if self.command is None else self.command
        name = self.base.name if self.base else None
        return Image("", root, self.workdir, self.environment, self.entrypoint, command, self.user, base=name)
