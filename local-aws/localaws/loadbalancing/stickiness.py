"""Sticky sessions: the cookie with which a load balancer leads a client back to the target that answered it first."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from email.utils import formatdate
from typing import Any

from localaws.errors import NotModelled
from localaws.loadbalancing import targets
from localaws.loadbalancing.messages import Headers

COOKIE = "AWSALB"
CROSS_ORIGIN_COOKIE = "AWSALBCORS"
_DEFAULT_SECONDS = 86400
_LONGEST_SECONDS = 604800
_key = secrets.token_bytes(32)
"""The cookie is opaque, as on AWS: a client cannot make up the one of a target that it would like better."""


def check(attributes: dict[str, Any]) -> None:
    """Refuse what could not be honoured when a request comes."""
    if not _enabled(attributes):
        return
    kind = attributes.get("stickiness.type", "lb_cookie")
    if kind != "lb_cookie":
        raise NotModelled(f"stickiness of type '{kind}' is not modelled by the local AWS, only lb_cookie")
    seconds = _seconds(attributes)
    if not 1 <= seconds <= _LONGEST_SECONDS:
        raise NotModelled(f"a cookie of {seconds} seconds is not one of Elastic Load Balancing: 1 to {_LONGEST_SECONDS}")


def known(group: Any, headers: Headers) -> targets.Target | None:
    """The target that the client's cookie names, as long as it is healthy; else the cookie is worth nothing."""
    if not _enabled(group.attributes):
        return None
    given = [value for name, value in _cookies(headers) if name in (COOKIE, CROSS_ORIGIN_COOKIE)]
    healthy = (target for target in targets.registered(group.arn) if target.state == "healthy")
    return next((target for target in healthy if any(hmac.compare_digest(_value(target), one) for one in given)), None)


def lines(group: Any, target: targets.Target, protocol: str) -> list[tuple[str, str]]:
    """Each answer renews the cookie; the second one is for requests from pages of other origins."""
    if not _enabled(group.attributes):
        return []
    expires = formatdate(time.time() + _seconds(group.attributes), usegmt=True)
    cookie = f"{_value(target)}; Expires={expires}; Path=/"
    other = "; SameSite=None; Secure" if protocol == "HTTPS" else "; SameSite=None"
    return [("Set-Cookie", f"{COOKIE}={cookie}"), ("Set-Cookie", f"{CROSS_ORIGIN_COOKIE}={cookie}{other}")]


def _enabled(attributes: dict[str, Any]) -> bool:
    return str(attributes.get("stickiness.enabled", "false")).lower() == "true"


def _seconds(attributes: dict[str, Any]) -> int:
    return int(attributes.get("stickiness.lb_cookie.duration_seconds", _DEFAULT_SECONDS))


def _value(target: targets.Target) -> str:
    identity = f"{target.group_arn} {target.id}:{target.port}".encode()
    return base64.urlsafe_b64encode(hmac.digest(_key, identity, hashlib.sha256)).decode().rstrip("=")


def _cookies(headers: Headers) -> list[tuple[str, str]]:
    pairs = (pair.strip().partition("=") for line in headers.all("cookie") for pair in line.split(";"))
    return [(name, value) for name, _, value in pairs]
