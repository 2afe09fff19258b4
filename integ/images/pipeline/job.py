"""Jobs of the scenarios.

`split` writes items, `work` does one of them, `join` counts what was done, `wait` waits. `run` notes when it runs, waits for
an object `release` if it is to HOLD, and fails unless there is an object `repaired` if it is to FAIL. `score` writes a result.
`note` says in its log which item it is about, and fails for the item BAD unless there is an object `repaired`. `train` leaves a checkpoint
and waits to be taken away, and ends once it finds one; `fail` ends with 7.
`tell` writes what it was told, as words and as parameters, and fails as `run` does.
"""

import json
import os
import sys
import time
import uuid
from functools import cache
from urllib.parse import urlsplit



@cache
def s3():
    """Only for jobs that need it: there are hundreds, and it takes longer to load than all else that they do."""
    import boto3

    return boto3.client("s3")


def place(uri: str) -> tuple[str, str]:
    parts = urlsplit(uri)
    return parts.netloc, parts.path.lstrip("/")


def write(variable: str, name: str, text: str) -> None:
    bucket, key = place(os.environ[variable])
    s3().put_object(Bucket=bucket, Key=f"{key}/{name}", Body=text.encode())


def is_there(variable: str, name: str) -> bool:
    bucket, key = place(os.environ[variable])
    return s3().list_objects_v2(Bucket=bucket, Prefix=f"{key}/{name}")["KeyCount"] > 0


def split() -> None:
    for number in range(int(os.environ["ITEMS"])):
        write("OUTPUT_PARTS", str(number), "bad" if number == int(os.environ["BAD"]) else "good")


def work() -> None:
    """Whatever is done twice leaves two objects. A bad item fails until somebody repairs it."""
    bucket, key = place(os.environ["PIPELINE_ITEM"])
    if s3().get_object(Bucket=bucket, Key=key)["Body"].read() == b"bad":
        sys.exit(7)
    write("OUTPUT_DONE", f"{key.rsplit('/', 1)[1]}-{uuid.uuid4().hex}", "done")


def join() -> None:
    bucket, key = place(os.environ["INPUT_DONE"])
    done = s3().list_objects_v2(Bucket=bucket, Prefix=f"{key}/").get("Contents", [])
    names = [found["Key"].rsplit("/", 1)[1].split("-")[0] for found in done]
    write("OUTPUT_SUMMARY", "counts", f"{len(names)} done, {len(set(names))} different")


def wait() -> None:
    time.sleep(600)


def run() -> None:
    """Two notes of each run: when it began, and, if it ends well, when it ended."""
    name = uuid.uuid4().hex
    write("OUTPUT_RUNS", f"began-{name}", str(time.time()))
    while "HOLD" in os.environ and not is_there("OUTPUT_RUNS", "release"):
        time.sleep(0.1)
    if "FAIL" in os.environ and not is_there("OUTPUT_RUNS", "repaired"):
        sys.exit(7)
    write("OUTPUT_RUNS", f"ended-{name}", str(time.time()))


def score() -> None:
    """One small object. The name of the execution says how it turns out."""
    bucket, key = place(os.environ["OUTPUT_METRICS"])
    results = {"good": {"accuracy": 0.95}, "bad": {"accuracy": 0.2}, "unclear": {"accuracy": "high"}}
    body = json.dumps(results[os.environ["PIPELINE_EXECUTION_ID"]])
    s3().put_object(Bucket=bucket, Key=key, Body=body.encode())


def note() -> None:
    item = os.environ.get("PIPELINE_ITEM") or os.environ["AWS_BATCH_JOB_ARRAY_INDEX"]
    print("item", item, flush=True)
    if item == os.environ.get("BAD") and not is_there("OUTPUT_RUNS", "repaired"):
        sys.exit(7)


def train() -> None:
    if is_there("CHECKPOINT_URI", "epoch"):
        write("OUTPUT_MODEL", "weights", f"trained on {os.environ['AWS_BATCH_CE_NAME']}")
        return
    write("CHECKPOINT_URI", "epoch", "1")
    wait()


def fail() -> None:
    sys.exit(7)


def tell() -> None:
    parameters = {name: value for name, value in os.environ.items() if name.startswith("PARAMETER_")}
    told = {"words": sys.argv[2:], **parameters}
    write("OUTPUT_TOLD", f"told-{uuid.uuid4().hex}", json.dumps(told, sort_keys=True))
    if "FAIL" in os.environ and not is_there("OUTPUT_TOLD", "repaired"):
        sys.exit(7)


jobs = {
    "note": note, "split": split, "work": work, "join": join, "wait": wait, "run": run, "score": score, "train": train, "fail": fail,
    "tell": tell,
}
jobs[sys.argv[1]]()
