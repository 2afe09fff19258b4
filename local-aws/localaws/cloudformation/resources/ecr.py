"""AWS::ECR::*"""

from __future__ import annotations

from typing import Any

from localaws.cloudformation.api_resource import call, resource
from localaws.cloudformation.model import Made, Request
from localaws.cloudformation.properties import as_boolean, as_text
from localaws.cloudformation.tagging import Tagging


def _configure(request: Request, made: Made) -> None:
    client, properties = request.client("ecr"), request.properties
    name: dict[str, Any] = {"repositoryName": made.physical_id}
    if "LifecyclePolicy" in properties:
        client.put_lifecycle_policy(**name, lifecyclePolicyText=properties["LifecyclePolicy"]["LifecyclePolicyText"])
    if "RepositoryPolicyText" in properties:
        client.set_repository_policy(**name, policyText=as_text(properties["RepositoryPolicyText"]))
    if "ImageScanningConfiguration" in properties:
        on_push = as_boolean(properties["ImageScanningConfiguration"].get("ScanOnPush", False))
        client.put_image_scanning_configuration(**name, imageScanningConfiguration={"scanOnPush": on_push})
    if "ImageTagMutability" in properties:
        client.put_image_tag_mutability(**name, imageTagMutability=properties["ImageTagMutability"])


def _repository(request: Request, properties: dict[str, Any]) -> dict[str, Any]:
    """A generated name is in lower case. `EmptyOnDelete` says how the deletion goes, and is no property of the
    repository.
    """
    properties.pop("EmptyOnDelete", None)
    if "RepositoryName" in properties and "RepositoryName" not in request.properties:
        properties["RepositoryName"] = properties["RepositoryName"].lower()
    return properties


resource(
    "AWS::ECR::Repository",
    service="ecr",
    create="create_repository",
    name="RepositoryName",
    reads=call("describe_repositories", repositoryNames=["$id"]),
    found="repositories.0",
    identifier="answer.repository.repositoryName",
    attributes={"Arn": "answer.repository.repositoryArn", "RepositoryUri": "answer.repository.repositoryUri"},
    prepare=_repository,
    separate=("LifecyclePolicy", "RepositoryPolicyText"),
    after=_configure,
    in_place_after=("EmptyOnDelete", "ImageScanningConfiguration", "ImageTagMutability"),
    tagging=Tagging("tag_resource", "untag_resource", "resourceArn", "tags", "tagKeys", arn="Arn", listed=True),
    delete=call("delete_repository", repositoryName="$id", force="$properties.EmptyOnDelete"),
)
