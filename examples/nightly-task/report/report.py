"""Writes a report of a day or a month into the bucket. The exit code says whether it went well."""

import datetime
import os
import sys

import boto3


def main(period: str) -> None:
    today = datetime.date.today()
    name = today.isoformat() if period == "day" else today.strftime("%Y-%m")
    text = f"{period},orders\n{name},{len(name)}\n"
    boto3.client("s3").put_object(Bucket=os.environ["REPORTS_BUCKET"], Key=f"{period}/{name}.csv", Body=text.encode())
    print(f"wrote {period}/{name}.csv")


if __name__ == "__main__":
    main(sys.argv[1])
