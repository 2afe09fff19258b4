"""Listeners and their rules, over HTTP."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError
from localaws import loadbalancing
from runtime.waiting import eventually


def fixed(text: str, status: int = 200) -> dict[str, Any]:
    return {
        "Type": "fixed-response",
        "FixedResponseConfig": {"StatusCode": str(status), "ContentType": "text/plain", "MessageBody": text},
    }


def path(*values: str) -> dict[str, Any]:
    return {"Field": "path-pattern", "PathPatternConfig": {"Values": list(values)}}


def redirect(**config: str) -> dict[str, Any]:
    return {"Type": "redirect", "RedirectConfig": {"StatusCode": "HTTP_301", **config}}


def test_the_rule_of_the_lowest_priority_number_wins(balancers) -> None:
    listener, url = balancers.listener(fixed("default", 404))
    balancers.rule(listener, 10, fixed("general"), **path("/orders*"))
    balancers.rule(listener, 9, fixed("special"), **path("/orders/1"))
    assert requests.get(f"{url}/orders/1", timeout=5).text == "special"
    assert requests.get(f"{url}/orders/2", timeout=5).text == "general"
    answer = requests.get(f"{url}/other", timeout=5)
    assert (answer.status_code, answer.text, answer.headers["content-type"]) == (404, "default", "text/plain")


def test_priorities_that_are_swapped_take_effect(balancers) -> None:
    listener, url = balancers.listener(fixed("default"))
    balancers.rule(listener, 1, fixed("one"), **path("*"))
    balancers.rule(listener, 2, fixed("two"), **path("*"))
    rules = {
        rule["Actions"][0]["FixedResponseConfig"]["MessageBody"]: rule["RuleArn"]
        for rule in balancers.elb.describe_rules(ListenerArn=listener)["Rules"]
    }
    balancers.elb.set_rule_priorities(RulePriorities=[{"RuleArn": rules["one"], "Priority": 3}])
    assert requests.get(url, timeout=5).text == "two"


def test_a_rule_that_is_deleted_or_modified_takes_effect_at_once(balancers) -> None:
    listener, url = balancers.listener(fixed("default"))
    balancers.rule(listener, 1, fixed("rule"), **path("/a"))
    rule = next(
        one["RuleArn"] for one in balancers.elb.describe_rules(ListenerArn=listener)["Rules"] if not one["IsDefault"]
    )
    balancers.elb.modify_rule(RuleArn=rule, Actions=[fixed("changed")])
    assert requests.get(f"{url}/a", timeout=5).text == "changed"
    balancers.elb.delete_rule(RuleArn=rule)
    assert requests.get(f"{url}/a", timeout=5).text == "default"
    balancers.elb.modify_listener(ListenerArn=listener, DefaultActions=[fixed("another default")])
    assert requests.get(f"{url}/a", timeout=5).text == "another default"


REDIRECTS = [
    ({"Protocol": "HTTPS", "Port": "443"}, "https://api.example.com:443/a/b?c=d"),
    (
        {"Host": "www.#{host}", "Path": "/new/#{path}", "Query": "#{query}&moved=1"},
        "http://www.api.example.com:80/new/a/b?c=d&moved=1",
    ),
    ({"Port": "#{port}", "Query": ""}, "http://api.example.com:80/a/b"),
]


@pytest.mark.parametrize(("config", "location"), REDIRECTS)
def test_redirects_fill_their_placeholders(balancers, config: dict[str, str], location: str) -> None:
    _, url = balancers.listener(redirect(**config))
    answer = requests.get(f"{url}/a/b?c=d", headers={"Host": "api.example.com"}, allow_redirects=False, timeout=5)
    assert (answer.status_code, answer.headers["location"]) == (301, location)


def test_requests_go_in_turn_to_the_targets(balancers) -> None:
    group = balancers.group(balancers.target("one"), balancers.target("two"))
    _, url = balancers.listener({"Type": "forward", "TargetGroupArn": group})
    assert Counter(requests.get(f"{url}/a", timeout=5).json()["target"] for _ in range(10)) == {"one": 5, "two": 5}


def test_weights_share_the_requests(balancers) -> None:
    groups = [balancers.group(balancers.target(name)) for name in ("one", "two", "never")]
    weights = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in zip(groups, (80, 20, 0))]
    _, url = balancers.listener({"Type": "forward", "ForwardConfig": {"TargetGroups": weights}})
    with requests.Session() as session:
        counts = Counter(session.get(f"{url}/a", timeout=5).json()["target"] for _ in range(300))
    assert set(counts) == {"one", "two"} and 200 < counts["one"] < 280


def test_an_unhealthy_target_gets_no_request_and_comes_back(balancers) -> None:
    one, two = balancers.target("one"), balancers.target("two")
    group = balancers.group(one, two)
    _, url = balancers.listener({"Type": "forward", "TargetGroupArn": group})
    one.status = 500
    eventually(lambda: "unhealthy" in balancers.states(group), "the target is unhealthy")
    unhealthy = next(
        t
        for t in balancers.elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
        if t["TargetHealth"]["State"] == "unhealthy"
    )
    assert unhealthy["TargetHealth"]["Description"] == "Health checks failed with these codes: [500]"
    assert {requests.get(f"{url}/a", timeout=5).json()["target"] for _ in range(4)} == {"two"}
    one.status = 200
    eventually(lambda: balancers.states(group) == ["healthy", "healthy"], "the target is healthy again")


def test_the_matcher_says_which_codes_are_healthy(balancers) -> None:
    target = balancers.target()
    target.status = 404
    assert balancers.states(balancers.group(target, Matcher={"HttpCode": "200-299,404"})) == ["healthy"]


def test_a_listener_that_is_deleted_answers_no_more(balancers) -> None:
    listener, url = balancers.listener(fixed("here"))
    balancers.elb.delete_listener(ListenerArn=listener)
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=5)
    assert listener not in [one["listenerArn"] for one in loadbalancing.endpoints()]


def test_a_load_balancer_that_is_deleted_takes_its_listeners_along(balancers) -> None:
    balancer = balancers.balancer()
    listener, _ = balancers.listener(fixed("here"), balancer=balancer)
    balancers.elb.delete_load_balancer(LoadBalancerArn=balancer["LoadBalancerArn"])
    assert listener not in [one["listenerArn"] for one in loadbalancing.endpoints()]


def test_endpoints_say_where_a_listener_is(local_aws, balancers) -> None:
    balancer = balancers.balancer()
    listener, url = balancers.listener(fixed("plain"), port=443, protocol="HTTPS", balancer=balancer)
    answer = requests.get(f"{local_aws.endpoint}/_local/endpoints", timeout=5).json()
    mine = next(one for one in answer if one["listenerArn"] == listener)
    note = mine.pop("note")
    assert mine == {
        "listenerArn": listener,
        "loadBalancerArn": balancer["LoadBalancerArn"],
        "dnsName": balancer["DNSName"],
        "protocol": "HTTPS",
        "port": 443,
        "url": url,
    }
    assert "served as plain HTTP" in note
    assert requests.get(url, timeout=5).text == "plain"


REFUSED_ACTIONS = [
    {
        "Type": "authenticate-oidc",
        "AuthenticateOidcConfig": {
            k: "x" for k in ("Issuer", "AuthorizationEndpoint", "TokenEndpoint", "UserInfoEndpoint", "ClientId")
        },
    },
    {
        "Type": "forward",
        "ForwardConfig": {"TargetGroups": [], "TargetGroupStickinessConfig": {"Enabled": True, "DurationSeconds": 60}},
    },
]


@pytest.mark.parametrize("action", REFUSED_ACTIONS, ids=["authenticate", "sticky"])
def test_actions_that_are_not_modelled_are_refused(balancers, action: dict[str, Any]) -> None:
    with pytest.raises(ClientError, match="not modelled by the local AWS"):
        balancers.listener(action)


def test_target_groups_and_listeners_that_are_not_modelled_are_refused(balancers) -> None:
    with pytest.raises(ClientError, match="a target group of protocol version 'GRPC' is not modelled"):
        balancers.group(ProtocolVersion="GRPC")
    with pytest.raises(ClientError, match="a listener of protocol 'TCP_UDP' is not modelled"):
        balancers.listener(fixed(""), protocol="TCP_UDP", balancer=balancers.balancer("network"))
    group = balancers.group()
    with pytest.raises(ClientError, match="target '10.0.0.9' cannot be reached by the local AWS"):
        balancers.elb.register_targets(TargetGroupArn=group, Targets=[{"Id": "10.0.0.9", "Port": 80}])
