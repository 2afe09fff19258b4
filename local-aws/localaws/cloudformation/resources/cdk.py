"""AWS::CDK::*: what the CDK notes about itself in a template."""

from __future__ import annotations

from localaws.cloudformation.model import Made, Request, ResourceModel, register
from localaws.cloudformation.state import StackResource


class Metadata(ResourceModel):
    """Nothing stands behind it in AWS either: CloudFormation keeps it in the template alone."""

    type = "AWS::CDK::Metadata"

    def create(self, request: Request) -> Made:
        return Made(request.generated_name())

    def can_update(self, request: Request, current: StackResource) -> bool:
        return True

    def update(self, request: Request, current: StackResource) -> Made:
        return Made(current.physical_id)

    def delete(self, request: Request, current: StackResource) -> None:
        return None


register(Metadata())
