"""The names in DNS that the local model stands for, in a file that containers read when they connect:
a name may be made after they have started."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

from localaws import context

_lock = threading.Lock()
_published: dict[str, dict[str, str]] = {}
"""By who publishes them: declared `name:port` to local address."""


def file() -> Path:
    return context.data_dir("names") / "names.json"


def publish(publisher: str, names: dict[str, str]) -> None:
    """Bring the names of one publisher to what they are now. DNS knows no upper case.

    The file is replaced as a whole, so that no reader sees a half.
    """
    with _lock:
        _published[publisher] = dict(names)
        draft = file().with_suffix(".draft")
        draft.write_text(json.dumps({name.lower(): address for each in _published.values() for name, address in each.items()}))
        os.replace(draft, file())


def shutdown() -> None:
    with _lock:
        _published.clear()
