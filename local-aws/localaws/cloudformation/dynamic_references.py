"""Dynamic references in property values: `{{resolve:secretsmanager:...}}` and `{{resolve:ssm:...}}`."""

from __future__ import annotations

import json
import re

from localaws import context
from localaws.errors import NotModelled

_REFERENCE = re.compile(r"\{\{resolve:([a-z-]+):([^}]+)\}\}")


def resolve(text: str, region: str) -> str:
    """The text with each reference replaced by the value that it names."""
    return _REFERENCE.sub(lambda match: _value(match[1], match[2], region), text)


def _value(service: str, reference: str, region: str) -> str:
    if service in ("ssm", "ssm-secure"):
        parameter = context.client("ssm", region).get_parameter(Name=reference, WithDecryption=True)
        return parameter["Parameter"]["Value"]
    if service == "secretsmanager":
        return _secret(reference, region)
    raise NotModelled(f"Dynamic references to {service} are not modelled by the local AWS")


def _secret(reference: str, region: str) -> str:
    """`secret-id:SecretString:json-key:version-stage:version-id`, where the secret's id may be an ARN of seven parts."""
    parts = reference.split(":")
    length = 7 if parts[0] == "arn" else 1
    secret_id, rest = ":".join(parts[:length]), [*parts[length:], "", "", "", ""]
    _, key, stage, version = rest[:4]
    selection = {"VersionStage": stage, "VersionId": version}
    answer = context.client("secretsmanager", region).get_secret_value(
        SecretId=secret_id, **{name: value for name, value in selection.items() if value}
    )
    return str(json.loads(answer["SecretString"])[key]) if key else answer["SecretString"]
