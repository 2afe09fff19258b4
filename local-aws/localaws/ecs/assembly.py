"""From a task definition and its overrides to containers that are ready to start: images, ports, environment, logs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from localaws import context, control
from localaws.containers import definition as containers
from localaws.containers import images
from localaws.containers.images import Image
from localaws.containers.logs import LogSink
from localaws.containers.process import ContainerSpec
from localaws.ecs import dependencies, environmentfiles, ports
from localaws.ecs.container import LineTail, LocalContainer
from localaws.ecs.network import TaskNetworkInterface
from localaws.errors import LocalAwsError, NotModelled
from localaws.serviceconnect import hooks

if TYPE_CHECKING:
    from localaws.ecs.task import TaskRequest

AGENT = "agent"
"""The control route that stands for the ECS agent, which a task finds in `ECS_AGENT_URI`."""

_NOT_MODELLED = ("firelensConfiguration", "links", "extraHosts", "credentialSpecs", "volumesFrom")
_VOLUME_KINDS = (
    "efsVolumeConfiguration",
    "dockerVolumeConfiguration",
    "fsxWindowsFileServerVolumeConfiguration",
    "s3filesVolumeConfiguration",
)


def check(task_definition: Any) -> None:
    """Refuse, before anything starts, a task that could not run as declared."""
    dependencies.check(task_definition.container_definitions)
    for volume in task_definition.volumes or []:
        if kind := next((kind for kind in _VOLUME_KINDS if volume.get(kind)), None):
            raise NotModelled(f"volume {volume['name']} with {kind} is not modelled by the local AWS")
    if task_definition.proxy_configuration:
        raise NotModelled("'proxyConfiguration' of a task definition is not modelled by the local AWS")
    for container in task_definition.container_definitions:
        _check_container(container)


def _check_container(container: dict[str, Any]) -> None:
    images.check(container["image"])
    for key in _NOT_MODELLED:
        if container.get(key):
            raise NotModelled(f"'{key}' of container {container['name']} is not modelled by the local AWS")


def interface_of(request: TaskRequest) -> TaskNetworkInterface | None:
    if request.task_definition.network_mode != "awsvpc" or not request.network_configuration:
        return None
    zone = request.host.zone if request.host else None
    return TaskNetworkInterface.attach(request.account, request.region, request.network_configuration, zone)


def containers_of(request: TaskRequest, task_id: str) -> list[LocalContainer]:
    """Every container with its local ports and all that its process needs; a failure is worded as ECS words it."""
    dependencies.check(request.task_definition.container_definitions)
    definitions = [_overridden(d, request.overrides) for d in request.task_definition.container_definitions]
    found = [_pull(definition) for definition in definitions]
    made = [LocalContainer(definition, _ports_of(definition)) for definition in definitions]
    localhost = {
        f"{host}:{port}": local for c in made for port, local in c.ports.items() for host in ("localhost", "127.0.0.1")
    }
    try:
        for container, image in zip(made, found):
            container.tail = LineTail(containers.log_sink_of(container.definition, request.region, task_id))
            container.spec = _spec(container, image, request, localhost, task_id)
    except BaseException:
        release(made)
        raise
    return made


def release(made: list[LocalContainer]) -> None:
    for container in made:
        for port in container.ports.values():
            ports.release(port)


def _pull(definition: dict[str, Any]) -> Image:
    try:
        return images.find(definition["image"])
    except images.ImageMissing as missing:
        said = "CannotPullContainerError: pull image manifest has been retried 1 time(s)"
        raise LocalAwsError(f"{said}: {missing}") from missing
    except NotModelled as unknown:
        raise LocalAwsError(f"CannotPullContainerError: {unknown}") from unknown


def _ports_of(definition: dict[str, Any]) -> dict[int, int]:
    return {int(mapping["containerPort"]): ports.reserve() for mapping in definition.get("portMappings") or []}


def _spec(
    container: LocalContainer, image: Image, request: TaskRequest, localhost: dict[str, int], task_id: str
) -> ContainerSpec:
    definition = container.definition
    environment = {
        **environmentfiles.read(definition, request.region),
        **containers.environment_of(definition, request.region),
        "ECS_AGENT_URI": f"{context.endpoint()}{control.PREFIX}{AGENT}/{task_id}",
    }
    environment.update(_port_variables(environment, container.ports))
    names = {**{name: f"127.0.0.1:{port}" for name, port in localhost.items()}, **(request.names or {})}
    hooks.add(environment, image.environment, names)
    return ContainerSpec(
        container.name,
        image,
        environment,
        definition.get("entryPoint"),
        definition.get("command"),
        log=cast(LogSink, container.tail),
    )


def _port_variables(environment: dict[str, str], mapped: dict[int, int]) -> dict[str, str]:
    """PORT becomes the local port: of the declared PORT where it is mapped, else of the first mapping.

    Where a container maps several ports, PORT_<containerPort> names the local port of each.
    """
    if not mapped:
        return {}
    declared = environment.get("PORT", "")
    first = mapped.get(int(declared)) if declared.isdigit() else None
    several = {f"PORT_{port}": str(local) for port, local in mapped.items()} if len(mapped) > 1 else {}
    return {"PORT": str(first or next(iter(mapped.values()))), **several}


def _overridden(definition: dict[str, Any], overrides: dict[str, Any]) -> dict[str, Any]:
    """The container definition with RunTask's overrides for it."""
    for override in overrides.get("containerOverrides") or []:
        if override.get("name") == definition["name"]:
            given = {key: override[key] for key in ("command", "cpu", "memory") if key in override}
            added = {
                entry["name"]: entry
                for entry in [*(definition.get("environment") or []), *(override.get("environment") or [])]
            }
            return {**definition, **given, "environment": list(added.values())}
    return definition
