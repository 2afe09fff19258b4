"""What the container definitions of ECS tasks and the container properties of Batch jobs have in common."""

from __future__ import annotations

from localaws import context
from localaws.containers import secrets
from localaws.containers.entries import start_of_entry
from localaws.containers.logs import LogSink
from localaws.errors import NotModelled

_LOG_OPTIONS = {
    "awslogs-group",
    "awslogs-region",
    "awslogs-stream-prefix",
    "awslogs-create-group",
    "awslogs-datetime-format",
    "awslogs-multiline-pattern",
    "mode",
    "max-buffer-size",
}


def environment_of(container_definition: dict, region: str) -> dict[str, str]:
    """What the container finds in its environment; its own definition wins over what the local model adds."""
    environment = context.credentials_environment(region)
    environment.update({entry["name"]: entry.get("value", "") for entry in container_definition.get("environment") or []})
    for secret in container_definition.get("secrets") or []:
        environment[secret["name"]] = secrets.value(region, secret["valueFrom"])
    return environment


def log_sink_of(container_definition: dict, region: str, task_or_job_id: str) -> LogSink | None:
    """The stream `prefix/container/id` of the awslogs driver, or None where no logs were asked for."""
    configuration = container_definition.get("logConfiguration")
    if not configuration:
        return None
    if configuration.get("logDriver") != "awslogs":
        raise NotModelled(f"log driver {configuration.get('logDriver')} is not modelled by the local AWS, only awslogs is")
    options = configuration.get("options") or {}
    unknown = sorted(set(options) - _LOG_OPTIONS)
    if unknown:
        raise NotModelled(f"awslogs option {', '.join(unknown)} is not modelled by the local AWS")
    container = container_definition.get("name", "default")
    prefix = options.get("awslogs-stream-prefix")
    return LogSink(
        options.get("awslogs-region", region),
        options["awslogs-group"],
        f"{prefix}/{container}/{task_or_job_id}" if prefix else task_or_job_id,
        create_group=options.get("awslogs-create-group") == "true",
        entry_start=start_of_entry(options),
    )
