"""Sticky sessions by the cookie of the load balancer."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError
from runtime.waiting import eventually


def sticky(balancers, group: str, **more: str) -> None:
    attributes = {"stickiness.enabled": "true", "stickiness.type": "lb_cookie", **more}
    balancers.elb.modify_target_group_attributes(
        TargetGroupArn=group, Attributes=[{"Key": key, "Value": value} for key, value in attributes.items()]
    )


def served_by(session: requests.Session, url: str) -> str:
    return session.get(f"{url}/a", timeout=5).json()["target"]


def forward(group: str) -> dict[str, Any]:
    return {"Type": "forward", "TargetGroupArn": group}


def test_a_client_with_a_cookie_comes_back_to_its_target(balancers) -> None:
    group = balancers.group(*(balancers.target(name) for name in ("one", "two", "three")))
    sticky(balancers, group, **{"stickiness.lb_cookie.duration_seconds": "3600"})
    _, url = balancers.listener(forward(group))
    seen = set()
    for _ in range(3):
        with requests.Session() as session:
            answers = {served_by(session, url) for _ in range(5)}
            assert len(answers) == 1
            seen |= answers
    assert seen == {"one", "two", "three"}, "clients without a cookie are shared out"


def test_the_cookie_is_renewed_and_ends(balancers) -> None:
    group = balancers.group(balancers.target())
    sticky(balancers, group, **{"stickiness.lb_cookie.duration_seconds": "3600"})
    _, url = balancers.listener(forward(group))
    cookies = {cookie.name: cookie for cookie in requests.get(f"{url}/a", timeout=5).cookies}
    assert set(cookies) == {"AWSALB", "AWSALBCORS"}
    assert cookies["AWSALB"].path == "/" and cookies["AWSALB"].expires is not None
    assert cookies["AWSALBCORS"].get_nonstandard_attr("SameSite") == "None"


def test_a_client_whose_target_is_unhealthy_gets_another_one(balancers) -> None:
    targets = {name: balancers.target(name) for name in ("one", "two")}
    group = balancers.group(*targets.values())
    sticky(balancers, group)
    _, url = balancers.listener(forward(group))
    with requests.Session() as session:
        first = served_by(session, url)
        targets[first].status = 500
        eventually(lambda: "unhealthy" in balancers.states(group), "the target is unhealthy")
        second = served_by(session, url)
        assert second != first
        targets[first].status = 200
        eventually(lambda: balancers.states(group) == ["healthy", "healthy"], "the target is healthy again")
        assert {served_by(session, url) for _ in range(4)} == {second}, "the new cookie counts"


def test_a_made_up_cookie_is_worth_nothing(balancers) -> None:
    group = balancers.group(balancers.target("one"), balancers.target("two"))
    sticky(balancers, group)
    _, url = balancers.listener(forward(group))
    made_up = {"Cookie": "AWSALB=made-up"}
    assert {requests.get(f"{url}/a", headers=made_up, timeout=5).json()["target"] for _ in range(2)} == {"one", "two"}


def test_without_stickiness_no_cookie_is_set(balancers) -> None:
    _, url = balancers.listener(forward(balancers.group(balancers.target())))
    assert not requests.get(f"{url}/a", timeout=5).cookies


def test_a_cookie_of_the_application_is_refused(balancers) -> None:
    group = balancers.group()
    with pytest.raises(ClientError, match="stickiness of type 'app_cookie' is not modelled"):
        sticky(balancers, group, **{"stickiness.type": "app_cookie", "stickiness.app_cookie.cookie_name": "session"})
