"""What is worked out of a container definition before its process starts."""

from __future__ import annotations

import pytest
from localaws.ecs.healthcheck import local_command
from localaws.ecs.task import stop_seconds

COMMANDS = [
    (
        ["CMD-SHELL", "curl -f http://localhost:8080/ || exit 1"],
        ["/bin/sh", "-c", "curl -f http://localhost:21000/ || exit 1"],
    ),
    (["CMD", "check", "127.0.0.1:8080"], ["check", "127.0.0.1:21000"]),
    (["CMD", "check", "localhost:9999"], ["check", "localhost:9999"]),
    (["check", "it"], ["check", "it"]),
]


@pytest.mark.parametrize(("declared", "local"), COMMANDS)
def test_a_health_check_command_asks_the_local_port(declared: list[str], local: list[str]) -> None:
    assert local_command(declared, {8080: 21000}) == local


@pytest.mark.parametrize(("declared", "seconds"), [(None, 2.0), (2, 2.0), (60, 3.0), (120, 6.0), (7200, 6.0)])
def test_the_stop_timeout_is_compressed_and_bounded(declared: int | None, seconds: float) -> None:
    assert stop_seconds({"stopTimeout": declared}) == seconds
