"""Environment files of a container: lines of NAME=value that ECS reads from S3 before the container starts."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from localaws import context
from localaws.errors import LocalAwsError


def read(container_definition: dict[str, Any], region: str) -> dict[str, str]:
    """The variables of all files; where two files name the same one, the first file wins, as on ECS."""
    variables: dict[str, str] = {}
    for file in container_definition.get("environmentFiles") or []:
        for name, value in _parse(_text(file["value"], region)).items():
            variables.setdefault(name, value)
    return variables


def _text(arn: str, region: str) -> str:
    bucket, _, key = arn.rpartition(":::")[2].partition("/")
    try:
        return context.client("s3", region).get_object(Bucket=bucket, Key=key)["Body"].read().decode()
    except ClientError as error:
        reason = error.response["Error"]["Message"]
        raise LocalAwsError(f"ResourceInitializationError: failed to download env files: {arn}: {reason}") from error


def _parse(text: str) -> dict[str, str]:
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return {name: value for name, _, value in (line.partition("=") for line in lines)}
