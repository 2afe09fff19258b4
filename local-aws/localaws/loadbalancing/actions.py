"""What a listener rule does with a request that meets its conditions, other than forwarding it."""

from __future__ import annotations

import random
from http import HTTPStatus
from typing import Any

from localaws.errors import NotModelled
from localaws.loadbalancing.messages import Body, Headers, Request, Response

Action = dict[str, Any]

SERVER = "awselb/2.0"
_MODELLED = ("forward", "fixed-response", "redirect")


def check(actions: list[Action]) -> None:
    """Refuse at creation what could not be honoured when a request comes."""
    for action in actions:
        if action.get("Type") not in _MODELLED:
            raise NotModelled(
                f"the listener action '{action.get('Type')}' is not modelled by the local AWS, only {', '.join(_MODELLED)}"
            )
        sticky = (action.get("ForwardConfig") or {}).get("TargetGroupStickinessConfig") or {}
        if str(sticky.get("Enabled", False)).lower() == "true":
            raise NotModelled("stickiness of the target groups of a forward action is not modelled by the local AWS")


def target_group_of(action: Action) -> str | None:
    """The target group that this request goes to: by chance, in proportion to the weights. None where all weigh nothing."""
    groups = (action.get("ForwardConfig") or {}).get("TargetGroups") or [{"TargetGroupArn": action["TargetGroupArn"]}]
    weights = [int(group.get("Weight", 1)) for group in groups]
    if not sum(weights):
        return None
    return random.choices(groups, weights)[0]["TargetGroupArn"]


def target_groups_of(action: Action) -> list[str]:
    """Every target group that the action may forward to."""
    groups = (action.get("ForwardConfig") or {}).get("TargetGroups") or []
    arns = [group["TargetGroupArn"] for group in groups]
    return arns or ([action["TargetGroupArn"]] if action.get("TargetGroupArn") else [])


def fixed_response(action: Action) -> tuple[Response, bytes]:
    config = action["FixedResponseConfig"]
    content = (config.get("MessageBody") or "").encode()
    return _answer(
        int(config["StatusCode"]), content, [("Content-Type", config.get("ContentType") or "text/plain; charset=utf-8")]
    )


def redirect(action: Action, request: Request, protocol: str, port: int) -> tuple[Response, bytes]:
    """Fill the placeholders with the parts of the request as the client would have sent it to AWS."""
    config = action["RedirectConfig"]
    parts = {
        "protocol": protocol.lower(),
        "host": request.host,
        "port": str(port),
        "path": request.path.lstrip("/"),
        "query": request.query,
    }

    def fill(name: str, default: str) -> str:
        text = config.get(name)
        text = default if text is None else text
        for key, value in parts.items():
            text = text.replace("#{" + key + "}", value)
        return text

    query = fill("Query", "#{query}")
    server = f"{fill('Protocol', '#{protocol}').lower()}://{fill('Host', '#{host}')}:{fill('Port', '#{port}')}"
    location = server + fill("Path", "/#{path}")
    status = int(str(config["StatusCode"]).removeprefix("HTTP_"))
    return _answer(status, b"", [("Location", f"{location}?{query}" if query else location)])


def error(status: int) -> tuple[Response, bytes]:
    """The load balancer's own answer: there is no healthy target, or the target broke off or took too long."""
    title = f"{status} {HTTPStatus(status).phrase}"
    head, body = f"<head><title>{title}</title></head>", f"<body>\r\n<center><h1>{title}</h1></center>\r\n</body>"
    page = f"<html>\r\n{head}\r\n{body}\r\n</html>\r\n"
    return _answer(status, page.encode(), [("Content-Type", "text/html")])


def _answer(status: int, content: bytes, lines: list[tuple[str, str]]) -> tuple[Response, bytes]:
    headers = Headers([("Server", SERVER), *lines])
    return Response(status, HTTPStatus(status).phrase, headers, body=Body(length=len(content))), content
