"""The images that tasks and jobs may run: those pushed through the docker stand-in, and registry images mapped to a
folder.
"""

from __future__ import annotations

import re
from pathlib import Path

from localaws import context, control
from localaws.containers.store import Image, ImageStore
from localaws.errors import LocalAwsError, NotModelled

__all__ = ["Image", "ImageMissing", "check", "find", "map_to_folder"]

_OWN_REGISTRY = re.compile(rf"{context.ACCOUNT}\.dkr\.ecr\.")


class ImageMissing(LocalAwsError):
    """Nobody has pushed the image to the account's own registry, of which everything is known here."""


def check(image: str) -> None:
    """Refuses an image of which nobody knows whether it exists.

    One that is known to be missing fails where it is pulled, as on AWS.
    """
    try:
        find(image)
    except ImageMissing:
        pass


def find(image: str) -> Image:
    found = _store().pushed(image)
    if found is None and _OWN_REGISTRY.match(image):
        raise ImageMissing(f"failed to resolve ref {image}: {image}: not found")
    if found is None:
        raise NotModelled(
            f"image {image} is not known to the local AWS: build it as an image asset through the docker stand-in "
            f'(CDK_DOCKER), or map it to a folder with POST /_local/images {{"image": "{image}", "directory": "..."}}'
        )
    return found


@control.route("POST", "images")
def map_to_folder(body: dict) -> dict:
    """Stands for a registry image that nobody builds here."""
    name, directory = body.get("image"), Path(body.get("directory") or "")
    if not name or not directory.is_absolute() or not directory.is_dir():
        raise LocalAwsError(f"an image is mapped by its name and the absolute path of an existing folder, not by {body}")
    image = Image(name=name, root=directory, command=list(body.get("command") or []))
    _store().push(name, image)
    return {"image": name, "directory": str(directory)}


def _store() -> ImageStore:
    return ImageStore(context.data_dir("images"))
