"""ECS Service Connect: the names of services lead to loopback proxies that balance over the running tasks."""

from localaws.serviceconnect.namespaces import shutdown

__all__ = ["shutdown"]
