"""The command line of docker, as far as the CDK writes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from localaws.containers.docker.errors import Refused

_WITHOUT_EFFECT = {
    "--platform": "processes run on this machine's own platform",
    "--provenance": "nothing is attested",
    "--cache-from": "the image store is the cache",
    "--cache-to": "the image store is the cache",
    "--network": "installs use this machine's network",
    "--progress": "there is one kind of output",
}
_SWITCHES = {"--quiet", "-q", "--rm", "--force-rm", "--load", "--pull", "--cache-disabled"}
_ALIASES = {"-t": "--tag", "-f": "--file"}


@dataclass
class BuildRequest:
    folder: Path
    dockerfile: Path
    tags: list[str] = field(default_factory=list)
    arguments: dict[str, str] = field(default_factory=dict)
    target: str | None = None
    no_cache: bool = False


def without_client_options(arguments: list[str]) -> tuple[str, list[str]]:
    """The subcommand and what follows it; the CDK may put `--config FOLDER` before it."""
    rest = list(arguments)
    while rest and rest[0] == "--config":
        rest = rest[2:]
    if not rest:
        raise Refused("a subcommand is expected, for example build")
    return rest[0], rest[1:]


def exactly(count: int, command: str, arguments: list[str]) -> list[str]:
    if len(arguments) != count or any(argument.startswith("-") for argument in arguments):
        raise Refused(f"docker {command} takes {count} name(s) and no option here, not {' '.join(arguments)}")
    return arguments


def build_request(arguments: list[str]) -> BuildRequest:
    given: list[tuple[str, str]] = []
    folders: list[str] = []
    switches: set[str] = set()
    words = iter(arguments)
    for word in words:
        name, equals, value = word.partition("=")
        name = _ALIASES.get(name, name)
        if name in _SWITCHES or name == "--no-cache":
            switches.add(name)
        elif not word.startswith("-"):
            folders.append(word)
        else:
            _check_known(name)
            given.append((name, value if equals else next(words, "")))
    if len(folders) != 1:
        raise Refused(f"docker build takes one folder, not {folders}")
    return _request(Path(folders[0]).resolve(), given, "--no-cache" in switches)


def _check_known(name: str) -> None:
    if name not in ("--tag", "--file", "--build-arg", "--target") and name not in _WITHOUT_EFFECT:
        raise Refused(f"option {name} of docker build is not modelled by the local AWS")


def _request(folder: Path, given: list[tuple[str, str]], no_cache: bool) -> BuildRequest:
    values = {name: value for name, value in given}
    return BuildRequest(
        folder=folder,
        dockerfile=(folder / values.get("--file", "Dockerfile")).resolve(),
        tags=[value for name, value in given if name == "--tag"],
        arguments=dict(_build_argument(value) for name, value in given if name == "--build-arg"),
        target=values.get("--target"),
        no_cache=no_cache,
    )


def _build_argument(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise Refused(
            f"--build-arg {text} takes its value from the environment, which the local AWS does not model: write NAME=VALUE"
        )
    return name, value
