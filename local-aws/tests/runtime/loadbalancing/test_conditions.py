"""Rule conditions, by the wildcard rules of Application Load Balancers."""

from __future__ import annotations

from typing import Any

import pytest
from localaws.errors import LocalAwsError, NotModelled
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
    ([query(Value="v2")], "/?any=v1&other=v2", True),
    ([query(Key="ver*", Value="v?")], "/?version=v2", True),
    ([query(Key="star", Value=r"\*")], "/?star=*", True),
    ([query(Key="star", Value=r"\*")], "/?star=a", False),
    ([query(Key="star", Value=r"a\?c")], "/?star=abc", False),
    ([query(Key="version", Value="*")], "/", False),
    ([header("X-Many", "second")], "/", True),
    ([header("X-Many", "first", "third")], "/", True),
    ([header("X-Many", "first, second")], "/", False),
    ([header("X-Team", "shop"), header("X-Many", "first")], "/", True),
    ([header("X-Team", "shop"), header("X-Many", "third")], "/", False),
    ([header("X-Te*", "shop")], "/", False),
    ([method("get")], "/", False),
    ([method("G*")], "/", False),
    ([source("10.0.0.0/8", "127.0.0.1/32")], "/", True),
    ([source("::1/128")], "/", False),
    ([method("POST", "GET")], "/", True),
    ([method("POST")], "/", False),
    ([source("127.0.0.0/8")], "/", True),
    ([source("10.0.0.0/8")], "/", False),
    ([], "/", True),
]


@pytest.mark.parametrize(("wanted", "target", "expected"), CASES)
def test_matches(wanted: list[dict[str, Any]], target: str, expected: bool) -> None:
    request = Request("GET", target, "HTTP/1.1", Headers(
        [("Host", "api.example.com:8080"), ("X-Team", "shop"), ("X-Many", "first"), ("x-many", "second")]
    ))
    assert conditions.matches(wanted, request, "127.0.0.1") is expected


@pytest.mark.parametrize(
    "condition", [{"Field": "weather"}, {"Field": "path-pattern", "PathPatternConfig": {"RegexValues": ["^/a$"]}}]
)
def test_what_is_not_modelled_is_refused(condition: dict[str, Any]) -> None:
    with pytest.raises(NotModelled):
        conditions.check([condition])


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [
        ([path("/a"), path("/b")], "only one 'path-pattern' condition"),
        ([path("/a", "/b", "/c"), host("a.example.com", "b.example.com", "c.example.com")], "at most 5 condition values"),
        ([query(Key="a", Value="1")] * 6, "at most 5 condition values"),
    ],
)
def test_what_elastic_load_balancing_refuses_is_refused(wanted: list[dict[str, Any]], reason: str) -> None:
    with pytest.raises(LocalAwsError, match=reason):
        conditions.check(wanted)
