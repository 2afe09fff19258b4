"""The open listeners: which local port stands for which listener of which load balancer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from localaws import names
from localaws.errors import NotModelled
from localaws.loadbalancing import actions, eventloop, targets, tcp, udp
from localaws.loadbalancing.listener import HttpListener

_SERVED_PLAIN = {
    "HTTPS": "HTTPS is served as plain HTTP by the local model; requests carry X-Forwarded-Proto: https",
    "TLS": "TLS is served as plain TCP by the local model: certificates are kept and never used",
}
_SCHEMES = {"HTTP": "http", "HTTPS": "http", "TCP": "tcp", "TLS": "tcp", "UDP": "udp"}


@dataclass
class OpenListener:
    listener: Any
    load_balancer: Any
    server: asyncio.Server | udp.UdpServer

    @property
    def local_port(self) -> int:
        if isinstance(self.server, udp.UdpServer):
            return self.server.port
        return self.server.sockets[0].getsockname()[1]

    def describe(self) -> dict[str, Any]:
        protocol = self.listener.protocol
        described = {
            "listenerArn": self.listener.arn,
            "loadBalancerArn": self.load_balancer.arn,
            "dnsName": self.load_balancer.dns_name,
            "protocol": protocol,
            "port": int(self.listener.port),
            "url": f"{_SCHEMES[protocol]}://localhost:{self.local_port}",
        }
        return described | ({"note": _SERVED_PLAIN[protocol]} if protocol in _SERVED_PLAIN else {})


_open: dict[str, OpenListener] = {}


def check_protocol(protocol: str | None) -> None:
    if protocol not in _SCHEMES:
        raise NotModelled(
            f"a listener of protocol '{protocol}' is not modelled by the local AWS, only {', '.join(_SCHEMES)}"
        )


def open_(listener: Any, load_balancer: Any, backend: Any) -> None:
    """Start the local server of a listener that was just made."""
    if listener.protocol in ("TCP", "TLS"):
        server = eventloop.call(tcp.serve(lambda: _network_target(listener, backend)))
    elif listener.protocol == "UDP":
        server = eventloop.call(udp.serve(lambda: _network_target(listener, backend)))
    else:
        server = eventloop.call(HttpListener(listener, load_balancer, backend).serve())
    _open[listener.arn] = OpenListener(listener, load_balancer, server)
    publish_names()


def close(listener_arn: str) -> None:
    opened = _open.pop(listener_arn, None)
    if opened is not None:
        eventloop.call(_close(opened.server))
        publish_names()


def endpoints() -> list[dict[str, Any]]:
    return [opened.describe() for opened in list(_open.values())]


def of_load_balancer(load_balancer_arn: str) -> list[str]:
    return [arn for arn, opened in list(_open.items()) if opened.load_balancer.arn == load_balancer_arn]


def publish_names() -> None:
    """Write which local address stands for which DNS name and port."""
    names.publish(
        "load balancers",
        {
            f"{opened.load_balancer.dns_name}:{opened.listener.port}": f"127.0.0.1:{opened.local_port}"
            for opened in list(_open.values())
        },
    )


def shutdown() -> None:
    for arn in list(_open):
        opened = _open.pop(arn)
        eventloop.call(_close(opened.server))


async def _close(server: asyncio.Server | udp.UdpServer) -> None:
    server.close()


def _network_target(listener: Any, backend: Any) -> targets.Target | None:
    """A Network Load Balancer has no rules: each connection or flow goes where the default action says."""
    arn = actions.target_group_of(listener.default_actions[-1].data)
    group = backend.target_groups.get(arn)
    return targets.choose(arn, group.attributes["load_balancing.algorithm.type"]) if arn and group else None
