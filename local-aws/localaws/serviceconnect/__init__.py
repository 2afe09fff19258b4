"""The names of services, in ECS Service Connect and in DNS, lead to loopback proxies that balance over the running tasks."""

from localaws import names
from localaws.serviceconnect import namespaces, registries


def shutdown() -> None:
    namespaces.shutdown()
    registries.shutdown()
    names.shutdown()


__all__ = ["shutdown"]
