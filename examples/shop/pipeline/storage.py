"""The files of one execution of the pipeline: below the S3 URIs that it is given for its inputs and outputs.

Each execution has URIs of its own, so that executions may overlap, and each file one name, so that a job that is
tried again overwrites what the first try left.
"""

import csv
import io
import json
import os
from urllib.parse import urlsplit

import boto3

s3 = boto3.client("s3")


def read_source() -> list[dict[str, str]]:
    """The input file: an asset of the CDK app."""
    return _read_rows(os.environ["SOURCE_BUCKET"], os.environ["SOURCE_KEY"])


def read_rows(name: str, file: str) -> list[dict[str, str]]:
    return _read_rows(*_place("INPUT", name, file))


def write_rows(name: str, file: str, rows: list[dict]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    _write(name, file, text.getvalue(), "text/csv")


def write_json(name: str, file: str, value: object) -> None:
    _write(name, file, json.dumps(value, indent=2) + "\n", "application/json")


def _place(direction: str, name: str, file: str) -> tuple[str, str]:
    """Bucket and key of a file below an input or an output of the job."""
    uri = urlsplit(os.environ[f"{direction}_{name.upper()}"])
    return uri.netloc, f"{uri.path.lstrip('/')}/{file}"


def _read_rows(bucket: str, key: str) -> list[dict[str, str]]:
    body = s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()
    return list(csv.DictReader(io.StringIO(body)))


def _write(name: str, file: str, text: str, content_type: str) -> None:
    bucket, key = _place("OUTPUT", name, file)
    s3.put_object(Bucket=bucket, Key=key, Body=text.encode(), ContentType=content_type)
    print(f"wrote {key}, {len(text)} characters")
