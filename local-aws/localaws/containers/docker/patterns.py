"""Paths of the build context: what .dockerignore leaves out, and what a COPY pattern means."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath


class BuildContext:
    """The files below the build's folder that .dockerignore does not leave out, by their path relative to it."""

    def __init__(self, folder: Path, dockerfile: Path) -> None:
        self.folder = folder
        self._rules = _ignore_rules(folder, dockerfile)
        self.files = self._list_files()

    def matches(self, pattern: str) -> list[str]:
        """Files and folders of the context that a COPY source names; folders only where a file of theirs is left."""
        clean = str(PurePosixPath(pattern.lstrip("/")))
        if clean == ".":
            return ["."]
        expression = re.compile(_expression(clean) + r"\Z")
        folders = {str(parent) for file in self.files for parent in PurePosixPath(file).parents if str(parent) != "."}
        return sorted(path for path in {*self.files, *folders} if expression.match(path))

    def below(self, path: str) -> list[str]:
        """The files of a folder, or the file itself."""
        if path == ".":
            return self.files
        return [file for file in self.files if file == path or file.startswith(f"{path}/")]

    def _list_files(self) -> list[str]:
        found = []
        for directory, folders, names in os.walk(self.folder):
            links = [name for name in folders if os.path.islink(os.path.join(directory, name))]
            for name in [*names, *links]:
                found.append(Path(directory, name).relative_to(self.folder).as_posix())
        return sorted(path for path in found if not self._ignored(path))

    def _ignored(self, path: str) -> bool:
        """The last rule that names the path or a folder above it decides."""
        above = [path, *(str(parent) for parent in PurePosixPath(path).parents if str(parent) != ".")]
        ignored = False
        for expression, leaves_out in self._rules:
            if any(expression.match(candidate) for candidate in above):
                ignored = leaves_out
        return ignored


def _ignore_rules(folder: Path, dockerfile: Path) -> list[tuple[re.Pattern[str], bool]]:
    own = dockerfile.with_name(f"{dockerfile.name}.dockerignore")
    file = own if own.is_file() else folder / ".dockerignore"
    rules = []
    for line in file.read_text().splitlines() if file.is_file() else []:
        pattern = line.strip()
        if not pattern or pattern.startswith("#"):
            continue
        leaves_out = not pattern.startswith("!")
        clean = str(PurePosixPath(pattern.lstrip("!").strip().lstrip("/")))
        rules.append((re.compile(_expression(clean) + r"\Z"), leaves_out))
    return rules


def _expression(pattern: str) -> str:
    """Go's file patterns: `*` and `?` stay within a folder, `**` crosses folders."""
    parts = re.split(r"(\*\*/|\*\*|\*|\?|\[[^\]]*\])", pattern)
    translated = {"**/": r"(?:.*/)?", "**": r".*", "*": r"[^/]*", "?": r"[^/]"}
    return "".join(translated.get(part) or (part if part.startswith("[") else re.escape(part)) for part in parts)
