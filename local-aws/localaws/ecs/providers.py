"""Capacity providers, and which of them a cluster has: the rules of ECS, which moto does not know."""

from __future__ import annotations

from typing import Any

from moto.autoscaling.models import autoscaling_backends
from moto.ecs.exceptions import EcsClientException, InvalidParameterException

from localaws.ecs import hosts
from localaws.ecs.pools import GroupPool, ManagedPool, Pool

FARGATE_PROVIDERS = ("FARGATE", "FARGATE_SPOT")
_SCALING = {"status": "DISABLED", "targetCapacity": 100, "minimumScalingStepSize": 1, "maximumScalingStepSize": 10000}
_GROUP = {"managedTerminationProtection": "DISABLED", "managedDraining": "ENABLED"}


class Provider:
    """A capacity provider of instances: of an Auto Scaling group, or managed by ECS for one cluster."""

    def __init__(self, backend: Any, parameters: dict[str, Any]) -> None:
        self.account_id, self.region_name, self.name = backend.account_id, backend.region_name, parameters["name"]
        self.arn = f"arn:aws:ecs:{self.region_name}:{self.account_id}:capacity-provider/{self.name}"
        self.capacity_provider_arn = self.arn
        self.tags: list[dict[str, str]] = parameters.get("tags") or []
        self.cluster: str | None = parameters.get("cluster")
        self.managed: dict[str, Any] | None = parameters.get("managedInstancesProvider")
        self.group: dict[str, Any] | None = None
        if given := parameters.get("autoScalingGroupProvider"):
            self.group = {**_GROUP, **given, "managedScaling": {**_SCALING, **(given.get("managedScaling") or {})}}

    @property
    def kind(self) -> str:
        return "EC2" if self.group else "MANAGED_INSTANCES"

    @property
    def group_arn(self) -> str:
        return self.group["autoScalingGroupArn"] if self.group else ""

    @property
    def scales(self) -> bool:
        return self.group is None or self.group["managedScaling"]["status"] == "ENABLED"

    def update(self, parameters: dict[str, Any]) -> None:
        if given := parameters.get("autoScalingGroupProvider"):
            before = self.group or {}
            scaling = {**before["managedScaling"], **(given.get("managedScaling") or {})}
            self.group = {**before, **given, "managedScaling": scaling}
        if given := parameters.get("managedInstancesProvider"):
            self.managed = {**(self.managed or {}), **given}

    def describe(self) -> dict[str, Any]:
        described = {
            "capacityProviderArn": self.arn,
            "name": self.name,
            "status": "ACTIVE",
            "cluster": self.cluster,
            "type": "EC2_AUTOSCALING" if self.group else "MANAGED_INSTANCES",
            "autoScalingGroupProvider": self.group,
            "managedInstancesProvider": self.managed,
            "tags": self.tags,
        }
        return {key: value for key, value in described.items() if value is not None}

    def pool(self, cluster: Any) -> Pool:
        return GroupPool(self, cluster) if self.group else ManagedPool(self, cluster)


def find(backend: Any, name: str) -> Provider | None:
    return next((one for one in backend.capacity_providers.values() if name in (one.name, one.arn)), None)


def create(backend: Any, parameters: dict[str, Any]) -> Provider:
    name = parameters["name"]
    if name.lower().startswith(("aws", "ecs", "fargate")):
        raise InvalidParameterException(f"The capacity provider name {name} is reserved: it begins with aws, ecs or fargate.")
    if find(backend, name):
        raise InvalidParameterException(f"The specified capacity provider {name} already exists.")
    if bool(parameters.get("autoScalingGroupProvider")) == bool(parameters.get("managedInstancesProvider")):
        raise InvalidParameterException("Specify either an Auto Scaling group provider or a managed instances provider.")
    provider = Provider(backend, parameters)
    _check_group(backend, provider) if provider.group else _check_managed(backend, provider)
    backend.capacity_providers[name] = provider
    return provider


def _check_group(backend: Any, provider: Provider) -> None:
    groups = list(autoscaling_backends[backend.account_id][backend.region_name].autoscaling_groups.values())
    group = next((one for one in groups if one.arn == provider.group_arn), None)
    if group is None:
        raise EcsClientException(f"The specified Auto Scaling group ARN {provider.group_arn} does not exist.")
    if any(one.group_arn == provider.group_arn for one in backend.capacity_providers.values() if one is not provider):
        raise EcsClientException("The specified Auto Scaling group ARN is already being used by another capacity provider.")
    assert provider.group is not None
    if provider.group["managedTerminationProtection"] == "ENABLED":
        if not provider.scales:
            raise InvalidParameterException("Managed termination protection needs managed scaling.")
        group.new_instances_protected_from_scale_in = True
        for state in group.instance_states:
            state.protected_from_scale_in = True


def _check_managed(backend: Any, provider: Provider) -> None:
    if not provider.cluster:
        raise InvalidParameterException("A managed instances capacity provider needs a cluster.")
    provider.cluster = backend._get_cluster(provider.cluster).name


def update(backend: Any, parameters: dict[str, Any]) -> Provider:
    provider = _known(backend, parameters["name"])
    provider.update(parameters)
    if provider.group:
        _check_group(backend, provider)
    return provider


def delete(backend: Any, name: str) -> Provider:
    """Services first, then the association, then the provider: any other order is refused."""
    provider = _known(backend, name)
    holding = [cluster.name for cluster in backend.clusters.values() if provider.name in (cluster.capacity_providers or [])]
    if provider.group and holding:
        raise EcsClientException(
            f"The capacity provider {provider.name} cannot be deleted: it is associated with cluster {holding[0]}."
        )
    if used := users(backend, provider.name):
        raise EcsClientException(
            f"The capacity provider {provider.name} cannot be deleted: it is in use by service {used[0]}."
        )
    if provider.cluster:
        pool = provider.pool(backend._get_cluster(provider.cluster))
        for host in pool.hosts:
            pool.end(host)
    for arn in {cluster.arn for cluster in backend.clusters.values()}:
        for host in [host for host in hosts.of_cluster(arn) if host.provider == provider.name]:
            host.provider = ""
    del backend.capacity_providers[provider.name]
    return provider


def describe(backend: Any, names: list[str] | None) -> tuple[list[dict[str, Any]], list[dict[str, str]]]:
    fargate = {
        name: {
            "capacityProviderArn": f"arn:aws:ecs:{backend.region_name}:{backend.account_id}:capacity-provider/{name}",
            "name": name,
            "status": "ACTIVE",
            "type": name,
        }
        for name in FARGATE_PROVIDERS
    }
    if not names:
        return [*fargate.values(), *(one.describe() for one in backend.capacity_providers.values())], []
    found = [fargate.get(name) or (one.describe() if (one := find(backend, name)) else None) for name in names]
    missing = [{"arn": name, "reason": "MISSING"} for name, one in zip(names, found) if one is None]
    return [one for one in found if one], missing


def associate(backend: Any, cluster: Any, names: list[str], strategy: list[dict[str, Any]]) -> None:
    """A provider that goes must have nobody who uses it: services move first, in a deployment of their own."""
    for name in names:
        if name not in FARGATE_PROVIDERS and (_known(backend, name).kind != "EC2"):
            raise InvalidParameterException(f"The capacity provider {name} belongs to its cluster already.")
    for name in [name for name in cluster.capacity_providers or [] if name not in names]:
        if used := users(backend, name, cluster.name):
            raise EcsClientException(
                f"The specified capacity provider {name} is in use and cannot be removed: service {used[0]} runs on it. "
                "Move the service in a deployment before."
            )
    check_strategy(backend, cluster, strategy, names)
    cluster.capacity_providers, cluster.default_capacity_provider_strategy = names, strategy
    for provider in backend.capacity_providers.values():
        if provider.name in names:
            provider.pool(cluster).sync()


def check_strategy(
    backend: Any, cluster: Any, strategy: list[dict[str, Any]], associated: list[str] | None = None
) -> str | None:
    """The one kind of capacity that a strategy names; None where there is no strategy."""
    known = cluster.capacity_providers or [] if associated is None else associated
    kinds = []
    for item in strategy:
        name = item["capacityProvider"]
        provider = None if name in FARGATE_PROVIDERS else find(backend, name)
        own = provider is not None and provider.cluster == cluster.name
        if name not in known and not own:
            raise InvalidParameterException(
                f"The specified capacity provider {name} was not found: it is not associated with the cluster {cluster.name}."
            )
        kinds.append(provider.kind if provider else "FARGATE")
    if len(set(kinds)) > 1:
        raise InvalidParameterException(
            "A capacity provider strategy cannot contain a mix of capacity providers using "
            "Auto Scaling groups, Fargate and managed instances."
        )
    if sum(int(item.get("base") or 0) > 0 for item in strategy) > 1:
        raise InvalidParameterException("Only one capacity provider in a strategy can have a base.")
    return kinds[0] if kinds else None


def users(backend: Any, provider: str, cluster: str | None = None) -> list[str]:
    """The services that run on the provider, or would."""
    return [
        service.name
        for service in list(backend.services.values())
        if service.status == "ACTIVE"
        and cluster in (None, service.cluster_name)
        and any(item["capacityProvider"] == provider for item in getattr(service, "capacity_provider_strategy", None) or [])
    ]


def check_cluster_is_empty(backend: Any, cluster: Any) -> None:
    if hosts.of_cluster(cluster.arn):
        raise EcsClientException("The Cluster cannot be deleted while Container Instances are active or draining.")
    if any(provider.cluster == cluster.name for provider in backend.capacity_providers.values()):
        raise EcsClientException(
            "The Cluster cannot be deleted while Cluster Scoped Capacity Providers are attached to the cluster."
        )
    if any(s.cluster_name == cluster.name and s.status == "ACTIVE" for s in list(backend.services.values())):
        raise EcsClientException("The Cluster cannot be deleted while Services are active.")


def pools_of(backend: Any, cluster: Any) -> list[Pool]:
    names = cluster.capacity_providers or []
    ours = [one for one in list(backend.capacity_providers.values()) if one.name in names or one.cluster == cluster.name]
    return [provider.pool(cluster) for provider in ours]


def _known(backend: Any, name: str) -> Provider:
    provider = find(backend, name)
    if provider is None:
        raise InvalidParameterException(f"The specified capacity provider {name} does not exist.")
    return provider

