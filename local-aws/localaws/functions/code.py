"""A function's code on disk, unpacked once for each version of it."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tempfile
import zipfile
from pathlib import Path

from moto.awslambda.models import LambdaFunction

from localaws import context
from localaws.functions import runtimes


def folder_of(function: LambdaFunction) -> Path:
    """Below the folder in which the packages that the runtime ships can be found."""
    functions = context.data_dir("functions")
    runtimes.lay_shipped_node_packages(functions)
    folder = functions / "code" / hashlib.sha256(function.code_bytes).hexdigest()
    if not folder.is_dir():
        folder.parent.mkdir(exist_ok=True)
        unpacked = Path(tempfile.mkdtemp(dir=functions))
        with zipfile.ZipFile(io.BytesIO(function.code_bytes)) as archive:
            archive.extractall(unpacked)
        try:
            os.rename(unpacked, folder)
        except OSError:  # another invocation was first
            shutil.rmtree(unpacked)
    return folder
