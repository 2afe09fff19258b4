"""What a service declares in its serviceConnectConfiguration, read once and in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from moto.servicediscovery import servicediscovery_backends

from localaws.errors import NotModelled


@dataclass(frozen=True)
class Endpoint:
    """One clientAlias of a service: where clients connect to, and the name of the port mapping that stands behind it."""

    name: str
    port: int
    port_name: str
    http: bool = False
    """Whether the proxy understands what passes: by the `appProtocol` of the port mapping, and HTTP/1.1 only."""


@dataclass(frozen=True)
class ServiceConnect:
    namespace: str
    endpoints: tuple[Endpoint, ...]


def read(
    configuration: dict[str, Any] | None,
    cluster_default: str | None,
    container_definitions: list[dict[str, Any]],
    account: str,
    region: str,
) -> ServiceConnect | None:
    """None where Service Connect is not enabled for the service."""
    if not configuration or not configuration.get("enabled"):
        return None
    declared = configuration.get("namespace") or cluster_default
    if not declared:
        raise NotModelled("serviceConnectConfiguration has no namespace, and neither has its cluster a default one")
    namespace = _namespace_name(declared, account, region)
    mappings = [mapping for container in container_definitions for mapping in container.get("portMappings") or []]
    protocols = {mapping.get("name"): mapping.get("appProtocol") for mapping in mappings}
    services = configuration.get("services") or []
    endpoints = [endpoint for service in services for endpoint in _endpoints(service, protocols, namespace)]
    return ServiceConnect(namespace, tuple(endpoints))


def _endpoints(service: dict[str, Any], protocols: dict[str | None, str | None], namespace: str) -> list[Endpoint]:
    port_name = service["portName"]
    if service.get("tls"):
        raise NotModelled(f"TLS of Service Connect (port {port_name}) is not modelled by the local AWS")
    if port_name not in protocols:
        raise NotModelled(
            f"serviceConnectConfiguration names port {port_name}, which no port mapping of the task definition has"
        )
    discovery_name = service.get("discoveryName") or port_name
    aliases = service.get("clientAliases") or []
    http = protocols[port_name] == "http"
    return [
        Endpoint(alias.get("dnsName") or f"{discovery_name}.{namespace}", int(alias["port"]), port_name, http)
        for alias in aliases
    ]


def _namespace_name(declared: str, account: str, region: str) -> str:
    """A namespace is given by its name or by its ARN; the ARN ends with the id of a Cloud Map namespace."""
    if not declared.startswith("arn:"):
        return declared
    known = servicediscovery_backends[account][region].namespaces
    namespace_id = declared.rpartition("/")[2]
    if namespace_id not in known:
        raise NotModelled(f"the Service Connect namespace {declared} does not exist in the local AWS")
    return known[namespace_id].name
