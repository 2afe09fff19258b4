"""Service discovery in DNS: the name of a Cloud Map service leads to the ready tasks, for everybody."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError
from localaws import names, runtime
from runtime.applications import WEB, Platform, account
from runtime.serviceconnect.test_service_connect import public, started

@pytest.fixture
def domain(platform: Platform) -> str:
    name = f"{uuid.uuid4().hex[:8]}.internal"
    platform.local.client("servicediscovery").create_private_dns_namespace(Name=name, Vpc=platform.vpc)
    return name


def registry(platform: Platform, domain: str, name: str, kind: str = "A") -> dict[str, Any]:
    client = platform.local.client("servicediscovery")
    [namespace] = [each for each in client.list_namespaces()["Namespaces"] if each["Name"] == domain]
    service = client.create_service(
        Name=name, NamespaceId=namespace["Id"], DnsConfig={"DnsRecords": [{"Type": kind, "TTL": 10}]}
    )["Service"]
    return {"serviceRegistries": [{"registryArn": service["Arn"]}]}


def test_a_name_in_dns_leads_to_the_tasks_of_its_service_for_those_without_service_connect(platform: Platform, domain: str) -> None:
    url = public(platform, f"http://orders.{domain}:8080")
    assert requests.get(f"{url}/a", timeout=30).status_code == 502
    started(platform, WEB, {"VERSION": "1"}, **registry(platform, domain, "orders"))
    assert requests.get(f"{url}/a", timeout=10).text == "through: version 1"


def test_the_name_follows_its_service_through_deployments_and_ends_with_it(platform: Platform, domain: str) -> None:
    orders = started(platform, WEB, {"VERSION": "1"}, **registry(platform, domain, "orders"))
    url = public(platform, f"http://orders.{domain}:8080")
    platform.update(orders, taskDefinition=platform.task_definition(platform.container(WEB, environment={"VERSION": "2"})))
    runtime.wait_for_service(account(), "us-east-1", orders)
    assert requests.get(f"{url}/a", timeout=10).text == "through: version 2"
    assert f"orders.{domain}:8080" in json.loads(names.file().read_text())
    platform.update(orders, serviceRegistries=[])
    assert f"orders.{domain}:8080" not in json.loads(names.file().read_text())


def test_what_a_service_declares_is_read_back(platform: Platform, domain: str) -> None:
    declared = registry(platform, domain, "orders")
    assert platform.describe(started(platform, WEB, {}, **declared))["serviceRegistries"] == declared["serviceRegistries"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda declared: declared["serviceRegistries"] * 2, "limited to one"),
        (lambda declared: [{**declared["serviceRegistries"][0], "port": 8080}], "SRV records"),
    ],
)
def test_what_is_not_modelled_is_refused(platform: Platform, domain: str, change: Any, sentence: str) -> None:
    with pytest.raises(ClientError, match=sentence):
        started(platform, WEB, {}, serviceRegistries=change(registry(platform, domain, "orders")))


def test_other_records_are_refused(platform: Platform, domain: str) -> None:
    with pytest.raises(ClientError, match="only one A record"):
        started(platform, WEB, {}, **registry(platform, domain, "orders", "SRV"))
