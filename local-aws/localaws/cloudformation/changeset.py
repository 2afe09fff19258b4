"""The difference between a stack and a template, as DescribeChangeSet tells it."""

from __future__ import annotations

from typing import Any

from localaws.cloudformation.state import ChangeSet, Stack
from localaws.cloudformation.template import Resource, Template, in_dependency_order

NO_CHANGES = "The submitted information didn't contain changes. Submit different information to create a change set."


def changes(stack: Stack, template: Template, resolved: dict[str, Any]) -> list[dict[str, Any]]:
    """One entry for each resource that is added, changed or removed. Metadata alone changes nothing."""
    before, after = stack.template.resources, template.resources
    modified = _modified(before, after, {n for n, v in resolved.items() if stack.resolved.get(n) != v})
    added = [_change(stack, "Add", after[name]) for name in after if name not in before]
    removed = [_change(stack, "Remove", before[name]) for name in before if name not in after]
    return [*added, *(_change(stack, "Modify", after[name]) for name in after if name in modified), *removed]


def is_empty(change_set: ChangeSet) -> bool:
    """Whether there is nothing to execute: outputs and tags count too, though no resource changes with them.

    So does a value that has changed in the parameter store, while its name in the template has not.
    """
    stack, template = change_set.stack, change_set.template
    same = (template.resources, template.section("Outputs"), template.section("Conditions"), template.section("Mappings"))
    current = stack.template
    known = (current.resources, current.section("Outputs"), current.section("Conditions"), current.section("Mappings"))
    given = (change_set.parameters, change_set.resolved, change_set.tags)
    return same == known and given == (stack.parameters, stack.resolved, stack.tags)


def _modified(before: dict[str, Resource], after: dict[str, Resource], changed: set[str]) -> set[str]:
    """What differs itself, and what refers to something that differs and so may have to follow it."""
    modified: set[str] = set()
    for name in in_dependency_order(after):
        resource = after[name]
        if name in before and (resource != before[name] or resource.references & (modified | changed)):
            modified.add(name)
    return modified


def _change(stack: Stack, action: str, resource: Resource) -> dict[str, Any]:
    existing = stack.resources.get(resource.logical_id)
    change: dict[str, Any] = {
        "Action": action,
        "LogicalResourceId": resource.logical_id,
        "ResourceType": resource.type,
        "Scope": ["Properties"] if action == "Modify" else [],
        "Details": [],
    }
    if existing:
        change["PhysicalResourceId"] = existing.physical_id
    if action == "Modify":
        change["Replacement"] = "Conditional"
    return {"Type": "Resource", "ResourceChange": change}
