"""Rule conditions, by the wildcard rules of Application Load Balancers."""

from __future__ import annotations

from typing import Any

import pytest
from localaws.errors import NotModelled
from localaws.loadbalancing import conditions
from localaws.loadbalancing.messages import Headers, Request


def path(*values: str) -> dict[str, Any]:
    return {"Field": "path-pattern", "PathPatternConfig": {"Values": list(values)}}


def host(*values: str) -> dict[str, Any]:
    return {"Field": "host-header", "HostHeaderConfig": {"Values": list(values)}}


def header(name: str, *values: str) -> dict[str, Any]:
    return {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": name, "Values": list(values)}}


def query(**pair: str) -> dict[str, Any]:
    return {"Field": "query-string", "QueryStringConfig": {"Values": [pair]}}


def method(*values: str) -> dict[str, Any]:
    return {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": list(values)}}


def source(*values: str) -> dict[str, Any]:
    return {"Field": "source-ip", "SourceIpConfig": {"Values": list(values)}}


CASES = [
    ([path("/orders")], "/orders", True),
    ([path("/orders")], "/orders/", False),
    ([path("/orders/*")], "/orders", False),
    ([path("/orders/*")], "/orders/", True),
    ([path("/orders/*")], "/orders/1/lines", True),
    ([path("/orders", "/orders/*")], "/orders?page=2", True),
    ([path("/Orders")], "/orders", False),
    ([path("/img/?.png")], "/img/a.png", True),
    ([path("/img/?.png")], "/img/ab.png", False),
    ([path("/[ab]")], "/a", False),
    ([path("/a.c")], "/abc", False),
    ([path("*")], "/", True),
    ([{"Field": "path-pattern", "Values": ["/old"]}], "/old", True),
    ([host("api.example.com")], "/", True),
    ([host("API.EXAMPLE.COM")], "/", True),
    ([host("*.example.com")], "/", True),
    ([host("example.com")], "/", False),
    ([host("api.example.com"), path("/other")], "/", False),
    ([header("X-Team", "sho?")], "/", True),
    ([header("x-team", "SHOP")], "/", True),
    ([header("x-team", "stock")], "/", False),
    ([header("x-missing", "*")], "/", False),
    ([query(Key="version", Value="v2")], "/?version=V2", True),
    ([query(Value="v2")], "/?any=v2", True),
    ([query(Key="version", Value="v2")], "/?other=v2", False),
    ([method("POST", "GET")], "/", True),
    ([method("POST")], "/", False),
    ([source("127.0.0.0/8")], "/", True),
    ([source("10.0.0.0/8")], "/", False),
    ([], "/", True),
]


@pytest.mark.parametrize(("wanted", "target", "expected"), CASES)
def test_matches(wanted: list[dict[str, Any]], target: str, expected: bool) -> None:
    request = Request("GET", target, "HTTP/1.1", Headers([("Host", "api.example.com:8080"), ("X-Team", "shop")]))
    assert conditions.matches(wanted, request, "127.0.0.1") is expected


@pytest.mark.parametrize(
    "condition", [{"Field": "weather"}, {"Field": "path-pattern", "PathPatternConfig": {"RegexValues": ["^/a$"]}}]
)
def test_what_is_not_modelled_is_refused(condition: dict[str, Any]) -> None:
    with pytest.raises(NotModelled):
        conditions.check([condition])
