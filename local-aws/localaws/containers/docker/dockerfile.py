"""Reads a Dockerfile into instructions that remember their line."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from localaws.containers.docker.errors import Refused

_DIRECTIVE = re.compile(r"#\s*(\w+)\s*=\s*(\S+)\s*$")


@dataclass(frozen=True)
class Instruction:
    file: str
    line: int
    keyword: str
    flags: tuple[str, ...]
    rest: str

    def refused(self, why: str) -> Refused:
        return Refused(f"{self.file}:{self.line}: {why}: {' '.join([self.keyword, *self.flags, self.rest]).strip()}")

    def exec_form(self) -> list[str] | None:
        """The words of the JSON form, or None for the shell form. Docker too takes broken JSON for the shell form."""
        if not self.rest.startswith("["):
            return None
        try:
            words = json.loads(self.rest)
        except ValueError:
            return None
        return words if all(isinstance(word, str) for word in words) else None

    def words(self) -> list[str]:
        """The words of the JSON form, or those between blanks, quotes removed."""
        words = self.exec_form()
        if words is not None:
            return words
        try:
            return shlex.split(self.rest)
        except ValueError as error:
            raise self.refused(f"cannot be read ({error})") from error


def read(path: Path) -> list[Instruction]:
    if not path.is_file():
        raise Refused(f"there is no Dockerfile {path}")
    lines = path.read_text().splitlines()
    _check_directives(path.name, lines)
    return [_instruction(path.name, number, text) for number, text in _logical_lines(lines)]


def _check_directives(file: str, lines: list[str]) -> None:
    for number, line in enumerate(lines, start=1):
        directive = _DIRECTIVE.match(line)
        if not directive:
            return
        name, value = directive.groups()
        if name.lower() == "escape" and value != "\\":
            raise Refused(f"{file}:{number}: an escape character other than \\ is not modelled by the local AWS: {line}")


def _logical_lines(lines: list[str]) -> list[tuple[int, str]]:
    """Lines joined over their continuations; comments and empty lines count for nothing, even between continued lines."""
    joined: list[tuple[int, str]] = []
    begun: tuple[int, str] | None = None
    for number, line in enumerate(lines, start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        start, text = begun or (number, "")
        if stripped.endswith("\\"):
            begun = (start, f"{text}{stripped[:-1].rstrip()} ")
            continue
        joined.append((start, text + stripped))
        begun = None
    return joined + ([(begun[0], begun[1].strip())] if begun else [])


def _instruction(file: str, line: int, text: str) -> Instruction:
    keyword, _, rest = text.partition(" ")
    flags: list[str] = []
    rest = rest.strip()
    while rest.startswith("--") and keyword.upper() != "CMD":
        flag, _, rest = rest.partition(" ")
        flags.append(flag)
        rest = rest.strip()
    instruction = Instruction(file, line, keyword.upper(), tuple(flags), rest)
    if "<<" in rest and keyword.upper() in ("RUN", "COPY", "ADD"):
        raise instruction.refused("a here-document is not modelled by the local AWS")
    return instruction
