"""Whether a request meets the conditions of a listener rule, by the rules that Application Load Balancers follow."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from localaws.errors import LocalAwsError, NotModelled
from localaws.loadbalancing.messages import Request

Condition = dict[str, Any]

_MAX_VALUES = 5
_ONCE = ("host-header", "http-request-method", "path-pattern", "source-ip")


def matches(conditions: list[Condition], request: Request, client_address: str) -> bool:
    """A rule applies when every condition holds; a condition holds when any one of its values does."""
    return all(_TESTS[condition["Field"]](condition, request, client_address) for condition in conditions)


def check(conditions: list[Condition]) -> None:
    """Refuse at creation what could not be honoured when a request comes."""
    for condition in conditions:
        if condition.get("Field") not in _TESTS:
            raise NotModelled(f"a rule condition on '{condition.get('Field')}' is not modelled by the local AWS")
        if regular := [key for key in _keys_of(condition) if key == "RegexValues"]:
            raise NotModelled(f"'{regular[0]}' in a rule condition is not modelled by the local AWS: use wildcard values")
    _check_numbers(conditions)


def _check_numbers(conditions: list[Condition]) -> None:
    """What Elastic Load Balancing refuses, and moto would take."""
    fields = [condition["Field"] for condition in conditions]
    if twice := next((field for field in _ONCE if fields.count(field) > 1), None):
        raise LocalAwsError(f"A rule can have only one '{twice}' condition")
    if sum(len(_all_values(condition)) for condition in conditions) > _MAX_VALUES:
        raise LocalAwsError(f"A rule can have at most {_MAX_VALUES} condition values")


def _all_values(condition: Condition) -> list[Any]:
    nested = [value.get("Values") or [] for value in condition.values() if isinstance(value, dict)]
    return max([condition.get("Values") or [], *nested], key=len)


def _keys_of(condition: Condition) -> list[str]:
    nested = [value for value in condition.values() if isinstance(value, dict)]
    return [*condition, *(key for value in nested for key, set_ in value.items() if set_)]


@lru_cache(maxsize=4096)
def _pattern(wildcards: str, case_sensitive: bool, escapes: bool = False) -> re.Pattern[str]:
    """`*` stands for any characters, none included, and `?` for exactly one. Square brackets mean nothing special.

    Where a condition has escapes, a backslash makes a literal of a wildcard after it.
    """
    pieces = re.findall(r"\\[*?]|.", wildcards, re.DOTALL) if escapes else wildcards
    translated = "".join({"*": ".*", "?": "."}.get(piece, re.escape(piece[-1])) for piece in pieces)
    return re.compile(translated, re.DOTALL if case_sensitive else re.DOTALL | re.IGNORECASE)


def _any_match(values: list[str], subject: str, *, case_sensitive: bool, escapes: bool = False) -> bool:
    return any(_pattern(value, case_sensitive, escapes).fullmatch(subject) for value in values)


def _values(condition: Condition, config: str) -> list[str]:
    return (condition.get(config) or {}).get("Values") or condition.get("Values") or []


def _path_pattern(condition: Condition, request: Request, _client: str) -> bool:
    return _any_match(_values(condition, "PathPatternConfig"), request.path, case_sensitive=True)


def _host_header(condition: Condition, request: Request, _client: str) -> bool:
    return _any_match(_values(condition, "HostHeaderConfig"), request.host, case_sensitive=False)


def _http_request_method(condition: Condition, request: Request, _client: str) -> bool:
    return request.method in _values(condition, "HttpRequestMethodConfig")


def _http_header(condition: Condition, request: Request, _client: str) -> bool:
    config = condition["HttpHeaderConfig"]
    found = request.headers.all(config["HttpHeaderName"])
    return any(_any_match(config["Values"], value, case_sensitive=False) for value in found)


def _query_string(condition: Condition, request: Request, _client: str) -> bool:
    pairs = parse_qsl(request.query, keep_blank_values=True)
    wanted = condition["QueryStringConfig"]["Values"]
    return any(_query_value(value, key, found) for value in wanted for key, found in pairs)


def _query_value(wanted: dict[str, str], key: str, found: str) -> bool:
    key_matches = "Key" not in wanted or _any_match([wanted["Key"]], key, case_sensitive=False, escapes=True)
    return key_matches and _any_match([wanted["Value"]], found, case_sensitive=False, escapes=True)


def _source_ip(condition: Condition, _request: Request, client: str) -> bool:
    address = ipaddress.ip_address(client)
    return any(address in ipaddress.ip_network(cidr, strict=False) for cidr in _values(condition, "SourceIpConfig"))


_TESTS: dict[str, Callable[[Condition, Request, str], bool]] = {
    "path-pattern": _path_pattern,
    "host-header": _host_header,
    "http-request-method": _http_request_method,
    "http-header": _http_header,
    "query-string": _query_string,
    "source-ip": _source_ip,
}
