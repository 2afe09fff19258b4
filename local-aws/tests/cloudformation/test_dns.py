"""Alias records of both address families."""

from __future__ import annotations

from typing import Any

from cloudformation.network import att, load_balancer, of, ref


def alias(kind: str) -> dict[str, Any]:
    target = {"DNSName": att("Balancer", "DNSName"), "HostedZoneId": att("Balancer", "CanonicalHostedZoneID")}
    return of("Route53::RecordSet", HostedZoneId=ref("Zone"), Name="api.example.com.", Type=kind, AliasTarget=target)


def test_alias_records_of_both_address_families(stack: Any, local_aws: Any) -> None:
    route53, made = local_aws.client("route53"), stack()
    zone = {**load_balancer(), "Zone": of("Route53::HostedZone", Name="example.com.")}
    made.deploy({**zone, "Four": alias("A"), "Six": alias("AAAA")})
    assert kinds(route53, made.resources["Zone"]) == {"A", "AAAA"}
    made.deploy({**zone, "Four": alias("A")})
    assert kinds(route53, made.resources["Zone"]) == {"A"}
    made.deploy(zone)


def kinds(route53: Any, zone: str) -> set[str]:
    records = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    return {record["Type"] for record in records if record["Name"] == "api.example.com."}
