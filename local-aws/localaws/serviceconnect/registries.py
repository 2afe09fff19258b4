"""Services that are found in DNS: the A records of a Cloud Map service lead to the ready tasks,
by a loopback proxy for each port.

In AWS a name stands for the addresses of up to eight tasks, and the caller picks one;
here the proxy picks it, so that nothing is remembered for too long.
"""

from __future__ import annotations

import threading
from typing import Any

from moto.servicediscovery import servicediscovery_backends

from localaws import names
from localaws.errors import LocalAwsError, NotModelled
from localaws.serviceconnect.configuration import Endpoint
from localaws.serviceconnect.proxy import Chooser, Proxy

_lock = threading.Lock()
_proxies: dict[str, Proxy] = {}
"""By the declared `name:port`."""


def read(registries: list[dict[str, Any]], definitions: list[dict[str, Any]], account: str, region: str) -> list[Endpoint]:
    """The name and port of each port mapping; none where a service has no registry."""
    if not registries:
        return []
    if len(registries) > 1:
        raise LocalAwsError("Service registries of a service are limited to one.")
    if registries[0].get("port") or registries[0].get("containerPort"):
        raise NotModelled(
            "SRV records (port or containerPort of a service registry) are not modelled by the local AWS, only A records"
        )
    name = _name_of(registries[0]["registryArn"], account, region)
    mappings = [mapping for container in definitions for mapping in container.get("portMappings") or []]
    for mapping in mappings:
        if not mapping.get("name") or (mapping.get("protocol") or "tcp") != "tcp":
            raise NotModelled(
                f"{name} is found in DNS: the local AWS needs a name for port {mapping.get('containerPort')}, and TCP"
            )
    return [Endpoint(name, int(mapping["containerPort"]), mapping["name"]) for mapping in mappings]


def publish(service_arn: str, endpoints: list[Endpoint], choose: Chooser) -> None:
    """Bring a service's names to what it declares now; a name that stays keeps its proxy."""
    wanted = {f"{endpoint.name}:{endpoint.port}": endpoint for endpoint in endpoints}
    with _lock:
        for name in [name for name, proxy in _proxies.items() if proxy.service_arn == service_arn and name not in wanted]:
            _proxies.pop(name).close()
        for name, endpoint in wanted.items():
            if name not in _proxies:
                _proxies[name] = Proxy(service_arn, endpoint, choose).open()
            _proxies[name].endpoint = endpoint
        names.publish("service registries", {name: proxy.address for name, proxy in _proxies.items()})


def withdraw(service_arn: str) -> None:
    publish(service_arn, [], lambda _port: None)


def shutdown() -> None:
    with _lock:
        for proxy in _proxies.values():
            proxy.close()
        _proxies.clear()


def _name_of(registry_arn: str, account: str, region: str) -> str:
    backend = servicediscovery_backends[account][region]
    service = backend.services.get(registry_arn.rpartition("/")[2])
    if service is None:
        raise LocalAwsError(f"The service registry {registry_arn} does not exist.")
    namespace = backend.namespaces[service.namespace_id]
    records = [record["Type"] for record in (service.dns_config or {}).get("DnsRecords") or []]
    if records != ["A"]:
        raise NotModelled(
            f"the records {records} of {service.name}.{namespace.name} are not modelled by the local AWS, only one A record"
        )
    return f"{service.name}.{namespace.name}"
