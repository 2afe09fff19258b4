"""AWS::EC2::*, the network: VPC, subnets, routes, gateways, flow logs."""

from __future__ import annotations

from typing import Any

from localaws.cloudformation.api_resource import Creation, Path, Prepare, call, resource
from localaws.cloudformation.model import Made, Request, ResourceFailed
from localaws.cloudformation.properties import as_boolean
from localaws.cloudformation.tagging import Tagging

Properties = dict[str, Any]

TAGS = Tagging("create_tags", "delete_tags", "Resources", "Tags", "Tags", listed=True, several=True, untag_takes_tags=True)


def tagged(kind: str) -> Prepare:
    """EC2 takes the tags of a new resource as a specification, which names the kind of the resource."""

    def prepare(_request: Request, properties: Properties) -> Properties:
        tags = properties.pop("Tags", None)
        return {**properties, "TagSpecifications": [{"ResourceType": kind, "Tags": tags}]} if tags else properties

    return prepare


def _by_attribute(attribute: str) -> Tagging:
    return Tagging(
        TAGS.tag, TAGS.untag, TAGS.key, TAGS.tags, TAGS.keys, attribute, True, TAGS.pair, True, untag_takes_tags=True
    )


def _vpc_attributes(request: Request, made: Made) -> None:
    for name in ("EnableDnsSupport", "EnableDnsHostnames"):
        if name in request.properties:
            value = {"Value": as_boolean(request.properties[name])}
            request.client("ec2").modify_vpc_attribute(VpcId=made.physical_id, **{name: value})


def _default_of_vpc(operation: str, kind: str, key: str, filters: dict[str, str]) -> Path:
    def find(creation: Creation) -> str:
        wanted = {"vpc-id": creation.answer["Vpc"]["VpcId"], **filters}
        answer = getattr(creation.request.client("ec2"), operation)(
            Filters=[{"Name": name, "Values": [value]} for name, value in wanted.items()]
        )
        return answer[kind][0][key]

    return find


resource(
    "AWS::EC2::VPC",
    service="ec2",
    create="create_vpc",
    reads=call("describe_vpcs", VpcIds=["$id"]),
    found="Vpcs.0",
    identifier="answer.Vpc.VpcId",
    attributes={
        "VpcId": "answer.Vpc.VpcId",
        "CidrBlock": "given.CidrBlock",
        "DefaultSecurityGroup": _default_of_vpc(
            "describe_security_groups", "SecurityGroups", "GroupId", {"group-name": "default"}
        ),
        "DefaultNetworkAcl": _default_of_vpc("describe_network_acls", "NetworkAcls", "NetworkAclId", {"default": "true"}),
        "CidrBlockAssociations": lambda c: [item["AssociationId"] for item in c.answer["Vpc"]["CidrBlockAssociationSet"]],
    },
    prepare=tagged("vpc"),
    separate=("EnableDnsSupport", "EnableDnsHostnames"),
    after=_vpc_attributes,
    tagging=TAGS,
    delete=call("delete_vpc", VpcId="$id"),
)


def _subnet_attributes(request: Request, made: Made) -> None:
    if "MapPublicIpOnLaunch" in request.properties:
        value = {"Value": as_boolean(request.properties["MapPublicIpOnLaunch"])}
        request.client("ec2").modify_subnet_attribute(SubnetId=made.physical_id, MapPublicIpOnLaunch=value)


resource(
    "AWS::EC2::Subnet",
    service="ec2",
    create="create_subnet",
    reads=call("describe_subnets", SubnetIds=["$id"]),
    found="Subnets.0",
    identifier="answer.Subnet.SubnetId",
    attributes={
        "SubnetId": "answer.Subnet.SubnetId",
        "AvailabilityZone": "answer.Subnet.AvailabilityZone",
        "AvailabilityZoneId": "answer.Subnet.AvailabilityZoneId",
        "CidrBlock": "answer.Subnet.CidrBlock",
        "VpcId": "given.VpcId",
    },
    prepare=tagged("subnet"),
    separate=("MapPublicIpOnLaunch",),
    after=_subnet_attributes,
    tagging=TAGS,
    delete=call("delete_subnet", SubnetId="$id"),
)

resource(
    "AWS::EC2::RouteTable",
    service="ec2",
    create="create_route_table",
    identifier="answer.RouteTable.RouteTableId",
    attributes={"RouteTableId": "answer.RouteTable.RouteTableId"},
    prepare=tagged("route-table"),
    tagging=TAGS,
    delete=call("delete_route_table", RouteTableId="$id"),
)

resource(
    "AWS::EC2::SubnetRouteTableAssociation",
    service="ec2",
    create="associate_route_table",
    identifier="answer.AssociationId",
    attributes={"Id": "answer.AssociationId"},
    delete=call("disassociate_route_table", AssociationId="$id"),
)

_DESTINATIONS = ("DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
_ROUTE = {name: f"$properties.{name}" for name in ("RouteTableId", *_DESTINATIONS)}


def _destination(creation: Creation) -> str:
    return next(creation.given[name] for name in _DESTINATIONS if name in creation.given)


resource(
    "AWS::EC2::Route",
    service="ec2",
    create="create_route",
    identifier=lambda c: f"{c.given['RouteTableId']}|{_destination(c)}",
    attributes={"CidrBlock": _destination},
    update=call("replace_route", **_ROUTE),
    in_place=("GatewayId", "NatGatewayId", "NetworkInterfaceId", "TransitGatewayId", "VpcPeeringConnectionId"),
    delete=call("delete_route", **_ROUTE),
)

resource(
    "AWS::EC2::InternetGateway",
    service="ec2",
    create="create_internet_gateway",
    identifier="answer.InternetGateway.InternetGatewayId",
    attributes={"InternetGatewayId": "answer.InternetGateway.InternetGatewayId"},
    prepare=tagged("internet-gateway"),
    tagging=TAGS,
    delete=call("delete_internet_gateway", InternetGatewayId="$id"),
)

resource(
    "AWS::EC2::VPCGatewayAttachment",
    service="ec2",
    create="attach_internet_gateway",
    identifier=lambda c: f"IGW|{c.given['VpcId']}",
    attributes={"AttachmentType": lambda c: "IGW"},
    delete=call("detach_internet_gateway", InternetGatewayId="$properties.InternetGatewayId", VpcId="$properties.VpcId"),
)

resource(
    "AWS::EC2::EIP",
    service="ec2",
    create="allocate_address",
    identifier="answer.PublicIp",
    attributes={"AllocationId": "answer.AllocationId", "PublicIp": "answer.PublicIp"},
    prepare=tagged("elastic-ip"),
    tagging=_by_attribute("AllocationId"),
    delete=call("release_address", AllocationId="$attributes.AllocationId"),
)

resource(
    "AWS::EC2::NatGateway",
    service="ec2",
    create="create_nat_gateway",
    reads=call("describe_nat_gateways", NatGatewayIds=["$id"]),
    found="NatGateways.0",
    identifier="answer.NatGateway.NatGatewayId",
    attributes={"NatGatewayId": "answer.NatGateway.NatGatewayId"},
    prepare=tagged("natgateway"),
    tagging=TAGS,
    delete=call("delete_nat_gateway", NatGatewayId="$id"),
)

def _flow_log_id(creation: Creation) -> str:
    """CreateFlowLogs reports what failed in its answer, not as an error."""
    failed = creation.answer.get("Unsuccessful")
    if failed:
        raise ResourceFailed(failed[0]["Error"]["Message"])
    return creation.answer["FlowLogIds"][0]


resource(
    "AWS::EC2::FlowLog",
    service="ec2",
    create="create_flow_logs",
    rename={"ResourceId": "ResourceIds"},
    reads=call("describe_flow_logs", FlowLogIds=["$id"]),
    found="FlowLogs.0",
    identifier=_flow_log_id,
    attributes={"Id": _flow_log_id},
    prepare=tagged("vpc-flow-log"),
    tagging=TAGS,
    delete=call("delete_flow_logs", FlowLogIds=["$id"]),
)
