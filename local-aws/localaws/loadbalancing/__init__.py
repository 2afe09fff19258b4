"""Elastic Load Balancing: each listener is a local server that follows its rules to healthy targets."""

from localaws.loadbalancing import api, eventloop, listeners, targets
from localaws.loadbalancing.listeners import endpoints

__all__ = ["endpoints", "install", "shutdown"]


def install() -> None:
    api.install()


def shutdown() -> None:
    listeners.shutdown()
    targets.shutdown()
    eventloop.shutdown()
