"""Whether a compute environment has room for a job, and whether it could ever have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from moto.ec2.models.instance_types import INSTANCE_TYPES

from localaws.batch.definition import requirement
from localaws.batch.job import Job

_MOST_PROCESSES = 64
"""Jobs at once on this machine, whatever the compute environments would allow."""
_GENERAL_FAMILIES = ("c", "m", "r")
"""What `optimal` stands for; none of them has a GPU."""


@dataclass(frozen=True)
class Size:
    vcpus: float
    memory: float
    gpus: float

    def holds(self, other: Size) -> bool:
        return self.vcpus >= other.vcpus and self.memory >= other.memory and self.gpus >= other.gpus


def size_of(job: Job) -> Size:
    return Size(*(requirement(job.container, kind) for kind in ("VCPU", "MEMORY", "GPU")))


def place(job: Job, busy: list[Job]) -> Any | None:
    """The first compute environment of the job's queue that has room beside the jobs that are busy now."""
    if len(busy) >= _MOST_PROCESSES:
        return None
    for environment in job.queue.environments:
        used = sum(size_of(other).vcpus for other in busy if other.compute_environment is environment)
        if environment.state != "DISABLED" and can_ever_hold(environment, job):
            if used + size_of(job).vcpus <= _most_vcpus(environment):
                return environment
    return None


def can_ever_hold(environment: Any, job: Job) -> bool:
    size = size_of(job)
    if size.vcpus > _most_vcpus(environment):
        return False
    kind = (environment.compute_resources or {}).get("type", "EC2")
    if kind in ("FARGATE", "FARGATE_SPOT"):
        return size.gpus == 0
    return any(machine.holds(size) for machine in _machines(environment))


def _most_vcpus(environment: Any) -> float:
    """An unmanaged environment has no bound of its own."""
    most = (environment.compute_resources or {}).get("maxvCpus")
    return float("inf") if most is None else float(most)


def _machines(environment: Any) -> list[Size]:
    wanted = (environment.compute_resources or {}).get("instanceTypes") or ["optimal"]
    names = {name for entry in wanted for name in INSTANCE_TYPES if _is_meant(entry, name)}
    return [_machine(INSTANCE_TYPES[name]) for name in names]


def _is_meant(entry: str, name: str) -> bool:
    """An instance type, a family of them, or `optimal` and the other words for general families."""
    family = name.split(".", 1)[0]
    if entry in (name, family):
        return True
    return (
        entry in ("optimal", "default_x86_64", "default_arm64") and family[:1] in _GENERAL_FAMILIES and family[1:2].isdigit()
    )


def _machine(described: dict[str, Any]) -> Size:
    gpus = sum(gpu.get("Count", 0) for gpu in (described.get("GpuInfo") or {}).get("Gpus", []))
    return Size(described["VCpuInfo"]["DefaultVCpus"], described["MemoryInfo"]["SizeInMiB"], gpus)
