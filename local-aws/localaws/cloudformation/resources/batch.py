"""AWS::Batch::*"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from localaws.cloudformation.api_resource import ApiResource, call, resource
from localaws.cloudformation.model import Made, Request, register
from localaws.cloudformation.properties import Placement
from localaws.cloudformation.state import StackResource
from localaws.cloudformation.tagging import Tagging
from localaws.errors import NotModelled

Properties = dict[str, Any]


def _tagging(arn: str = "") -> Tagging:
    return Tagging("tag_resource", "untag_resource", "resourceArn", "tags", "tagKeys", arn=arn)


def _service_linked_role(request: Request) -> str:
    """AWS makes this role when an account creates its first compute environment."""
    iam, name = request.client("iam"), "AWSServiceRoleForBatch"
    try:
        return iam.get_role(RoleName=name)["Role"]["Arn"]
    except iam.exceptions.NoSuchEntityException:
        path = "/aws-service-role/batch.amazonaws.com/"
        return iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument="{}")["Role"]["Arn"]


def _compute_environment(request: Request, properties: Properties) -> Properties:
    if "EksConfiguration" in properties:
        raise NotModelled(
            f"Property EksConfiguration of {request.logical_id}: Batch on EKS is not modelled by the local AWS"
        )
    properties.pop("ReplaceComputeEnvironment", None)  # says how CloudFormation updates, nothing about the environment
    for name in ("Type", "State"):
        if name in properties:
            properties[name] = properties[name].upper()
    if "ComputeResources" in properties:
        properties["ComputeResources"] = _compute_resources(properties["ComputeResources"])
    if "ServiceRole" not in properties:
        properties["ServiceRole"] = _service_linked_role(request)
    return properties


def _compute_resources(resources: Properties) -> Properties:
    resources = {**resources}
    if "Type" in resources:
        resources["Type"] = resources["Type"].upper()
        if "FARGATE" not in resources["Type"]:
            resources.setdefault("MinvCpus", 0)
            resources.setdefault("DesiredvCpus", resources["MinvCpus"])
    resources.pop("UpdateToLatestImageVersion", None)
    return resources


def _put_update_policy(request: Request, made: Made) -> None:
    """Only UpdateComputeEnvironment takes it, though templates declare it from the start."""
    if "UpdatePolicy" in request.properties:
        client, owner = request.client("batch"), f"{request.logical_id} ({request.type})"
        placement = Placement(client, "update_compute_environment", owner)
        policy = {"ComputeEnvironment": made.physical_id, "UpdatePolicy": request.properties["UpdatePolicy"]}
        client.update_compute_environment(**placement.place(policy))


resource(
    "AWS::Batch::ComputeEnvironment",
    service="batch",
    create="create_compute_environment",
    name="ComputeEnvironmentName",
    reads=call("describe_compute_environments", computeEnvironments=["$id"]),
    found="computeEnvironments.0",
    identifier="answer.computeEnvironmentArn",
    attributes={"ComputeEnvironmentArn": "answer.computeEnvironmentArn"},
    prepare=_compute_environment,
    update=call("update_compute_environment", computeEnvironment="$id"),
    separate=("UpdatePolicy",),
    after=_put_update_policy,
    in_place=("ComputeResources", "ServiceRole", "State"),
    tagging=_tagging(),
    delete=call("delete_compute_environment", computeEnvironment="$id"),
)


def _disable_queue(request: Request, made: Made) -> None:
    """Only a disabled queue can be deleted."""
    request.client("batch").update_job_queue(jobQueue=made.physical_id, state="DISABLED")


resource(
    "AWS::Batch::JobQueue",
    service="batch",
    create="create_job_queue",
    name="JobQueueName",
    reads=call("describe_job_queues", jobQueues=["$id"]),
    found="jobQueues.0",
    identifier="answer.jobQueueArn",
    attributes={"JobQueueArn": "answer.jobQueueArn"},
    defaults={"State": "ENABLED"},
    update=call("update_job_queue", jobQueue="$id"),
    in_place=("ComputeEnvironmentOrder", "JobStateTimeLimitActions", "Priority", "SchedulingPolicyArn", "State"),
    resets={"JobStateTimeLimitActions": [], "State": "ENABLED"},
    tagging=_tagging(),
    before_delete=_disable_queue,
    delete=call("delete_job_queue", jobQueue="$id"),
)

resource(
    "AWS::Batch::SchedulingPolicy",
    service="batch",
    create="create_scheduling_policy",
    name="Name",
    reads=call("describe_scheduling_policies", arns=["$id"]),
    found="schedulingPolicies.0",
    identifier="answer.arn",
    attributes={"Arn": "answer.arn"},
    update=call("update_scheduling_policy", arn="$id"),
    in_place=("FairsharePolicy",),
    tagging=_tagging(),
    delete=call("delete_scheduling_policy", arn="$id"),
)


class _JobDefinition(ApiResource):
    """A change registers a new revision under the same name, as CloudFormation does."""

    def can_update(self, request: Request, current: StackResource) -> bool:
        return all(request.properties.get(name) == current.properties.get(name) for name in ("JobDefinitionName", "Type"))

    def update(self, request: Request, current: StackResource) -> Made:
        name, _revision = current.physical_id.rsplit("/", 1)[1].split(":")
        return self.create(replace(request, properties={**request.properties, "JobDefinitionName": name}))

    def keeps_superseded(self, properties: Properties) -> bool:
        policy = properties.get("ResourceRetentionPolicy", {})
        return str(policy.get("SkipDeregisterOnUpdate")).lower() == "true"


def _job_definition(request: Request, properties: Properties) -> Properties:
    if "EksProperties" in properties:
        raise NotModelled(f"Property EksProperties of {request.logical_id}: Batch on EKS is not modelled by the local AWS")
    unknown = set(properties.pop("ResourceRetentionPolicy", {})) - {"SkipDeregisterOnUpdate"}
    if unknown:
        raise NotModelled(
            f"Property ResourceRetentionPolicy.{unknown.pop()} of {request.logical_id} is not modelled by the local AWS"
        )
    return properties


register(
    _JobDefinition(
        "AWS::Batch::JobDefinition",
        service="batch",
        create_operation="register_job_definition",
        name="JobDefinitionName",
        revisions=True,
        reads=call("describe_job_definitions", jobDefinitions=["$id"]),
        found="jobDefinitions.0",
        identifier="answer.jobDefinitionArn",
        attributes={"JobDefinitionArn": "answer.jobDefinitionArn"},
        prepare=_job_definition,
        delete_call=call("deregister_job_definition", jobDefinition="$id"),
    )
)
