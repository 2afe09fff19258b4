"""What is added to a container's environment so that connections to declared names reach the loopback ports behind them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from localaws import names as dns
from localaws.serviceconnect import namespaces

_HERE = Path(__file__).parent
_NODE_OPTION = f"--require {json.dumps(str(_HERE / 'node' / 'names.cjs'))}"
_PYTHON_FOLDER = str(_HERE / "python")


def environment(region: str, namespace: str | None) -> dict[str, str]:
    """For a container that sees the names in DNS and, given a namespace, the Service Connect names that it has now."""
    names = namespaces.names(region, namespace) if namespace else {}
    return _variables(names)


def add(container_environment: dict[str, str], image_environment: Mapping[str, str], names: Mapping[str, str]) -> None:
    """Add the hooks in place; what the container or its image already says in NODE_OPTIONS and PYTHONPATH stays in force."""
    for name, value in _variables(names).items():
        already = container_environment.get(name) or image_environment.get(name)
        separator = _SEPARATORS.get(name)
        container_environment[name] = f"{value}{separator}{already}" if separator and already else value


_SEPARATORS = {"NODE_OPTIONS": " ", "PYTHONPATH": os.pathsep}


def _variables(names: Mapping[str, str]) -> dict[str, str]:
    return {
        "LOCAL_AWS_NAMES": json.dumps(dict(names)),
        "LOCAL_AWS_NAMES_FILE": str(dns.file()),
        "NODE_OPTIONS": _NODE_OPTION,
        "PYTHONPATH": _PYTHON_FOLDER,
    }
