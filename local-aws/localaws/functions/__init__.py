"""AWS Lambda: each invocation is one local process of Node.js or Python."""

from __future__ import annotations

from localaws.containers import process
from localaws.functions import api


def install() -> None:
    """Puts processes in place of moto's Docker containers."""
    api.install()
    process.before_shutdown(api.close)
