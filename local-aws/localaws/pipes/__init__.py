"""EventBridge Pipes, as far as a queue that starts a state machine: each batch of messages is one execution."""

from __future__ import annotations


def install() -> None:
    """Puts the checks, UpdatePipe and the delivery in place of moto's, which keeps pipes and moves nothing."""
    from localaws.pipes import api

    api.install()
