"""Service Connect: a declared name leads to the ready tasks of its service, for those who may know it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError
from localaws import runtime
from localaws.serviceconnect import namespaces
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


CLOSES_WHAT_IS_KEPT = """
const http = require('node:http');
let seen = 0;
http.createServer((request, response) => {
  if (request.url === '/health') return response.end();
  seen += 1;
  if (seen % 2 === 0) return request.socket.destroy();
  response.end(`answer ${seen}`);
}).listen(process.env.PORT, '127.0.0.1');
"""


def test_a_connection_that_fails_is_tried_again_where_the_port_speaks_http(platform: Platform, namespace: str) -> None:
    container = platform.container(CLOSES_WHAT_IS_KEPT)
    container["portMappings"][0]["appProtocol"] = "http"
    service = platform.service(platform.task_definition(container), 2, **serving(namespace, "orders"))
    runtime.wait_for_service(account(), "us-east-1", service)
    url = public(platform, "http://orders:8080", serviceConnectConfiguration={"enabled": True, "namespace": namespace})
    answers = [requests.get(f"{url}/a", timeout=10) for _ in range(20)]
    assert {answer.status_code for answer in answers} == {200}
    assert all(answer.text.startswith("through: answer") for answer in answers)


def test_a_connection_that_fails_is_heard_of_where_the_proxy_only_passes_bytes_on(platform: Platform, namespace: str) -> None:
    started(platform, CLOSES_WHAT_IS_KEPT, {}, **serving(namespace, "orders"))
    url = public(platform, "http://orders:8080", serviceConnectConfiguration={"enabled": True, "namespace": namespace})
    assert 502 in {requests.get(f"{url}/a", timeout=10).status_code for _ in range(4)}


def test_bodies_pass_through_a_port_that_speaks_http(platform: Platform, namespace: str) -> None:
    echo = (
        "require('http').createServer((request, response) => request.url === '/health' ? response.end() : request.pipe(response))"
        ".listen(process.env.PORT, '127.0.0.1')"
    )
    container = platform.container(echo)
    container["portMappings"][0]["appProtocol"] = "http"
    service = platform.service(platform.task_definition(container), 1, **serving(namespace, "echo"))
    runtime.wait_for_service(account(), "us-east-1", service)
    address = namespaces.names("us-east-1", namespace)["echo:8080"]
    sent = b"x" * 300_000
    assert requests.post(f"http://{address}/a", data=sent, timeout=10).content == sent
    assert requests.post(f"http://{address}/a", data=iter([b"in ", b"pieces"]), timeout=10).content == b"in pieces"


def test_no_request_fails_while_tasks_start(platform: Platform, namespace: str) -> None:
    orders = started(platform, WEB, {"VERSION": "1"}, **serving(namespace, "orders"))
    address = namespaces.names("us-east-1", namespace)["orders:8080"]
    platform.update(orders, desiredCount=4)
    for _ in range(200):
        assert requests.get(f"http://{address}/a", timeout=10).text == "version 1"
    runtime.wait_for_service(account(), "us-east-1", orders)
