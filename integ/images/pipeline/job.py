"""Jobs of the scenarios: `split` writes items, `work` does one of them, `join` counts what was done, `wait` waits."""

import os
import sys
import time
import uuid
from urllib.parse import urlsplit

import boto3

s3 = boto3.client("s3")


def place(uri: str) -> tuple[str, str]:
    parts = urlsplit(uri)
    return parts.netloc, parts.path.lstrip("/")


def write(variable: str, name: str, text: str) -> None:
    bucket, key = place(os.environ[variable])
    s3.put_object(Bucket=bucket, Key=f"{key}/{name}", Body=text.encode())


def split() -> None:
    for number in range(int(os.environ["ITEMS"])):
        write("OUTPUT_PARTS", str(number), "bad" if number == int(os.environ["BAD"]) else "good")


def work() -> None:
    """Whatever is done twice leaves two objects. A bad item fails until somebody repairs it."""
    bucket, key = place(os.environ["PIPELINE_ITEM"])
    if s3.get_object(Bucket=bucket, Key=key)["Body"].read() == b"bad":
        sys.exit(7)
    write("OUTPUT_DONE", f"{key.rsplit('/', 1)[1]}-{uuid.uuid4().hex}", "done")


def join() -> None:
    bucket, key = place(os.environ["INPUT_DONE"])
    done = s3.list_objects_v2(Bucket=bucket, Prefix=f"{key}/").get("Contents", [])
    names = [found["Key"].rsplit("/", 1)[1].split("-")[0] for found in done]
    write("OUTPUT_SUMMARY", "counts", f"{len(names)} done, {len(set(names))} different")


def wait() -> None:
    time.sleep(600)


{"split": split, "work": work, "join": join, "wait": wait}[sys.argv[1]]()
