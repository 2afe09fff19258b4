"""Secrets of a container definition, resolved as ECS resolves them before the container starts."""

from __future__ import annotations

import json

from botocore.exceptions import ClientError

from localaws import context
from localaws.errors import LocalAwsError

_FAILURE = "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: "


def value(region: str, value_from: str) -> str:
    if value_from.startswith("arn:") and value_from.split(":")[2] == "secretsmanager":
        return _secrets_manager_value(value_from)
    return _parameter_value(region, value_from)


def _secrets_manager_value(value_from: str) -> str:
    """`arn:aws:secretsmanager:region:account:secret:name[:json-key:version-stage:version-id]`, the last three
    possibly empty.
    """
    parts = value_from.split(":")
    arn = ":".join(parts[:7])
    json_key, stage, version = (parts[7:] + ["", "", ""])[:3]
    wanted = {"VersionStage": stage, "VersionId": version}
    try:
        answer = context.client("secretsmanager", parts[3]).get_secret_value(
            SecretId=arn, **{name: text for name, text in wanted.items() if text}
        )
    except ClientError as error:
        raise _failure(
            f"unable to retrieve secret from asm: failed to fetch secret {arn} from secrets manager", error
        ) from error
    text = answer.get("SecretString")
    if text is None:
        raise LocalAwsError(f"{_FAILURE}unable to retrieve secret from asm: secret {arn} has no string value")
    return _json_member(text, json_key, arn) if json_key else text


def _json_member(text: str, key: str, arn: str) -> str:
    try:
        members = json.loads(text)
    except ValueError:
        members = None
    if not isinstance(members, dict) or key not in members:
        raise LocalAwsError(f"{_FAILURE}unable to retrieve secret from asm: secret {arn} did not contain json key {key}")
    member = members[key]
    return member if isinstance(member, str) else json.dumps(member)


def _parameter_value(region: str, value_from: str) -> str:
    """A parameter's name, or its ARN, whose resource part is the name without its first slash when the name is a path."""
    name = value_from
    if value_from.startswith("arn:"):
        region = value_from.split(":")[3]
        path = value_from.split(":parameter/", 1)[-1]
        name = f"/{path}" if "/" in path else path
    try:
        answer = context.client("ssm", region).get_parameter(Name=name, WithDecryption=True)
    except ClientError as error:
        raise _failure(f"unable to retrieve secrets from ssm: invalid ssm parameters: {name}", error) from error
    return answer["Parameter"]["Value"]


def _failure(what: str, error: ClientError) -> LocalAwsError:
    detail = error.response.get("Error", {})
    return LocalAwsError(f"{_FAILURE}{what}: {detail.get('Code')}: {detail.get('Message')}")
