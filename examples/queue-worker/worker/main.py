"""Renders reports: a message says which one, and the report goes to S3.

The report has its name from the message, so that work that is done twice ends in the same place. What was begun and what was
finished is noted beside it, once for each delivery: a ledger to look up what happened to a message.
"""

import json
import os
import time

import boto3

from contract import Worker

s3 = boto3.client("s3")
bucket = os.environ["REPORTS_BUCKET"]


def render(message: dict) -> None:
    order = json.loads(message["Body"])
    name, delivery = order["report"], message["Attributes"]["ApproximateReceiveCount"]
    write(f"ledger/{name}/{delivery}-begun", {**order, "at": time.time()})
    if order["rows"] < 0:
        raise ValueError(f"a report of {order['rows']} rows")
    time.sleep(order.get("seconds", 0))
    write(f"reports/{name}.json", {"report": name, "rows": list(range(order["rows"]))})
    write(f"ledger/{name}/{delivery}-done", {**order, "at": time.time()})
    print(f"rendered {name}, delivery {delivery}")


def write(key: str, value: object) -> None:
    s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(value).encode(), ContentType="application/json")


if __name__ == "__main__":
    Worker(render).run()
