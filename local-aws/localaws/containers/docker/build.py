"""A Dockerfile becomes a folder. Where no image of the plan's last digest exists, the steps are made that follow the last
RUN which an earlier build has done already."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from localaws.containers.docker.instructions import plan_of
from localaws.containers.docker.options import BuildRequest
from localaws.containers.docker.plan import Plan
from localaws.containers.store import Image, ImageStore


def build(store: ImageStore, request: BuildRequest) -> Image:
    plan = plan_of(request)
    settings = repr(plan.image(Path("/")))
    digest = hashlib.sha256(f"{plan.steps[-1].digest}\0{settings}".encode()).hexdigest()
    image = None if request.no_cache else store.described(digest)
    if image is None:
        root = store.root(digest)
        _put_in_place(_make_root(store, plan), root)
        image = plan.image(root)
        store.describe(digest, image)
    return image


def _make_root(store: ImageStore, plan: Plan) -> Path:
    done = [number for number, step in enumerate(plan.steps) if step.is_layer and store.layer(step.digest).is_dir()]
    next_step = 0
    root = store.scratch()
    try:
        if done and not plan.request.no_cache:
            shutil.copytree(store.layer(plan.steps[done[-1]].digest), root, symlinks=True, dirs_exist_ok=True)
            next_step = done[-1] + 1
        for step in plan.steps[next_step:]:
            step.perform(root)
            if step.is_layer:
                copy = store.scratch()
                shutil.copytree(root, copy, symlinks=True, dirs_exist_ok=True)
                _put_in_place(copy, store.layer(step.digest))
    except BaseException:
        shutil.rmtree(root, ignore_errors=True)
        raise
    return root


def _put_in_place(finished: Path, place: Path) -> None:
    """Two builds of the same may end at the same time: the first one stands, its content is the same."""
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.rename(finished, place)
    except OSError:
        if not place.is_dir():
            raise
        shutil.rmtree(finished)
