"""Where capacity providers and container instances hang in moto's ECS API: each function takes the place of an action."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import wraps
from typing import Any

from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup
from moto.core.responses import ActionResult
from moto.ecs.exceptions import InvalidParameterException
from moto.ecs.responses import EC2ContainerServiceResponse

from localaws.ecs import controller, hosts, providers, scalein
from localaws.ecs.refusing import refusing
from localaws.errors import NotModelled


def install() -> None:
    for action in (
        create_capacity_provider,
        update_capacity_provider,
        delete_capacity_provider,
        describe_capacity_providers,
        put_cluster_capacity_providers,
        delete_cluster,
        list_container_instances,
        describe_container_instances,
        register_container_instance,
        deregister_container_instance,
        update_container_instances_state,
    ):
        setattr(EC2ContainerServiceResponse, action.__name__, action)
    _wake_when_a_group_changes()


def _wake_when_a_group_changes() -> None:
    """Daemons follow the instances that come and go, and tasks of instances that went are replaced."""

    def waking(original: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(original)
        def changed(*arguments: Any, **more: Any) -> Any:
            answer = original(*arguments, **more)
            controller.wake()
            return answer

        return changed

    FakeAutoScalingGroup.set_desired_capacity = waking(FakeAutoScalingGroup.set_desired_capacity)
    AutoScalingBackend.terminate_instance = waking(AutoScalingBackend.terminate_instance)
    AutoScalingBackend.delete_auto_scaling_group = waking(AutoScalingBackend.delete_auto_scaling_group)


@refusing
def create_capacity_provider(self: EC2ContainerServiceResponse) -> ActionResult:
    provider = providers.create(self.ecs_backend, copy.deepcopy(self._get_params()))
    return ActionResult({"capacityProvider": provider.describe()})


@refusing
def update_capacity_provider(self: EC2ContainerServiceResponse) -> ActionResult:
    provider = providers.update(self.ecs_backend, copy.deepcopy(self._get_params()))
    return ActionResult({"capacityProvider": provider.describe()})


@refusing
def delete_capacity_provider(self: EC2ContainerServiceResponse) -> ActionResult:
    deleted = providers.delete(self.ecs_backend, self._get_param("capacityProvider")).describe()
    return ActionResult({"capacityProvider": {**deleted, "status": "INACTIVE"}})


def describe_capacity_providers(self: EC2ContainerServiceResponse) -> ActionResult:
    found, missing = providers.describe(self.ecs_backend, self._get_param("capacityProviders"))
    return ActionResult({"capacityProviders": found, "failures": missing})


@refusing
def put_cluster_capacity_providers(self: EC2ContainerServiceResponse) -> ActionResult:
    cluster = self.ecs_backend._get_cluster(self._get_param("cluster"))
    strategy = copy.deepcopy(self._get_param("defaultCapacityProviderStrategy") or [])
    providers.associate(self.ecs_backend, cluster, list(self._get_param("capacityProviders") or []), strategy)
    controller.wake()
    return ActionResult({"cluster": cluster})


@refusing
def delete_cluster(self: EC2ContainerServiceResponse) -> ActionResult:
    """Where the group of a registered instance has gone, the instance is no longer there either."""
    backend = self.ecs_backend
    cluster = backend._get_cluster(self._get_param("cluster"))
    scalein.forget_gone_hosts(backend, cluster)
    providers.check_cluster_is_empty(backend, cluster)
    return ActionResult({"cluster": backend.delete_cluster(cluster.name)})


def list_container_instances(self: EC2ContainerServiceResponse) -> ActionResult:
    cluster = self.ecs_backend._get_cluster(self._get_param("cluster", "default"))
    scalein.look_for_instances()
    status = self._get_param("status")
    found = [host.arn for host in hosts.of_cluster(cluster.arn) if status in (None, host.status)]
    return ActionResult({"containerInstanceArns": found})


def describe_container_instances(self: EC2ContainerServiceResponse) -> ActionResult:
    cluster = self.ecs_backend._get_cluster(self._get_param("cluster", "default"))
    known: dict[str, Any] = {host.id: host for host in hosts.of_cluster(cluster.arn)}
    wanted = self._get_param("containerInstances", [])
    if not wanted:
        raise InvalidParameterException("Container Instances cannot be empty.")
    ids = [name.rpartition("/")[2] for name in wanted]
    missing = [{"arn": name, "reason": "MISSING"} for name, one in zip(wanted, ids) if one not in known]
    return ActionResult({"containerInstances": [known[one].describe() for one in ids if one in known], "failures": missing})


@refusing
def register_container_instance(self: EC2ContainerServiceResponse) -> ActionResult:
    raise NotModelled("RegisterContainerInstance is not modelled by the local AWS: instances of a capacity provider register")


@refusing
def deregister_container_instance(self: EC2ContainerServiceResponse) -> ActionResult:
    raise NotModelled("DeregisterContainerInstance is not modelled by the local AWS: instances end with their group")


@refusing
def update_container_instances_state(self: EC2ContainerServiceResponse) -> ActionResult:
    raise NotModelled("UpdateContainerInstancesState is not modelled by the local AWS: it drains instances by itself")
