"""What every part of the local model needs to know about the running server: where it listens, where it keeps its data."""

from __future__ import annotations

import os
import threading
from functools import cache
from pathlib import Path

import boto3
from botocore.config import Config

ACCOUNT = "123456789012"
"""The one account of the local model (moto's own default)."""

_port = 0
_data = Path(".")


def forget_real_credentials() -> None:
    """For a process of our own: neither moto's clients nor ours may ever look for the credentials of whoever starts it."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(
        AWS_ACCESS_KEY_ID="local",
        AWS_SECRET_ACCESS_KEY="local",
        AWS_DEFAULT_REGION="us-east-1",
        AWS_EC2_METADATA_DISABLED="true",
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
    )


def configure(port: int, data: Path) -> None:
    """Called once, by the server, before it answers its first request."""
    global _port, _data
    _port, _data = port, data
    data.mkdir(parents=True, exist_ok=True)
    os.environ["MOTO_PORT"] = str(port)
    client.cache_clear()


def endpoint() -> str:
    """The URL that stands for every AWS endpoint. Spelled `localhost`: the CDK command line misreads template URLs
    on an address.
    """
    return f"http://localhost:{_port}"


def port() -> int:
    return _port


def data_dir(name: str = "") -> Path:
    """A folder below the data directory, made when it is asked for."""
    folder = _data / name if name else _data
    folder.mkdir(parents=True, exist_ok=True)
    return folder


_client_lock = threading.Lock()


@cache
def client(service: str, region: str):
    """A boto3 client that talks to this very server, so that calls meet botocore's validation and moto's service code."""
    with _client_lock:
        return boto3.session.Session().client(
            service,
            region_name=region,
            endpoint_url=endpoint(),
            aws_access_key_id="local",
            aws_secret_access_key="local",
            config=Config(
                retries={"total_max_attempts": 1},
                s3={"addressing_style": "path"},
                read_timeout=900,
                max_pool_connections=64,
            ),
        )


def credentials_environment(region: str) -> dict[str, str]:
    """What a container, a job or a function needs to reach the local model through any AWS SDK.

    S3 by its address: with a name, the SDKs put the bucket before it, and `bucket.localhost` does not resolve everywhere.
    """
    return {
        "AWS_ENDPOINT_URL": endpoint(),
        "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{_port}",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
