"""Mends of ECS. What tasks and services do is not moto's at all, but that of the package `localaws.ecs`."""

from __future__ import annotations

from moto.ecs.models import EC2ContainerServiceBackend


def install() -> None:
    list_active_clusters_only()


def list_active_clusters_only() -> None:
    """ListClusters lists deleted clusters for ever; AWS keeps them for DescribeClusters alone."""

    def list_clusters(self: EC2ContainerServiceBackend) -> list[str]:
        return [cluster.arn for cluster in self.clusters.values() if cluster.status != "INACTIVE"]

    EC2ContainerServiceBackend.list_clusters = list_clusters
