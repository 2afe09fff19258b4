"""The subcommands of docker that the CDK command line calls for image assets."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from localaws.containers.docker import options
from localaws.containers.docker.build import build
from localaws.containers.docker.errors import Refused
from localaws.containers.store import Image, ImageStore, normalised


def main(arguments: list[str]) -> int:
    try:
        command, rest = options.without_client_options(arguments)
        handler = _COMMANDS.get(command)
        if handler is None:
            raise Refused(f"docker {command} is not modelled by the local AWS, only {', '.join(sorted(_COMMANDS))}")
        handler(rest)
    except Refused as refusal:
        print(f"docker stand-in of the local AWS: {refusal}", file=sys.stderr)
        return 1
    return 0


def _store() -> ImageStore:
    data = os.environ.get("LOCAL_AWS_DATA")
    if not data:
        raise Refused("LOCAL_AWS_DATA is not set: it names the data directory of the local AWS that shall run the images")
    return ImageStore(Path(data) / "images")


def _build(arguments: list[str]) -> None:
    request = options.build_request(arguments)
    image = build(_store(), request)
    for tag in request.tags:
        _store().tag(tag, image)
        print(f"built {tag} from {image.base}")


def _tag(arguments: list[str]) -> None:
    source, target = options.exactly(2, "tag", arguments)
    _store().tag(target, _tagged(source))


def _push(arguments: list[str]) -> None:
    (name,) = options.exactly(1, "push", [argument for argument in arguments if argument not in ("--quiet", "-q")])
    _store().push(name, _tagged(name))
    print(f"pushed {name}")


def _inspect(arguments: list[str]) -> None:
    (name,) = options.exactly(1, "inspect", arguments)
    image = _tagged(name)
    print(json.dumps([{"RepoTags": [normalised(name)], "Config": {"WorkingDir": image.workdir}}]))


def _login(arguments: list[str]) -> None:
    """There is no registry to log in to; the password is read, so that its writer does not meet a closed pipe."""
    if "--password-stdin" in arguments:
        sys.stdin.read()
    print("Login Succeeded")


def _version(_arguments: list[str]) -> None:
    print("docker stand-in of the local AWS")


def _tagged(name: str) -> Image:
    image = _store().tagged(name)
    if image is None:
        raise Refused(f"No such image: {normalised(name)}")
    return image


_COMMANDS = {"build": _build, "tag": _tag, "push": _push, "inspect": _inspect, "login": _login, "version": _version}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
