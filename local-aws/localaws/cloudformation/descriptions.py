"""How stacks, resources, events and change sets read in the API's answers."""

from __future__ import annotations

from typing import Any

from localaws.cloudformation.state import ChangeSet, Event, Output, Stack, StackResource
from localaws.cloudformation.template import Template


def stack(stack: Stack) -> dict[str, Any]:
    return {
        **stack_summary(stack),
        "Description": stack.template.description,
        "Parameters": _parameters(stack),
        "Tags": _tags(stack.tags),
        "RoleARN": stack.role_arn,
        "DisableRollback": False,
        "EnableTerminationProtection": stack.termination_protection,
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        "NotificationARNs": [],
        "Outputs": [_output(output) for output in stack.outputs],
    }


def stack_summary(stack: Stack) -> dict[str, Any]:
    return {
        "StackName": stack.name,
        "StackId": stack.arn,
        "StackStatus": stack.status,
        "StackStatusReason": stack.status_reason,
        "CreationTime": stack.created,
        "LastUpdatedTime": stack.updated,
        "DeletionTime": stack.deleted,
        "TemplateDescription": stack.template.description,
        "DriftInformation": {"StackDriftStatus": "NOT_CHECKED"},
    }


def _output(output: Output) -> dict[str, Any]:
    return {
        "OutputKey": output.key,
        "OutputValue": output.value,
        "Description": output.description,
        "ExportName": output.export,
    }


def _tags(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _parameters(stack: Stack) -> list[dict[str, Any]]:
    return [_parameter(stack, name, declaration) for name, declaration in stack.template.section("Parameters").items()]


def _parameter(stack: Stack, name: str, declaration: dict[str, Any]) -> dict[str, Any]:
    value = str(stack.parameters.get(name, declaration.get("Default", "")))
    described = {"ParameterKey": name, "ParameterValue": "****" if declaration.get("NoEcho") else value}
    if declaration["Type"].startswith("AWS::SSM::Parameter::Value<") and name in stack.resolved:
        resolved = stack.resolved[name]
        described["ResolvedValue"] = ",".join(resolved) if isinstance(resolved, list) else resolved
    return described


def resource(stack: Stack, resource: StackResource) -> dict[str, Any]:
    """Fits DescribeStackResources, DescribeStackResource and ListStackResources alike: each takes the members it knows."""
    return {
        "StackName": stack.name,
        "StackId": stack.arn,
        "LogicalResourceId": resource.logical_id,
        "PhysicalResourceId": resource.physical_id,
        "ResourceType": resource.type,
        "ResourceStatus": resource.status,
        "Timestamp": resource.changed,
        "LastUpdatedTimestamp": resource.changed,
        "DriftInformation": {"StackResourceDriftStatus": "NOT_CHECKED"},
    }


def event(stack: Stack, event: Event) -> dict[str, Any]:
    return {
        "StackId": stack.arn,
        "StackName": stack.name,
        "EventId": event.event_id,
        "LogicalResourceId": event.logical_id,
        "PhysicalResourceId": event.physical_id,
        "ResourceType": event.type,
        "ResourceStatus": event.status,
        "ResourceStatusReason": event.reason,
        "Timestamp": event.timestamp,
    }


def change_set(change_set: ChangeSet) -> dict[str, Any]:
    return {
        "ChangeSetName": change_set.name,
        "ChangeSetId": change_set.arn,
        "StackId": change_set.stack.arn,
        "StackName": change_set.stack.name,
        "Description": change_set.description,
        "Parameters": [{"ParameterKey": k, "ParameterValue": v} for k, v in change_set.parameters.items()],
        "Tags": _tags(change_set.tags),
        "CreationTime": change_set.created,
        "Status": change_set.status,
        "StatusReason": change_set.status_reason,
        "ExecutionStatus": change_set.execution_status,
        "Capabilities": [],
        "Changes": change_set.changes,
    }


def template_summary(template: Template) -> dict[str, Any]:
    declared = template.section("Parameters")
    return {
        "Description": template.description,
        "Capabilities": [],
        "ResourceTypes": sorted({resource.type for resource in template.resources.values()}),
        "Version": template.document.get("AWSTemplateFormatVersion"),
        "Parameters": [
            {
                "ParameterKey": name,
                "DefaultValue": declaration.get("Default"),
                "ParameterType": declaration.get("Type"),
                "NoEcho": bool(declaration.get("NoEcho")),
                "Description": declaration.get("Description"),
            }
            for name, declaration in declared.items()
        ],
    }
