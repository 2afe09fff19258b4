"""What the role of a state machine may do to jobs. It is the one place where the local model judges the policies of a role.

An aborted execution that may not stop its jobs leaves them running, and a submission with tags needs a right of its own:
both show on AWS alone, long after the deployment.
"""

from __future__ import annotations

import json
import re
from typing import Any, Iterator

from botocore.exceptions import ClientError
from moto.iam.models import iam_backends

from localaws import context
from localaws.errors import NotModelled

_Context = dict[str, list[str]]


def check_submission(role_arn: str, request: dict[str, Any]) -> None:
    """SubmitJob needs the queue and the definition; with tags, TagResource on the definition and on the job as well."""
    tags = request.get("tags") or {}
    given = _of_request(tags)
    region = request["jobQueue"].split(":")[3] if request["jobQueue"].startswith("arn:") else "us-east-1"
    resources = [_arn(region, "job-queue", request["jobQueue"]), _arn(region, "job-definition", request["jobDefinition"])]
    needed = [("batch:SubmitJob", resource) for resource in resources]
    if tags:
        needed += [("batch:TagResource", resource) for resource in (resources[1], _arn(region, "job", "new"))]
    for action, resource in needed:
        if not is_allowed(role_arn, action, resource, given):
            raise _denied(role_arn, action, resource)


def may_terminate(role_arn: str, job: Any) -> bool:
    tags = {f"aws:ResourceTag/{key}": [value] for key, value in job.tags.items()}
    return is_allowed(role_arn, "batch:TerminateJob", job.arn, tags)


def is_allowed(role_arn: str, action: str, resource: str, given: _Context) -> bool:
    """As IAM decides within one account: a statement allows it, none denies it, and the boundary allows it too."""
    backend = iam_backends[context.ACCOUNT]["aws"]
    role = next((found for found in backend.get_roles() if found.arn == role_arn), None)
    if role is None:
        return False
    own = [*role.policies.values(), *(_document(policy) for policy in role.managed_policies.values())]
    boundary = role.permissions_boundary_arn
    within = [[_document(backend.managed_policies[boundary])]] if boundary else []
    return all(_effects(policies, action, resource, given) == {"Allow"} for policies in [own, *within])


def _document(policy: Any) -> str:
    return next(version.document for version in policy.versions if version.is_default_version)


def _effects(policies: list[Any], action: str, resource: str, given: _Context) -> set[str]:
    return {
        statement["Effect"]
        for statement in _statements(policies)
        if _names(statement, "Action", action, ignore_case=True)
        and _names(statement, "Resource", resource)
        and all(_holds(operator, keys, given) for operator, keys in (statement.get("Condition") or {}).items())
    }


def _statements(policies: list[Any]) -> Iterator[dict[str, Any]]:
    for policy in policies:
        document = json.loads(policy) if isinstance(policy, str) else policy
        yield from _listed(document["Statement"])


def _names(statement: dict[str, Any], element: str, value: str, ignore_case: bool = False) -> bool:
    if f"Not{element}" in statement:
        raise NotModelled(f"Not{element} in a policy on batch jobs is not modelled by the local AWS")
    return any(_is_like(pattern, value, ignore_case) for pattern in _listed(statement[element]))


def _holds(operator: str, keys: dict[str, Any], given: _Context) -> bool:
    for_all, name = operator.startswith("ForAllValues:"), operator.removeprefix("ForAllValues:")
    if name not in ("StringEquals", "StringLike"):
        raise NotModelled(f"the condition {operator} in a policy on batch jobs is not modelled by the local AWS")
    known = {key.lower(): values for key, values in given.items()}
    for key, wanted in keys.items():
        values = known.get(key.lower(), [])
        matched = [any(_matches(name, pattern, value) for pattern in _listed(wanted)) for value in values]
        if not (all(matched) if for_all else any(matched)):
            return False
    return True


def _matches(name: str, pattern: str, value: str) -> bool:
    return _is_like(pattern, value) if name == "StringLike" else pattern == value


def _is_like(pattern: str, value: str, ignore_case: bool = False) -> bool:
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, value, re.IGNORECASE if ignore_case else 0) is not None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _of_request(tags: dict[str, str]) -> _Context:
    return {"aws:TagKeys": list(tags), **{f"aws:RequestTag/{key}": [value] for key, value in tags.items()}}


def _arn(region: str, kind: str, name: str) -> str:
    return name if name.startswith("arn:") else f"arn:aws:batch:{region}:{context.ACCOUNT}:{kind}/{name}"


def _denied(role_arn: str, action: str, resource: str) -> ClientError:
    message = f"{role_arn} is not authorized to perform: {action} on resource: {resource}"
    metadata = {"HTTPStatusCode": 403, "RequestId": "local"}
    return ClientError({"Error": {"Code": "AccessDeniedException", "Message": message}, "ResponseMetadata": metadata}, "SubmitJob")
