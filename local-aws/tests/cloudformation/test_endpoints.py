"""VPC endpoints: read back as declared, changed in place where EC2 does, refused where EC2 refuses."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cloudformation.network import att, of, ref, vpc
from stacks import DeploymentEnded

SQS = "com.amazonaws.us-east-1.sqs"
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"}]}


def network() -> dict[str, Any]:
    resources = vpc()
    resources["Vpc"]["Properties"]["EnableDnsSupport"] = True
    resources["Other"] = of("EC2::SecurityGroup", GroupDescription="other", VpcId=ref("Vpc"))
    return resources


def interface(**properties: Any) -> dict[str, Any]:
    declared = {
        "VpcId": ref("Vpc"),
        "ServiceName": SQS,
        "VpcEndpointType": "Interface",
        "PrivateDnsEnabled": True,
        "SubnetIds": [ref("Public"), ref("Private")],
        "SecurityGroupIds": [att("Group", "GroupId")],
    }
    return of("EC2::VPCEndpoint", **{**declared, **properties})


def _described(local_aws: Any, endpoint: str) -> dict[str, Any]:
    return local_aws.client("ec2").describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"][0]


def test_an_interface_endpoint_reads_back_and_changes_in_place(stack: Any, local_aws: Any) -> None:
    made = stack().deploy({**network(), "Endpoint": interface(Tags=[{"Key": "team", "Value": "a"}])})
    before = made.resources
    described = _described(local_aws, before["Endpoint"])
    kind = (described["ServiceName"], described["VpcEndpointType"], described["PrivateDnsEnabled"])
    assert kind == (SQS, "Interface", True)
    assert sorted(described["SubnetIds"]) == sorted([before["Public"], before["Private"]])
    assert [group["GroupId"] for group in described["Groups"]] == [before["Group"]]
    assert described["Tags"] == [{"Key": "team", "Value": "a"}]
    interfaces = described["NetworkInterfaceIds"]
    assert len(interfaces) == 2
    changed = interface(PrivateDnsEnabled=False, SecurityGroupIds=[att("Other", "GroupId")], PolicyDocument=POLICY)
    after = made.deploy({**network(), "Endpoint": changed}).resources
    described = _described(local_aws, after["Endpoint"])
    assert after["Endpoint"] == before["Endpoint"]
    assert ([group["GroupId"] for group in described["Groups"]], described["PrivateDnsEnabled"]) == ([after["Other"]], False)
    assert (json.loads(described["PolicyDocument"]), described.get("Tags", [])) == (POLICY, [])
    made.deploy(network())
    endpoints = local_aws.client("ec2").describe_vpc_endpoints()["VpcEndpoints"]
    assert before["Endpoint"] not in [e["VpcEndpointId"] for e in endpoints if e["State"].lower() != "deleted"]
    left = local_aws.client("ec2").describe_network_interfaces()["NetworkInterfaces"]
    assert not {interface["NetworkInterfaceId"] for interface in left} & set(interfaces)


def test_a_gateway_endpoint_takes_another_route_table_in_place(stack: Any, local_aws: Any) -> None:
    def gateway(*tables: str) -> dict[str, Any]:
        routes = {"RouteTableIds": [ref(table) for table in tables]}
        return of("EC2::VPCEndpoint", VpcId=ref("Vpc"), ServiceName="com.amazonaws.us-east-1.s3", **routes)

    def leads_there(table: str, endpoint: str) -> bool:
        (described,) = local_aws.client("ec2").describe_route_tables(RouteTableIds=[table])["RouteTables"]
        return endpoint in [route.get("GatewayId") for route in described["Routes"]]

    tables = {"Second": of("EC2::RouteTable", VpcId=ref("Vpc"))}
    made = stack().deploy({**network(), **tables, "Endpoint": gateway("Table")})
    before = made.resources
    after = made.deploy({**network(), **tables, "Endpoint": gateway("Table", "Second")}).resources
    endpoint = after["Endpoint"]
    assert endpoint == before["Endpoint"]
    assert sorted(_described(local_aws, endpoint)["RouteTableIds"]) == sorted([after["Table"], after["Second"]])
    assert leads_there(after["Table"], endpoint) and leads_there(after["Second"], endpoint)
    made.deploy({**network(), **tables, "Endpoint": gateway("Second")})
    assert _described(local_aws, endpoint)["RouteTableIds"] == [after["Second"]]
    assert not leads_there(after["Table"], endpoint)


def test_another_service_is_another_endpoint(stack: Any, local_aws: Any) -> None:
    made = stack().deploy({**network(), "Endpoint": interface()})
    before = made.resources["Endpoint"]
    other = interface(ServiceName="com.amazonaws.us-east-1.kms")
    after = made.deploy({**network(), "Endpoint": other}).resources["Endpoint"]
    assert before != after
    assert _described(local_aws, after)["ServiceName"] == "com.amazonaws.us-east-1.kms"


@pytest.mark.parametrize(
    ("resources", "reason"),
    [
        ({"Endpoint": interface(ServiceName=f"{SQS}s")}, "'com.amazonaws.us-east-1.sqss' does not exist"),
        ({"Endpoint": interface(VpcEndpointType="Gateway")}, r"\(Gateway\) does not match available service types"),
        ({"Endpoint": interface(VpcEndpointType="GatewayLoadBalancer")}, "is not modelled by the local AWS"),
        ({"Endpoint": interface(RouteTableIds=[ref("Table")])}, "RouteTableIds is not a valid parameter for Interface"),
        ({"Endpoint": interface(), "Second": {**interface(), "DependsOn": "Endpoint"}}, "already a conflicting DNS domain"),
        ({"Endpoint": interface(SubnetIds=[ref("Public"), ref("Twin")])}, "DuplicateSubnetsInSameZone"),
        ({"Endpoint": interface(SecurityGroupIds=[att("Stranger", "GroupId")])}, "is not in the VPC"),
    ],
)
def test_what_ec2_refuses_is_refused(stack: Any, resources: dict[str, Any], reason: str) -> None:
    zone = {"Fn::Select": [0, {"Fn::GetAZs": ""}]}
    more = {
        "Twin": of("EC2::Subnet", VpcId=ref("Vpc"), CidrBlock="10.9.9.0/24", AvailabilityZone=zone),
        "Elsewhere": of("EC2::VPC", CidrBlock="10.8.0.0/16"),
        "Stranger": of("EC2::SecurityGroup", GroupDescription="stranger", VpcId=ref("Elsewhere")),
    }
    with pytest.raises(DeploymentEnded, match=reason):
        stack().deploy({**network(), **more, **resources})


def test_private_names_need_both_dns_settings(stack: Any) -> None:
    resources = network()
    resources["Vpc"]["Properties"]["EnableDnsHostnames"] = False
    with pytest.raises(DeploymentEnded, match="requires both enableDnsSupport and enableDnsHostnames"):
        stack().deploy({**resources, "Endpoint": interface()})


def test_other_subnets_of_an_existing_endpoint_are_refused(stack: Any) -> None:
    made = stack().deploy({**network(), "Endpoint": interface()})
    with pytest.raises(DeploymentEnded, match="Other subnets of the existing endpoint Endpoint are not modelled"):
        made.deploy({**network(), "Endpoint": interface(SubnetIds=[ref("Private")])})
