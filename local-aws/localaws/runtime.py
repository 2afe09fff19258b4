"""What really runs in the local model: processes behind ECS, Batch and Lambda, and the load balancers in front of them.

The server installs the runtime once before it serves; the CloudFormation engine waits for services through it.
"""

from __future__ import annotations

from localaws import batch, control, ecs, events, functions, loadbalancing, pipes, serviceconnect
from localaws.containers import process

_PARTS = (loadbalancing, ecs, batch, functions, events, pipes)
"""In the order of who relies on whom: tasks register with load balancers, events start tasks."""


def install() -> None:
    """Hang the runtime into moto's service code, before the first request."""
    for part in _PARTS:
        part.install()


def wait_for_service(account: str, region: str, service_arn: str) -> None:
    """Block until the service is steady; raises DeploymentFailed with what a person needs to know."""
    ecs.wait_for_service(account, region, service_arn)


def shutdown() -> None:
    """End every child process and every local server; a second call finds nothing left to do."""
    ecs.shutdown()
    process.stop_all()
    serviceconnect.shutdown()
    loadbalancing.shutdown()


@control.route("GET", "endpoints")
def endpoints(_body: dict) -> list[dict]:
    """Where each listener of each load balancer answers on this machine."""
    return loadbalancing.endpoints()


@control.route("GET", "tasks")
def tasks(_body: dict) -> list[dict]:
    """Each container of each running task, with its process and its local port."""
    return ecs.running_processes()
