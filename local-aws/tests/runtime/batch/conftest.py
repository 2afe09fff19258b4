"""A queue on a Fargate compute environment, an image that runs Python, and jobs on them."""

from __future__ import annotations

import sys
import uuid
from pathlib import Path
from typing import Any

import pytest

from runtime.waiting import eventually

ENDED = ("SUCCEEDED", "FAILED")


class BatchApp:
    """AWS Batch as a test needs it: short ways to make things, and to wait for what becomes of a job."""

    def __init__(self, local_aws: Any, image: str) -> None:
        self.local, self.image = local_aws, image
        self.client = local_aws.client("batch")

    def environment(self, max_vcpus: int = 16, kind: str = "FARGATE", **resources: Any) -> str:
        network = {"subnets": [self._subnet()], "securityGroupIds": [self._security_group()]}
        given = {"type": kind, "maxvCpus": max_vcpus, **network, **resources}
        return self.client.create_compute_environment(
            computeEnvironmentName=_name(), type="MANAGED", state="ENABLED", computeResources=given, serviceRole=self._role()
        )["computeEnvironmentArn"]

    def queue(self, environment: str | None = None, priority: int = 1) -> str:
        order = [{"order": 1, "computeEnvironment": environment or self.environment()}]
        return self.client.create_job_queue(
            jobQueueName=_name(), state="ENABLED", priority=priority, computeEnvironmentOrder=order
        )["jobQueueArn"]

    def definition(
        self, script: str | None = None, vcpus: str = "1", top: dict[str, Any] | None = None, **properties: Any
    ) -> str:
        container = {
            "image": self.image,
            "resourceRequirements": [{"type": "VCPU", "value": vcpus}, {"type": "MEMORY", "value": "2048"}],
            **({"command": ["python3", "-c", script]} if script else {}),
            **properties,
        }
        return self.client.register_job_definition(
            jobDefinitionName=_name(), type="container", containerProperties=container, **(top or {})
        )["jobDefinitionArn"]

    def submit(self, queue: str, definition: str, **given: Any) -> str:
        return self.client.submit_job(jobName="job", jobQueue=queue, jobDefinition=definition, **given)["jobId"]

    def job(self, job_id: str) -> dict[str, Any]:
        return self.client.describe_jobs(jobs=[job_id])["jobs"][0]

    def status(self, job_id: str) -> str:
        return self.job(job_id)["status"]

    def ended(self, job_id: str) -> dict[str, Any]:
        eventually(lambda: self.status(job_id) in ENDED, f"job {job_id} ends")
        return self.job(job_id)

    def reached(self, job_id: str, status: str) -> dict[str, Any]:
        eventually(lambda: self.status(job_id) == status, f"job {job_id} is {status}")
        return self.job(job_id)

    def lines(self, group: str, stream: str) -> list[str]:
        found = self.local.client("logs").get_log_events(logGroupName=group, logStreamName=stream)["events"]
        return [event["message"] for event in found]

    def _subnet(self) -> str:
        return self.local.client("ec2").describe_subnets()["Subnets"][0]["SubnetId"]

    def _security_group(self) -> str:
        return self.local.client("ec2").describe_security_groups()["SecurityGroups"][0]["GroupId"]

    def _role(self) -> str:
        iam = self.local.client("iam")
        return iam.create_role(RoleName=_name(), AssumeRolePolicyDocument="{}")["Role"]["Arn"]


@pytest.fixture
def batch(local_aws: Any, tmp_path: Path) -> BatchApp:
    from localaws.containers import images

    image = f"registry.example/{_name()}:1"
    images.map_to_folder(
        {"image": image, "directory": str(tmp_path), "command": [sys.executable, "-c", "print('from the image')"]}
    )
    return BatchApp(local_aws, image)


def _name() -> str:
    return f"n{uuid.uuid4().hex[:12]}"
