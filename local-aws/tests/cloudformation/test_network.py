"""The network and the load balancer: read back as declared, updated in place, gone with their stack."""

from __future__ import annotations

from typing import Any

from cloudformation.network import att, load_balancer, of, ref, vpc

PERMISSIONS = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}


def _count(local_aws: Any) -> dict[str, int]:
    """All that a network can leave behind."""
    ec2, elb = local_aws.client("ec2"), local_aws.client("elbv2")
    return {
        "vpcs": len(ec2.describe_vpcs()["Vpcs"]),
        "subnets": len(ec2.describe_subnets()["Subnets"]),
        "tables": len(ec2.describe_route_tables()["RouteTables"]),
        "gateways": len(ec2.describe_internet_gateways()["InternetGateways"]),
        "addresses": len(ec2.describe_addresses()["Addresses"]),
        "nat": len([n for n in ec2.describe_nat_gateways()["NatGateways"] if n["State"] != "deleted"]),
        "groups": len(ec2.describe_security_groups()["SecurityGroups"]),
        "interfaces": len(ec2.describe_network_interfaces()["NetworkInterfaces"]),
        "endpoints": len([e for e in ec2.describe_vpc_endpoints()["VpcEndpoints"] if e["State"].lower() != "deleted"]),
        "flow logs": len(ec2.describe_flow_logs()["FlowLogs"]),
        "balancers": len(elb.describe_load_balancers()["LoadBalancers"]),
        "targets": len(elb.describe_target_groups()["TargetGroups"]),
    }


def test_a_destroyed_network_leaves_nothing(stack: Any, local_aws: Any) -> None:
    before, made = _count(local_aws), stack()
    made.deploy(
        {
            **load_balancer(),
            "Logs": of("Logs::LogGroup", RetentionInDays=7),
            "Flow": of(
                "EC2::FlowLog",
                ResourceId=ref("Vpc"),
                ResourceType="VPC",
                TrafficType="ALL",
                LogGroupName=ref("Logs"),
                DeliverLogsPermissionArn="arn:aws:iam::123456789012:role/flow",
            ),
            "Endpoint": of(
                "EC2::VPCEndpoint", VpcId=ref("Vpc"), ServiceName="com.amazonaws.us-east-1.s3", RouteTableIds=[ref("Table")]
            ),
            "Interface": of(
                "EC2::VPCEndpoint",
                VpcId=ref("Vpc"),
                ServiceName="com.amazonaws.us-east-1.logs",
                VpcEndpointType="Interface",
                SubnetIds=[ref("Private")],
                PrivateDnsEnabled=True,
            ),
        }
    )
    assert _count(local_aws) != before
    made.delete()
    assert _count(local_aws) == before


def test_the_network_reads_back_as_declared(stack: Any, local_aws: Any) -> None:
    ids, ec2 = stack().deploy(vpc()).resources, local_aws.client("ec2")
    (network,) = ec2.describe_vpcs(VpcIds=[ids["Vpc"]])["Vpcs"]
    assert (network["CidrBlock"], network["Tags"]) == ("10.9.0.0/16", [{"Key": "Name", "Value": "shop"}])
    assert (
        ec2.describe_vpc_attribute(VpcId=ids["Vpc"], Attribute="enableDnsHostnames")["EnableDnsHostnames"]["Value"] is True
    )
    assert ec2.describe_subnets(SubnetIds=[ids["Public"]])["Subnets"][0]["MapPublicIpOnLaunch"] is True
    routes = ec2.describe_route_tables(RouteTableIds=[ids["Table"]])["RouteTables"][0]["Routes"]
    assert ids["Gateway"] in [route.get("GatewayId") for route in routes]
    assert ec2.describe_nat_gateways(NatGatewayIds=[ids["Nat"]])["NatGateways"][0]["SubnetId"] == ids["Public"]


def _ports(local_aws: Any, group: str, direction: str) -> list[Any]:
    (described,) = local_aws.client("ec2").describe_security_groups(GroupIds=[group])["SecurityGroups"]
    return [
        rule.get("FromPort", "all")
        for rule in described["IpPermissionsEgress" if direction == "Egress" else "IpPermissions"]
    ]


def test_rules_of_their_own_come_and_go_beside_inline_ones(stack: Any, local_aws: Any) -> None:
    made, groups = stack(), vpc()
    groups["Group"]["Properties"]["SecurityGroupEgress"] = [
        {"IpProtocol": "tcp", "FromPort": 25, "ToPort": 25, "CidrIp": "10.0.0.0/8"}
    ]
    rules = {
        "In": of("EC2::SecurityGroupIngress", GroupId=att("Group", "GroupId"), CidrIp="10.0.0.0/8", **PERMISSIONS),
        "Out": of(
            "EC2::SecurityGroupEgress",
            GroupId=att("Group", "GroupId"),
            DestinationSecurityGroupId=att("Group", "GroupId"),
            **PERMISSIONS,
        ),
    }
    group = made.deploy({**groups, **rules}).resources["Group"]
    assert sorted(_ports(local_aws, group, "Ingress")) == [80, 443]
    assert sorted(_ports(local_aws, group, "Egress")) == [25, 443]
    groups["Group"]["Properties"]["SecurityGroupIngress"][0].update(FromPort=81, ToPort=81)
    made.deploy({**groups, **rules})
    assert made.resources["Group"] == group
    assert sorted(_ports(local_aws, group, "Ingress")) == [81, 443]
    made.deploy(groups)
    assert (_ports(local_aws, group, "Ingress"), _ports(local_aws, group, "Egress")) == ([81], [25])


def test_the_load_balancer_reads_back_and_is_updated_in_place(stack: Any, local_aws: Any) -> None:
    elb, made = local_aws.client("elbv2"), stack().deploy(load_balancer())
    before = made.resources
    attributes = elb.describe_load_balancer_attributes(LoadBalancerArn=before["Balancer"])["Attributes"]
    assert {a["Key"]: a["Value"] for a in attributes}["idle_timeout.timeout_seconds"] == "45"
    attributes = elb.describe_target_group_attributes(TargetGroupArn=before["Targets"])["Attributes"]
    assert {a["Key"]: a["Value"] for a in attributes}["deregistration_delay.timeout_seconds"] == "30"
    made.deploy(load_balancer(priority=20, path="/b", interval=15))
    assert made.resources == before
    (rule,) = elb.describe_rules(RuleArns=[before["Rule"]])["Rules"]
    assert (rule["Priority"], rule["Conditions"][0]["PathPatternConfig"]["Values"]) == ("20", ["/b"])
    (targets,) = elb.describe_target_groups(TargetGroupArns=[before["Targets"]])["TargetGroups"]
    assert targets["HealthCheckIntervalSeconds"] == 15


def test_a_create_only_property_replaces_the_target_group(stack: Any, local_aws: Any) -> None:
    made, resources = stack(), load_balancer()
    before = made.deploy(resources).resources
    resources["Targets"]["Properties"]["Port"] = 9090
    after = made.deploy(resources).resources
    assert after["Targets"] != before["Targets"]
    elb = local_aws.client("elbv2")
    assert elb.describe_rules(RuleArns=[after["Rule"]])["Rules"][0]["Actions"][0]["TargetGroupArn"] == after["Targets"]
    assert before["Targets"] not in [group["TargetGroupArn"] for group in elb.describe_target_groups()["TargetGroups"]]


def test_an_attribute_that_is_left_out_replaces_rather_than_stays(stack: Any, local_aws: Any) -> None:
    made, resources = stack(), load_balancer()
    before = made.deploy(resources).resources["Balancer"]
    resources["Balancer"]["Properties"]["LoadBalancerAttributes"].pop(0)
    after = made.deploy(resources).resources["Balancer"]
    attributes = local_aws.client("elbv2").describe_load_balancer_attributes(LoadBalancerArn=after)["Attributes"]
    assert after != before
    assert {a["Key"]: a["Value"] for a in attributes}.get("idle_timeout.timeout_seconds") != "45"
