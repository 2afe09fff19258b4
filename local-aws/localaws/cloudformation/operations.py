"""What the CloudFormation API can set going: a deployment with its rollback, and the deletion of a stack."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from localaws import context
from localaws.cloudformation import parameters as template_parameters
from localaws.cloudformation.deployment import Deployment, DeploymentStopped, reason_of, remove
from localaws.cloudformation.intrinsics import Scope, TemplateError
from localaws.cloudformation.properties import as_text
from localaws.cloudformation.state import ChangeSet, Output, Region, Stack, StackResource, now
from localaws.cloudformation.template import in_dependency_order

log = logging.getLogger(__name__)

ANSWER_AFTER = 10
"""Seconds that an API call waits for the work that it set going: the CDK command line looks again only every 5 seconds."""


def in_background(work: Callable[[], None], name: str) -> None:
    thread = threading.Thread(target=work, name=name, daemon=True)
    thread.start()
    thread.join(ANSWER_AFTER)


def execute(region: Region, change_set: ChangeSet, disable_rollback: bool) -> None:
    """Starts the deployment; its end, good or bad, is told by the stack's status and events."""
    stack = change_set.stack
    kind = "CREATE" if stack.status == "REVIEW_IN_PROGRESS" else "UPDATE"
    stack.move_to(f"{kind}_IN_PROGRESS", "User Initiated")
    change_set.execution_status = "EXECUTE_IN_PROGRESS"

    def work() -> None:
        succeeded = _deploy(region, change_set, kind, disable_rollback)
        change_set.execution_status = "EXECUTE_COMPLETE" if succeeded else "EXECUTE_FAILED"

    in_background(work, f"deploy-{stack.name}")


def _deploy(region: Region, change_set: ChangeSet, kind: str, disable_rollback: bool) -> bool:
    stack, before = change_set.stack, (change_set.stack.tags, change_set.stack.role_arn)
    stack.tags, stack.role_arn = change_set.tags, change_set.role_arn
    imports: set[str] = set()
    deployment: Deployment | None = None
    try:
        scope = _scope(region, change_set, imports)
        deployment = Deployment(stack, scope)
        deployment.run()
        outputs = _outputs(region, stack, scope)
    except Exception as error:
        log.info("deployment of %s failed", stack.name, exc_info=error)
        if kind == "UPDATE":
            stack.tags, stack.role_arn = before
        _undo(stack, deployment, kind, reason_of(error), disable_rollback)
        return False
    stack.template, stack.parameters, stack.resolved, stack.outputs, stack.imports = (
        change_set.template,
        change_set.parameters,
        change_set.resolved,
        outputs,
        imports,
    )
    _finish(stack, deployment, kind)
    return True


def _finish(stack: Stack, deployment: Deployment, kind: str) -> None:
    stack.updated = now() if kind == "UPDATE" else None
    if kind == "CREATE":
        stack.move_to("CREATE_COMPLETE")
        return
    stack.move_to("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
    try:
        deployment.clean_up()
    except DeploymentStopped as error:
        # AWS ends such an update with UPDATE_COMPLETE and leaves the object behind; here it is a failure that one sees
        stack.move_to("UPDATE_FAILED", str(error))
        return
    stack.move_to("UPDATE_COMPLETE")


def _undo(stack: Stack, deployment: Deployment | None, kind: str, reason: str, disable_rollback: bool) -> None:
    if disable_rollback:
        stack.move_to(f"{kind}_FAILED", reason)
        return
    prefix = "ROLLBACK" if kind == "CREATE" else "UPDATE_ROLLBACK"
    stack.move_to(f"{prefix}_IN_PROGRESS", f"{reason}Rollback requested by user.")
    try:
        if deployment:
            deployment.roll_back()
    except DeploymentStopped as error:
        stack.move_to(f"{prefix}_FAILED", str(error))
        return
    stack.move_to(f"{prefix}_COMPLETE", reason)


def _scope(region: Region, change_set: ChangeSet, imports: set[str]) -> Scope:
    stack, template = change_set.stack, change_set.template

    def import_value(name: str) -> str:
        if name not in region.exports:
            raise TemplateError(f"No export named {name} found.")
        imports.add(name)
        return region.exports[name][1].value

    names = {**pseudo_parameters(stack), **change_set.resolved}
    scope = Scope(template, region.name, names, import_value=import_value)
    template_parameters.check_rules(scope)
    return scope


def pseudo_parameters(stack: Stack) -> dict[str, Any]:
    return {
        "AWS::AccountId": context.ACCOUNT,
        "AWS::Region": stack.region,
        "AWS::Partition": "aws",
        "AWS::URLSuffix": "amazonaws.com",
        "AWS::StackName": stack.name,
        "AWS::StackId": stack.arn,
        "AWS::NotificationARNs": [],
    }


def _outputs(region: Region, stack: Stack, scope: Scope) -> list[Output]:
    outputs = []
    for key, entry in scope.template.section("Outputs").items():
        if "Condition" in entry and not scope.condition(entry["Condition"]):
            continue
        export = scope.evaluate(entry["Export"]["Name"]) if "Export" in entry else None
        value = scope.evaluate(entry["Value"])
        if isinstance(value, (dict, list)) or value is None:
            raise TemplateError(f"Template format error: The Value field of output {key} must evaluate to a String")
        outputs.append(Output(key, as_text(value), entry.get("Description"), export))
    _check_exports(region, stack, outputs)
    return outputs


def _check_exports(region: Region, stack: Stack, outputs: list[Output]) -> None:
    exported = {output.export: output.value for output in outputs if output.export}
    for name in exported:
        owner = region.exports.get(name)
        if owner and owner[0] is not stack:
            raise TemplateError(f"Export with name {name} is already exported by stack {owner[0].name}")
    for output in stack.outputs:
        users = region.importers(output.export) if output.export else []
        if users and exported.get(output.export) != output.value:
            verb = "updated" if output.export in exported else "deleted"
            raise TemplateError(f"Export {output.export} cannot be {verb} as it is in use by {' and '.join(users)}")


def delete(region: Region, stack: Stack) -> None:
    """Starts the deletion, newest resource first: what refers to something was made after it."""
    for output in stack.outputs:
        users = region.importers(output.export) if output.export else []
        if users:
            stack.move_to(
                "DELETE_FAILED", f"Export {output.export} cannot be deleted as it is in use by {' and '.join(users)}"
            )
            return
    stack.move_to("DELETE_IN_PROGRESS", "User Initiated")
    in_background(lambda: _delete(region, stack), f"delete-{stack.name}")


def _delete(region: Region, stack: Stack) -> None:
    try:
        for resource in reversed(_creation_order(stack)):
            remove(stack, resource)
            del stack.resources[resource.logical_id]
    except DeploymentStopped as error:
        stack.move_to("DELETE_FAILED", str(error))
        return
    for change_set in region.change_sets(stack):
        region.remove_change_set(change_set)
    stack.outputs, stack.imports, stack.deleted = [], set(), now()
    stack.move_to("DELETE_COMPLETE")


def _creation_order(stack: Stack) -> list[StackResource]:
    """By the references of the template; after an update the order of the dictionary is no longer that of creation."""
    order = [name for name in in_dependency_order(stack.template.resources) if name in stack.resources]
    others = [name for name in stack.resources if name not in order]
    return [stack.resources[name] for name in [*order, *others]]
