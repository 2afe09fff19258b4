"""Listeners of Network Load Balancers beyond plain TCP."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from localaws import loadbalancing
from localaws.loadbalancing import eventloop
from runtime.waiting import eventually


class UdpTarget(asyncio.DatagramProtocol):
    """Answers each datagram with its name, the datagram and the port that it came from; health checks reach it by TCP."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._tcp = eventloop.call(self._listen())
        self.port = self._tcp.sockets[0].getsockname()[1]
        eventloop.call(self._bind())

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)

    async def _bind(self) -> None:
        self._udp, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: self, local_addr=("127.0.0.1", self.port)
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        self._transport.sendto(b"%s heard %s from %d" % (self.name.encode(), data, address[1]), address)

    def fall_silent(self) -> None:
        eventloop.call(self._close())

    async def _close(self) -> None:
        self._tcp.close()
        self._udp.close()


@pytest.fixture
def udp(balancers) -> Iterator[tuple[str, str, list[UdpTarget]]]:
    targets = [UdpTarget("one"), UdpTarget("two")]
    group = balancers.group(*targets, protocol="UDP")
    action = {"Type": "forward", "TargetGroupArn": group}
    _, url = balancers.listener(action, port=53, protocol="UDP", balancer=balancers.balancer("network"))
    yield group, url, targets
    for target in targets:
        target.fall_silent()


def client(url: str) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.settimeout(5)
    made.connect(("127.0.0.1", urlsplit(url).port))
    return made


def ask(connection: socket.socket, text: bytes) -> bytes:
    connection.send(text)
    return connection.recv(1000)


def test_datagrams_of_one_client_go_to_one_target_and_back(udp) -> None:
    _, url, _ = udp
    assert url.startswith("udp://")
    with client(url) as first, client(url) as second:
        answers = [ask(first, b"a"), ask(second, b"a")]
        assert {answer.split()[0] for answer in answers} == {b"one", b"two"}
        assert [ask(first, b"a"), ask(second, b"a")] == answers, "the flow is kept, and its port with it"


def test_a_flow_begins_anew_where_its_target_is_gone(udp, balancers) -> None:
    group, url, targets = udp
    with client(url) as flow:
        first = ask(flow, b"a").split()[0]
        next(target for target in targets if target.name.encode() == first).fall_silent()
        eventually(lambda: "unhealthy" in balancers.states(group), "the target is unhealthy")
        assert ask(flow, b"b").split()[0] != first


def test_a_udp_listener_that_is_deleted_answers_no_more(udp) -> None:
    _, url, _ = udp
    listener = next(one["listenerArn"] for one in loadbalancing.endpoints() if one["url"] == url)
    with client(url) as connection:
        ask(connection, b"a")
        loadbalancing.api.listeners.close(listener)
        with pytest.raises(OSError):  # noqa: PT011 -- refused or unanswered, as the system likes
            for _ in range(2):
                ask(connection, b"b")


def test_a_tls_listener_is_served_as_plain_tcp_and_says_so(balancers) -> None:
    target = balancers.target()
    action = {"Type": "forward", "TargetGroupArn": balancers.group(target, protocol="TCP")}
    listener, url = balancers.listener(action, port=443, protocol="TLS", balancer=balancers.balancer("network"))
    with socket.create_connection(("127.0.0.1", urlsplit(url).port), timeout=5) as connection:
        connection.sendall(b"GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        assert b'"target": "one"' in connection.recv(65536)
    note = next(one["note"] for one in loadbalancing.endpoints() if one["listenerArn"] == listener)
    assert "served as plain TCP" in note
