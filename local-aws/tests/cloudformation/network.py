"""The resources of a small VPC with a load balancer, which several tests build on."""

from __future__ import annotations

from typing import Any


def ref(name: str) -> dict[str, str]:
    return {"Ref": name}


def att(name: str, attribute: str) -> dict[str, list[str]]:
    return {"Fn::GetAtt": [name, attribute]}


def of(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}


def vpc() -> dict[str, Any]:
    zone = {"Fn::Select": [0, {"Fn::GetAZs": ""}]}
    other = {"Fn::Select": [1, {"Fn::GetAZs": ""}]}
    return {
        "Vpc": of("EC2::VPC", CidrBlock="10.9.0.0/16", EnableDnsHostnames=True, Tags=[{"Key": "Name", "Value": "shop"}]),
        "Public": of(
            "EC2::Subnet", VpcId=ref("Vpc"), CidrBlock="10.9.0.0/24", AvailabilityZone=zone, MapPublicIpOnLaunch=True
        ),
        "Private": of("EC2::Subnet", VpcId=ref("Vpc"), CidrBlock="10.9.1.0/24", AvailabilityZone=other),
        "Gateway": of("EC2::InternetGateway"),
        "Attachment": of("EC2::VPCGatewayAttachment", VpcId=ref("Vpc"), InternetGatewayId=ref("Gateway")),
        "Table": of("EC2::RouteTable", VpcId=ref("Vpc")),
        "TableOfPublic": of("EC2::SubnetRouteTableAssociation", SubnetId=ref("Public"), RouteTableId=ref("Table")),
        "Default": {
            **of("EC2::Route", RouteTableId=ref("Table"), DestinationCidrBlock="0.0.0.0/0", GatewayId=ref("Gateway")),
            "DependsOn": "Attachment",
        },
        "Address": of("EC2::EIP", Domain="vpc"),
        "Nat": of("EC2::NatGateway", SubnetId=ref("Public"), AllocationId=att("Address", "AllocationId")),
        "Group": of(
            "EC2::SecurityGroup",
            GroupDescription="load balancer",
            VpcId=ref("Vpc"),
            SecurityGroupIngress=[
                {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": "0.0.0.0/0", "Description": "web"}
            ],
        ),
    }


def load_balancer(priority: int = 10, path: str = "/a", interval: int = 10) -> dict[str, Any]:
    return {
        **vpc(),
        "Balancer": of(
            "ElasticLoadBalancingV2::LoadBalancer",
            Subnets=[ref("Public"), ref("Private")],
            SecurityGroups=[ref("Group")],
            LoadBalancerAttributes=[
                {"Key": "idle_timeout.timeout_seconds", "Value": 45},
                {"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": True},
            ],
        ),
        "Targets": of(
            "ElasticLoadBalancingV2::TargetGroup",
            VpcId=ref("Vpc"),
            Port=8080,
            Protocol="HTTP",
            TargetType="ip",
            HealthCheckPath="/health",
            HealthCheckIntervalSeconds=interval,
            TargetGroupAttributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": "30"}],
        ),
        "Listener": of(
            "ElasticLoadBalancingV2::Listener",
            LoadBalancerArn=ref("Balancer"),
            Port=80,
            Protocol="HTTP",
            DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
        ),
        "Rule": of(
            "ElasticLoadBalancingV2::ListenerRule",
            ListenerArn=ref("Listener"),
            Priority=priority,
            Conditions=[{"Field": "path-pattern", "PathPatternConfig": {"Values": [path]}}],
            Actions=[{"Type": "forward", "TargetGroupArn": ref("Targets")}],
        ),
    }
