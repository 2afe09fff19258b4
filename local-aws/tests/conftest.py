"""One local model for the whole test session, in this process, on a free port."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from localaws import context
from localaws.server import LocalAws

REGION = "us-east-1"

logging.getLogger("werkzeug").setLevel(logging.WARNING)  # one line a request would bury what a failing test says


class Local:
    """What a test gets: the endpoint, and clients for it."""

    region = REGION

    @property
    def endpoint(self) -> str:
        return context.endpoint()

    def client(self, service: str, region: str = REGION):
        return context.client(service, region)


@pytest.fixture(scope="session")
def local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    server = LocalAws(0, tmp_path_factory.mktemp("local-aws"))
    yield Local()
    server.stop()
