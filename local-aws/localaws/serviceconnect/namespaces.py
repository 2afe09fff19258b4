"""The Service Connect names of each namespace, and the loopback proxy behind each of them."""

from __future__ import annotations

import threading
from collections import defaultdict

from localaws.errors import NotModelled
from localaws.serviceconnect.configuration import Endpoint, ServiceConnect
from localaws.serviceconnect.proxy import Chooser, Proxy

_lock = threading.Lock()
_proxies: dict[tuple[str, str], dict[str, Proxy]] = defaultdict(dict)
"""By Region and namespace, then by the declared `name:port`."""


def publish(region: str, service_arn: str, configuration: ServiceConnect | None, choose: Chooser) -> None:
    """Bring a service's names to what it declares now. A name that stays keeps its proxy: tasks already know its port."""
    wanted = {f"{e.name}:{e.port}": e for e in configuration.endpoints} if configuration else {}
    with _lock:
        for key, published in _proxies.items():
            own = [name for name, proxy in published.items() if proxy.service_arn == service_arn]
            stays = configuration is not None and key == (region, configuration.namespace)
            for name in own:
                if not stays or name not in wanted:
                    published.pop(name).close()
        if configuration:
            _publish_in(_proxies[region, configuration.namespace], service_arn, wanted, choose)


def _publish_in(published: dict[str, Proxy], service_arn: str, wanted: dict[str, Endpoint], choose: Chooser) -> None:
    for name, endpoint in wanted.items():
        if name not in published:
            published[name] = Proxy(service_arn, endpoint, choose).open()
        published[name].endpoint = endpoint


def check(region: str, service_arn: str, configuration: ServiceConnect | None) -> None:
    """Refuse a name that another service of the namespace has: a client could not tell which of them it reaches."""
    if configuration is None:
        return
    with _lock:
        published = _proxies[region, configuration.namespace]
        for endpoint in configuration.endpoints:
            other = published.get(f"{endpoint.name}:{endpoint.port}")
            if other is not None and other.service_arn != service_arn:
                raise NotModelled(
                    f"the Service Connect name {endpoint.name}:{endpoint.port} in namespace {configuration.namespace} "
                    f"is already that of {other.service_arn}"
                )


def withdraw(region: str, service_arn: str) -> None:
    publish(region, service_arn, None, lambda _port: None)


def names(region: str, namespace: str) -> dict[str, str]:
    """What a client in the namespace can connect to at this moment: declared `name:port` to local address."""
    with _lock:
        return {name: proxy.address for name, proxy in _proxies[region, namespace].items()}


def shutdown() -> None:
    with _lock:
        for published in _proxies.values():
            for proxy in published.values():
                proxy.close()
        _proxies.clear()
