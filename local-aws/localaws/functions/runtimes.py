"""Which functions can run here, and with what the Lambda runtimes bring along."""

from __future__ import annotations

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from localaws import context
from localaws.errors import LocalAwsError, NotModelled

_RUNNERS = Path(__file__).parent
_SHIPPED_FOR_NODE = ("@aws-sdk", "@smithy")
_SHIPPED_FOR_PYTHON = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six")


def check(spec: dict[str, Any]) -> None:
    name, runtime = spec.get("FunctionName"), spec.get("Runtime") or ""
    if spec.get("PackageType", "Zip") != "Zip":
        raise NotModelled(f"function {name} is a container image, which is not modelled by the local AWS")
    if not runtime.startswith(("nodejs", "python3")):
        raise NotModelled(f"runtime {runtime} of function {name} is not modelled by the local AWS: nodejs and python3 are")
    if spec.get("Layers"):
        raise NotModelled(f"layers of function {name} are not modelled by the local AWS")


def command(runtime: str) -> list[str]:
    """The program that runs a handler; the runner reads the event and writes the result in files that follow as
    arguments.
    """
    if runtime.startswith("nodejs"):
        node = shutil.which("node")
        if node is None:
            raise LocalAwsError(f"there is no node on this machine to run {runtime} with")
        return [node, str(_RUNNERS / "node_runner.cjs")]
    # -S: of this machine's packages a handler sees what Lambda ships and no other
    return [getattr(sys, "_base_executable", sys.executable), "-S", str(_RUNNERS / "python_runner.py")]


def environment(runtime: str) -> dict[str, str]:
    return {"PYTHONPATH": str(_shipped_python()), "PYTHONDONTWRITEBYTECODE": "1"} if runtime.startswith("python3") else {}


def lay_shipped_node_packages(functions: Path) -> None:
    """A `node_modules` above all functions' code, which both require and import find. The SDK is the project's own."""
    source, target = os.environ.get("LOCAL_AWS_NODE_PATH"), functions / "node_modules"
    target.mkdir(exist_ok=True)
    for name in _SHIPPED_FOR_NODE if source else ():
        package, link = Path(str(source)) / name, target / name
        if package.is_dir() and not link.is_symlink():
            _link(link, package)


def _shipped_python() -> Path:
    folder = context.data_dir("functions/python-packages")
    for name in _SHIPPED_FOR_PYTHON:
        found = find_spec(name)
        place = Path(found.origin) if found and found.origin else None
        if place:
            package = place.parent if place.name == "__init__.py" else place
            _link(folder / package.name, package)
    return folder


def _link(link: Path, target: Path) -> None:
    """Two first invocations may come at the same time."""
    try:
        link.symlink_to(target)
    except FileExistsError:
        pass
