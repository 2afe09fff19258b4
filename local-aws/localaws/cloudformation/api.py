"""The CloudFormation API, as the CDK command line and the SDKs call it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote, urlparse

from botocore.exceptions import ClientError
from moto.core.exceptions import ServiceException
from moto.core.responses import ActionResult, BaseResponse, EmptyResult

from localaws import context
from localaws.cloudformation import changeset, descriptions, operations
from localaws.cloudformation import parameters as template_parameters
from localaws.cloudformation import template as templates
from localaws.cloudformation.state import REGIONS, ChangeSet, Region, Stack, new_arn
from localaws.cloudformation.template import Template
from localaws.errors import LocalAwsError


class ValidationError(ServiceException):
    code = "ValidationError"


class AlreadyExists(ServiceException):
    code = "AlreadyExistsException"


class ChangeSetNotFound(ServiceException):
    code = "ChangeSetNotFound"


class InvalidChangeSetStatus(ServiceException):
    code = "InvalidChangeSetStatus"


class CloudFormationApi(BaseResponse):
    """One method for each operation, named as moto's dispatcher looks for it."""

    def __init__(self) -> None:
        super().__init__(service_name="cloudformation")
        self.automated_parameter_parsing = True

    @property
    def _region(self) -> Region:
        return REGIONS[self.region]

    # -- change sets

    def create_change_set(self) -> ActionResult:
        with self._region.lock:
            stack = self._stack_for_change_set()
            change_set = self._change_set(stack, self._get_param("ChangeSetName"))
            self._region.add_change_set(change_set)
        return ActionResult({"Id": change_set.arn, "StackId": stack.arn})

    def describe_change_set(self) -> ActionResult:
        return ActionResult(descriptions.change_set(self._given_change_set()))

    def list_change_sets(self) -> ActionResult:
        change_sets = self._region.change_sets(self._given_stack())
        return ActionResult({"Summaries": [descriptions.change_set(change_set) for change_set in change_sets]})

    def delete_change_set(self) -> ActionResult:
        stack = self._find_stack(self._get_param("StackName"))
        change_set = self._region.change_set(self._get_param("ChangeSetName"), stack)
        if change_set:
            self._region.remove_change_set(change_set)
        return EmptyResult()

    def execute_change_set(self) -> ActionResult:
        change_set = self._given_change_set()
        if change_set.execution_status != "AVAILABLE":
            raise InvalidChangeSetStatus(
                f"ChangeSet [{change_set.arn}] cannot be executed in its current status of [{change_set.status}]"
            )
        self._refuse_while_busy(change_set.stack)
        operations.execute(self._region, change_set, bool(self._get_param("DisableRollback", False)))
        return EmptyResult()

    def _given_change_set(self) -> ChangeSet:
        name = self._get_param("ChangeSetName")
        change_set = self._region.change_set(name, self._find_stack(self._get_param("StackName")))
        if change_set is None:
            raise ChangeSetNotFound(f"ChangeSet [{name}] does not exist")
        return change_set

    def _stack_for_change_set(self) -> Stack:
        name, kind = self._get_param("StackName"), self._get_param("ChangeSetType", "UPDATE")
        if kind == "IMPORT":
            raise ValidationError("Importing resources into a stack is not modelled by the local AWS")
        stack = self._find_stack(name)
        if kind == "UPDATE":
            stack = self._given_stack()
            self._refuse_what_cannot_be_updated(stack)
            return stack
        if stack and stack.status != "REVIEW_IN_PROGRESS":
            change_set = self._get_param("ChangeSetName")
            raise ValidationError(
                f"Stack [{name}] already exists and cannot be created again with the changeSet [{change_set}]."
            )
        if stack is None:
            stack = self._new_stack(name)
            stack.move_to("REVIEW_IN_PROGRESS", "User Initiated")
        return stack

    def _change_set(self, stack: Stack, name: str) -> ChangeSet:
        template, parameters = self._template(stack), self._parameters(stack)
        tags = {tag["Key"]: tag["Value"] for tag in self._get_param("Tags", [])}
        try:
            resolved = template_parameters.resolve(template, parameters, self.region)
            changes = changeset.changes(stack, template, resolved)
        except (LocalAwsError, ValueError, ClientError) as error:
            raise ValidationError(operations.reason_of(error)) from error
        made = ChangeSet(
            name,
            new_arn(self.region, "changeSet", name),
            self._get_param("ChangeSetType", "UPDATE"),
            stack,
            template,
            parameters,
            resolved,
            tags,
            self._get_param("RoleARN"),
            self._get_param("Description"),
            changes,
        )
        if made.kind == "UPDATE" and changeset.is_empty(made):
            made.status, made.execution_status, made.status_reason = "FAILED", "UNAVAILABLE", changeset.NO_CHANGES
        return made

    # -- stacks

    def create_stack(self) -> ActionResult:
        name = self._get_param("StackName")
        with self._region.lock:
            if self._find_stack(name):
                raise AlreadyExists(f"Stack [{name}] already exists")
            stack = self._new_stack(name)
            try:
                change_set = self._change_set(stack, "direct")
            except ServiceException:
                self._region.forget(stack)
                raise
        operations.execute(self._region, change_set, bool(self._get_param("DisableRollback", False)))
        return ActionResult({"StackId": stack.arn})

    def update_stack(self) -> ActionResult:
        stack = self._given_stack()
        self._refuse_while_busy(stack)
        self._refuse_what_cannot_be_updated(stack)
        change_set = self._change_set(stack, "direct")
        if change_set.status == "FAILED":
            raise ValidationError("No updates are to be performed.")
        operations.execute(self._region, change_set, bool(self._get_param("DisableRollback", False)))
        return ActionResult({"StackId": stack.arn})

    def delete_stack(self) -> ActionResult:
        stack = self._find_stack(self._get_param("StackName"))
        if stack and stack.status != "DELETE_COMPLETE":
            if stack.termination_protection:
                raise ValidationError(f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled")
            self._refuse_while_busy(stack)
            operations.delete(self._region, stack)
        return EmptyResult()

    def update_termination_protection(self) -> ActionResult:
        stack = self._given_stack()
        stack.termination_protection = bool(self._get_param("EnableTerminationProtection"))
        return ActionResult({"StackId": stack.arn})

    def describe_stacks(self) -> ActionResult:
        stacks = [self._given_stack()] if self._get_param("StackName") else self._region.living
        return ActionResult({"Stacks": [descriptions.stack(stack) for stack in stacks]})

    def list_stacks(self) -> ActionResult:
        wanted = self._get_param("StackStatusFilter", [])
        stacks = [stack for stack in self._region.stacks if not wanted or stack.status in wanted]
        return ActionResult({"StackSummaries": [descriptions.stack_summary(stack) for stack in stacks]})

    def describe_stack_events(self) -> ActionResult:
        stack = self._find_stack(self._get_param("StackName"))
        if stack is None:
            raise ValidationError(f"Stack [{self._get_param('StackName')}] does not exist")
        return ActionResult({"StackEvents": [descriptions.event(stack, event) for event in reversed(stack.events)]})

    def describe_stack_resources(self) -> ActionResult:
        stack = self._given_stack()
        wanted = self._get_param("LogicalResourceId")
        resources = [r for r in stack.resources.values() if wanted in (None, r.logical_id)]
        return ActionResult({"StackResources": [descriptions.resource(stack, resource) for resource in resources]})

    def describe_stack_resource(self) -> ActionResult:
        stack, name = self._given_stack(), self._get_param("LogicalResourceId")
        if name not in stack.resources:
            raise ValidationError(f"Resource {name} does not exist for stack {stack.name}")
        return ActionResult({"StackResourceDetail": descriptions.resource(stack, stack.resources[name])})

    def list_stack_resources(self) -> ActionResult:
        stack = self._given_stack()
        return ActionResult({"StackResourceSummaries": [descriptions.resource(stack, r) for r in stack.resources.values()]})

    # -- templates and exports

    def get_template(self) -> ActionResult:
        stack = self._given_stack()
        return ActionResult({"TemplateBody": stack.template.body, "StagesAvailable": ["Original", "Processed"]})

    def get_template_summary(self) -> ActionResult:
        stack = self._given_stack() if self._get_param("StackName") else None
        return ActionResult(descriptions.template_summary(stack.template if stack else self._template(None)))

    def validate_template(self) -> ActionResult:
        return ActionResult(descriptions.template_summary(self._template(None)))

    def list_exports(self) -> ActionResult:
        exports = self._region.exports.items()
        return ActionResult(
            {"Exports": [{"ExportingStackId": s.arn, "Name": name, "Value": o.value} for name, (s, o) in exports]}
        )

    def list_imports(self) -> ActionResult:
        return ActionResult({"Imports": self._region.importers(self._get_param("ExportName"))})

    # -- what the operations share

    def _find_stack(self, name: str | None) -> Stack | None:
        return self._region.stack(name) if name else None

    def _given_stack(self) -> Stack:
        name = self._get_param("StackName")
        stack = self._find_stack(name)
        if stack is None:
            raise ValidationError(f"Stack with id {name} does not exist")
        return stack

    def _new_stack(self, name: str) -> Stack:
        stack = self._region.add(Stack(name, self.region, new_arn(self.region, "stack", name)))
        stack.termination_protection = bool(self._get_param("EnableTerminationProtection", False))
        return stack

    def _refuse_while_busy(self, stack: Stack) -> None:
        if stack.in_progress:
            raise ValidationError(f"Stack:{stack.arn} is in {stack.status} state and can not be updated.")

    def _refuse_what_cannot_be_updated(self, stack: Stack) -> None:
        if stack.status in (
            "ROLLBACK_COMPLETE",
            "ROLLBACK_FAILED",
            "DELETE_FAILED",
            "DELETE_COMPLETE",
            "UPDATE_ROLLBACK_FAILED",
        ):
            raise ValidationError(f"Stack:{stack.arn} is in {stack.status} state and can not be updated.")

    def _parameters(self, stack: Stack) -> dict[str, str]:
        """As given: a parameter that names an SSM parameter keeps that name, so that `UsePreviousValue` works for it."""
        return {
            given["ParameterKey"]: stack.parameters[given["ParameterKey"]]
            if given.get("UsePreviousValue")
            else given["ParameterValue"]
            for given in self._get_param("Parameters", [])
            if not (given.get("UsePreviousValue") and given["ParameterKey"] not in stack.parameters)
        }

    def _template(self, stack: Stack | None) -> Template:
        if stack and self._get_param("UsePreviousTemplate"):
            return stack.template
        url, body = self._get_param("TemplateURL"), self._get_param("TemplateBody")
        try:
            return templates.parse(_object_at(url, self.region) if url else body)
        except (LocalAwsError, json.JSONDecodeError, KeyError) as error:
            raise ValidationError(f"Template format error: {error}") from error


def _object_at(url: str, region: str) -> str:
    """The template's text in S3, whether the URL names the bucket in its host or in its path."""
    parts = urlparse(url)
    host, path = parts.hostname or "", unquote(parts.path.lstrip("/"))
    if host in ("localhost", "127.0.0.1") or host.startswith("s3"):
        bucket, _, key = path.partition("/")
    else:
        bucket, key = host.split(".")[0], path
    answer: dict[str, Any] = context.client("s3", region).get_object(Bucket=bucket, Key=key)
    return answer["Body"].read().decode()
