"""What happens to a request between the client and the target, and when one of them goes wrong."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
import requests


@pytest.fixture
def target(balancers):
    return balancers.target()


@pytest.fixture
def url(balancers, target) -> str:
    return balancers.listener({"Type": "forward", "TargetGroupArn": balancers.group(target)})[1]


def raw(url: str, sent: bytes) -> bytes:
    """Send bytes as they are, and return all that comes back until the load balancer closes."""
    with socket.create_connection(("127.0.0.1", urlsplit(url).port), timeout=10) as connection:
        connection.sendall(sent)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_the_target_learns_who_asked_and_how(url: str) -> None:
    sent = {
        "Host": "api.example.com",
        "X-Forwarded-For": "203.0.113.7",
        "X-Forwarded-Proto": "gopher",
        "Connection": "X-Secret",
        "X-Secret": "1",
        "X-Kept": "2",
    }
    headers = {name.lower(): value for name, value in requests.get(f"{url}/a", headers=sent, timeout=5).json()["headers"]}
    assert headers["host"] == "api.example.com"
    assert (headers["x-forwarded-for"], headers["x-forwarded-proto"], headers["x-forwarded-port"]) == (
        "203.0.113.7, 127.0.0.1",
        "http",
        "80",
    )
    assert headers["x-kept"] == "2" and "x-secret" not in headers


def test_hop_by_hop_headers_of_the_answer_stay_here(url: str) -> None:
    answer = requests.get(f"{url}/a", timeout=5)
    assert answer.headers["x-served-by"] == "one"
    assert "keep-alive" not in answer.headers


@pytest.mark.parametrize("size", [0, 1, 100_000, 5_000_000])
def test_a_body_of_known_length_arrives_whole(url: str, size: int) -> None:
    assert requests.post(f"{url}/a", data=b"x" * size, timeout=20).json()["body"] == size


def test_a_chunked_body_arrives_whole(url: str) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(50):
            yield b"y" * 1000

    assert requests.post(f"{url}/a", data=pieces(), timeout=20).json()["body"] == 50_000


def test_an_answer_is_passed_on_as_it_comes(url: str) -> None:
    began = time.monotonic()
    with requests.get(f"{url}/stream", stream=True, timeout=5) as answer:
        pieces = answer.iter_content(None)
        assert next(pieces) == b"first"
        assert time.monotonic() - began < 0.29
        assert b"".join(pieces) == b"second"


def test_an_answer_that_ends_with_its_connection_arrives_whole(url: str) -> None:
    assert requests.get(f"{url}/until-close", timeout=5).text == "all of it"
    old_client = raw(url, b"GET /until-close HTTP/1.0\r\n\r\n")
    assert old_client.endswith(b"\r\n\r\nall of it") and b"chunked" not in old_client


def test_head_and_no_content_have_no_body(url: str) -> None:
    with requests.Session() as session:
        head = session.head(f"{url}/a", timeout=5)
        assert int(head.headers["content-length"]) > 0 and head.content == b""
        assert session.get(f"{url}/nothing", timeout=5).status_code == 204
        assert session.get(f"{url}/a", timeout=5).json()["url"] == "/a"


def test_connections_are_kept_on_both_sides(url: str, target) -> None:
    before = target.connections
    connection = HTTPConnection("127.0.0.1", urlsplit(url).port, timeout=5)
    connection.request("GET", "/a")
    connection.getresponse().read()
    kept = connection.sock
    for _ in range(20):
        connection.request("GET", "/a")
        assert connection.getresponse().read()
    assert connection.sock is kept
    assert target.connections - before <= 2, "one for the requests, and at most one for a health check"
    connection.close()


def test_an_answer_before_the_end_of_the_request_ends_the_connection(url: str) -> None:
    sent = b"POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nonly a part"
    answer = raw(url, sent)
    assert answer.startswith(b"HTTP/1.1 413") and answer.endswith(b"too much")


def test_a_client_that_asks_for_it_is_told_to_continue(url: str) -> None:
    with socket.create_connection(("127.0.0.1", urlsplit(url).port), timeout=10) as connection:
        connection.sendall(
            b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
        )
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"abc")
        assert b'"body": 3' in b"".join(iter(lambda: connection.recv(65536), b""))


def test_a_web_socket_is_passed_through(url: str) -> None:
    upgraded = raw(url, b"GET /socket HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello")
    assert upgraded.startswith(b"HTTP/1.1 101 Switching Protocols\r\n") and upgraded.endswith(b"echo hello")


def test_a_web_socket_lasts_until_it_is_idle_for_too_long(balancers, target) -> None:
    balancer = balancers.balancer()
    balancers.elb.modify_load_balancer_attributes(
        LoadBalancerArn=balancer["LoadBalancerArn"], Attributes=[{"Key": "idle_timeout.timeout_seconds", "Value": "2"}]
    )
    _, url = balancers.listener({"Type": "forward", "TargetGroupArn": balancers.group(target)}, balancer=balancer)
    with socket.create_connection(("127.0.0.1", urlsplit(url).port), timeout=10) as connection:
        connection.sendall(b"GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
        begun, received = time.monotonic(), b""
        while time.monotonic() - begun < 3:
            connection.sendall(b"ping")
            received += connection.recv(65536)
            time.sleep(0.2)
        assert received.count(b"echo") > 1, "as long as bytes flow, the connection lasts longer than the timeout"
        with suppress(ConnectionResetError):
            while connection.recv(65536):
                continue  # the last echo may still be on its way; then the load balancer ends the connection


def test_no_healthy_target_is_a_503(balancers, target) -> None:
    _, empty = balancers.listener({"Type": "forward", "TargetGroupArn": balancers.group()})
    answer = requests.get(f"{empty}/a", timeout=5)
    assert (answer.status_code, answer.headers["server"]) == (503, "awselb/2.0")
    target.status = 500
    _, unhealthy = balancers.listener({"Type": "forward", "TargetGroupArn": balancers.group(target, wait=False)})
    assert requests.get(f"{unhealthy}/a", timeout=5).status_code == 503


def test_a_target_that_breaks_the_connection_is_a_502(url: str) -> None:
    assert requests.get(f"{url}/break", timeout=5).status_code == 502
    assert requests.post(f"{url}/break", data=b"x" * 1000, timeout=5).status_code == 502


def test_a_target_that_is_gone_is_a_502(balancers, url: str, target) -> None:
    target.close()
    assert requests.get(f"{url}/a", timeout=5).status_code in (502, 503), "503 as soon as a health check has seen it"


def test_a_target_that_takes_longer_than_the_idle_timeout_is_a_504(balancers, target) -> None:
    balancer = balancers.balancer()
    balancers.elb.modify_load_balancer_attributes(
        LoadBalancerArn=balancer["LoadBalancerArn"], Attributes=[{"Key": "idle_timeout.timeout_seconds", "Value": "1"}]
    )
    _, url = balancers.listener({"Type": "forward", "TargetGroupArn": balancers.group(target)}, balancer=balancer)
    assert requests.get(f"{url}/hang", timeout=10).status_code == 504


def test_half_an_answer_is_never_made_to_look_whole(url: str) -> None:
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        requests.get(f"{url}/half", timeout=5)


AMBIGUOUS = [
    b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    b"GET /a HTTP/1.1\r\nHost : a\r\n\r\n",
    b"nonsense\r\n\r\n",
]


@pytest.mark.parametrize("sent", AMBIGUOUS)
def test_an_ambiguous_request_is_a_400(url: str, sent: bytes) -> None:
    assert raw(url, sent).startswith(b"HTTP/1.1 400 Bad Request\r\n")


def test_many_requests_at_once_are_all_answered(url: str) -> None:
    answers: list[int] = []

    def ask() -> None:
        with requests.Session() as session:
            for _ in range(50):
                answers.append(session.get(f"{url}/a", timeout=20).status_code)

    threads = [threading.Thread(target=ask) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert answers == [200] * 500


def test_a_network_load_balancer_passes_bytes(balancers, target) -> None:
    group = balancers.group(target, protocol="TCP")
    _, url = balancers.listener(
        {"Type": "forward", "TargetGroupArn": group}, protocol="TCP", balancer=balancers.balancer("network")
    )
    assert url.startswith("tcp://localhost:")
    headers = requests.get(f"{url.replace('tcp:', 'http:')}/a", timeout=5).json()["headers"]
    assert "x-forwarded-for" not in {name.lower() for name, _ in headers}


def test_a_network_load_balancer_without_a_healthy_target_closes_the_connection(balancers) -> None:
    _, url = balancers.listener(
        {"Type": "forward", "TargetGroupArn": balancers.group(protocol="TCP")},
        protocol="TCP",
        balancer=balancers.balancer("network"),
    )
    assert raw(url, b"") == b""
