"""Service Connect: a declared name leads to the ready tasks of its service, for those who may know it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError
from localaws import runtime
from runtime.applications import WEB, Platform, account

PROXY = """
const http = require('node:http');
http.createServer(async (request, response) => {
  try {
    const answer = await fetch(process.env.UPSTREAM + request.url);
    response.end(`through: ${await answer.text()}`);
  } catch (error) {
    response.writeHead(502).end(String(error.cause && error.cause.code));
  }
}).listen(process.env.PORT, '127.0.0.1');
"""


@pytest.fixture
def namespace(local_aws) -> str:
    return f"n{uuid.uuid4().hex[:8]}.local"


def serving(namespace: str, name: str, port: int = 8080) -> dict[str, Any]:
    services = [{"portName": "web-port", "discoveryName": name, "clientAliases": [{"port": port, "dnsName": name}]}]
    return {"serviceConnectConfiguration": {"enabled": True, "namespace": namespace, "services": services}}


def started(platform: Platform, script: str, environment: dict[str, str], desired: int = 1, **more: Any) -> str:
    service = platform.service(
        platform.task_definition(platform.container(script, environment=environment)), desired, **more
    )
    runtime.wait_for_service(account(), "us-east-1", service)
    return service


def public(platform: Platform, upstream: str, **more: Any) -> str:
    """A service behind a load balancer that passes each request on to its upstream; returns the load balancer's URL."""
    group = platform.target_group(Matcher={"HttpCode": "200-599"})
    url = platform.listener(group)
    started(platform, PROXY, {"UPSTREAM": upstream}, **more, **platform.behind(group))
    return url


def test_two_services_on_one_port_do_not_collide(platform: Platform, namespace: str) -> None:
    started(platform, WEB, {"VERSION": "orders"}, **serving(namespace, "orders"))
    started(platform, WEB, {"VERSION": "stock"}, **serving(namespace, "stock"))
    client = {"serviceConnectConfiguration": {"enabled": True, "namespace": namespace}}
    assert (
        requests.get(f"{public(platform, 'http://orders:8080', **client)}/a", timeout=10).text == "through: version orders"
    )
    assert requests.get(f"{public(platform, 'http://stock:8080', **client)}/a", timeout=10).text == "through: version stock"


def test_a_name_follows_its_service_through_a_deployment(platform: Platform, namespace: str) -> None:
    orders = started(platform, WEB, {"VERSION": "1"}, **serving(namespace, "orders"))
    url = public(platform, "http://orders:8080", serviceConnectConfiguration={"enabled": True, "namespace": namespace})
    platform.update(orders, taskDefinition=platform.task_definition(platform.container(WEB, environment={"VERSION": "2"})))
    runtime.wait_for_service(account(), "us-east-1", orders)
    assert requests.get(f"{url}/a", timeout=10).text == "through: version 2"


def test_a_client_of_another_namespace_does_not_know_the_name(platform: Platform, namespace: str) -> None:
    started(platform, WEB, {}, **serving(namespace, "orders"))
    other = {"serviceConnectConfiguration": {"enabled": True, "namespace": f"other-{namespace}"}}
    assert requests.get(f"{public(platform, 'http://orders:8080', **other)}/a", timeout=30).status_code == 502


def test_a_client_without_service_connect_does_not_know_the_name(platform: Platform, namespace: str) -> None:
    started(platform, WEB, {}, **serving(namespace, "orders"))
    assert requests.get(f"{public(platform, 'http://orders:8080')}/a", timeout=30).status_code == 502


def test_a_client_knows_only_names_that_existed_when_its_deployment_began(platform: Platform, namespace: str) -> None:
    client = {"serviceConnectConfiguration": {"enabled": True, "namespace": namespace}}
    url = public(platform, "http://orders:8080", **client)
    started(platform, WEB, {}, **serving(namespace, "orders"))
    assert requests.get(f"{url}/a", timeout=30).status_code == 502
    proxy = next(service for service in platform.services if platform.describe(service)["loadBalancers"])
    platform.update(proxy, forceNewDeployment=True)
    runtime.wait_for_service(account(), "us-east-1", proxy)
    assert requests.get(f"{url}/a", timeout=10).text == "through: version 1"


def test_without_a_dns_name_the_discovery_name_and_the_namespace_make_it(platform: Platform, namespace: str) -> None:
    services = [{"portName": "web-port", "clientAliases": [{"port": 80}]}]
    started(platform, WEB, {}, serviceConnectConfiguration={"enabled": True, "namespace": namespace, "services": services})
    client = {"serviceConnectConfiguration": {"enabled": True, "namespace": namespace}}
    assert (
        requests.get(f"{public(platform, f'http://web-port.{namespace}', **client)}/a", timeout=10).text
        == "through: version 1"
    )


def test_the_name_of_a_load_balancer_leads_to_its_local_listener(platform: Platform) -> None:
    group = platform.target_group()
    balancer = platform.load_balancer()
    url = public(platform, f"http://{balancer['DNSName']}")
    action = {"Type": "forward", "TargetGroupArn": group}
    platform.elb.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="HTTP", Port=80, DefaultActions=[action]
    )
    started(platform, WEB, {}, **platform.behind(group))
    assert requests.get(f"{url}/a", timeout=10).text == "through: version 1"


def test_upper_and_lower_case_are_one_in_the_name_of_a_load_balancer(platform: Platform) -> None:
    group = platform.target_group()
    balancer = platform.load_balancer()
    url = public(platform, f"http://{balancer['DNSName'].upper()}")
    action = {"Type": "forward", "TargetGroupArn": group}
    platform.elb.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="HTTP", Port=80, DefaultActions=[action]
    )
    started(platform, WEB, {}, **platform.behind(group))
    assert requests.get(f"{url}/a", timeout=10).text == "through: version 1"


def test_a_name_that_another_service_has_is_refused(platform: Platform, namespace: str) -> None:
    started(platform, WEB, {}, **serving(namespace, "orders"))
    with pytest.raises(
        ClientError, match=f"the Service Connect name orders:8080 in namespace {namespace} is already that of"
    ):
        started(platform, WEB, {}, **serving(namespace, "orders"))


def test_a_port_name_that_the_task_definition_does_not_have_is_refused(platform: Platform, namespace: str) -> None:
    services = [{"portName": "grpc", "clientAliases": [{"port": 80}]}]
    with pytest.raises(ClientError, match="names port grpc, which no port mapping of the task definition has"):
        started(
            platform, WEB, {}, serviceConnectConfiguration={"enabled": True, "namespace": namespace, "services": services}
        )


def test_the_configuration_is_read_back(platform: Platform, namespace: str) -> None:
    declared = serving(namespace, "orders")
    service = started(platform, WEB, {}, **declared)
    assert (
        platform.describe(service)["deployments"][0]["serviceConnectConfiguration"]
        == declared["serviceConnectConfiguration"]
    )


def test_a_name_keeps_answering_while_its_service_moves_to_another_port(platform: Platform, namespace: str) -> None:
    orders = started(platform, WEB, {"VERSION": "1"}, **serving(namespace, "orders"))
    url = public(platform, "http://orders:8080", serviceConnectConfiguration={"enabled": True, "namespace": namespace})
    moved = platform.task_definition(platform.container(WEB, port=9090, environment={"VERSION": "2"}))
    platform.update(orders, taskDefinition=moved)
    answers = {requests.get(f"{url}/a", timeout=10).text for _ in range(5)}
    assert answers <= {"through: version 1", "through: version 2"}
    runtime.wait_for_service(account(), "us-east-1", orders)
    assert requests.get(f"{url}/a", timeout=10).text == "through: version 2"
