"""The files of one execution of the pipeline, in the artifact bucket below `runs/<execution>/`.

Each execution has a folder of its own, so that executions may overlap, and each file one name, so that a job that is
tried again overwrites what the first try left.
"""

import csv
import io
import json
import os

import boto3

s3 = boto3.client("s3")


def read_source() -> list[dict[str, str]]:
    """The input file: an asset of the CDK app."""
    return _read_rows(os.environ["SOURCE_BUCKET"], os.environ["SOURCE_KEY"])


def read_rows(name: str) -> list[dict[str, str]]:
    return _read_rows(os.environ["ARTIFACT_BUCKET"], _key(name))


def write_rows(name: str, rows: list[dict]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    _write(name, text.getvalue(), "text/csv")


def write_json(name: str, value: object) -> None:
    _write(name, json.dumps(value, indent=2) + "\n", "application/json")


def _key(name: str) -> str:
    return f"runs/{os.environ['PIPELINE_EXECUTION_ID']}/{name}"


def _read_rows(bucket: str, key: str) -> list[dict[str, str]]:
    body = s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()
    return list(csv.DictReader(io.StringIO(body)))


def _write(name: str, text: str, content_type: str) -> None:
    s3.put_object(Bucket=os.environ["ARTIFACT_BUCKET"], Key=_key(name), Body=text.encode(), ContentType=content_type)
    print(f"wrote {_key(name)}, {len(text)} characters")
