"""AWS::EC2::VPCEndpoint: what EC2 refuses is refused; what DescribeVpcEndpoints shows in another shape is read back here."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import ec2_backends

from localaws.cloudformation.api_resource import ApiResource, call
from localaws.cloudformation.model import Made, Request, ResourceFailed, register
from localaws.cloudformation.properties import as_boolean, as_text
from localaws.cloudformation.resources.ec2_network import TAGS, tagged
from localaws.cloudformation.state import StackResource
from localaws.errors import NotModelled

Properties = dict[str, Any]

_FOREIGN = {"Gateway": ("PrivateDnsEnabled", "SecurityGroupIds", "SubnetIds"), "Interface": ("RouteTableIds",)}
"""What an endpoint of that kind cannot have."""


class VpcEndpoint(ApiResource):
    def create(self, request: Request) -> Made:
        _check(request, None)
        return super().create(request)

    def update(self, request: Request, current: StackResource) -> Made:
        _check(request, current.physical_id)
        changes = _changes(request, current)
        if changes:
            request.client("ec2").modify_vpc_endpoint(VpcEndpointId=current.physical_id, **changes)
            _move_routes(request, current.physical_id, changes)
        return super().update(request, current)


def _move_routes(request: Request, endpoint_id: str, changes: Properties) -> None:
    """ModifyVpcEndpoint of moto names the route tables of a gateway and leaves its routes where they were."""
    backend = ec2_backends[request.account][request.region]
    prefixes = backend.vpc_end_points[endpoint_id].destination_prefix_list_id
    if not prefixes:
        return
    for table in changes.get("AddRouteTableIds", []):
        backend.create_route(table, None, gateway_id=endpoint_id, destination_prefix_list_id=prefixes)
    for table in changes.get("RemoveRouteTableIds", []):
        backend.delete_route(table, None, destination_prefix_list_id=prefixes)


def _check(request: Request, own_id: str | None) -> None:
    properties = request.properties
    kind, name = properties.get("VpcEndpointType", "Gateway"), properties["ServiceName"]
    if kind not in _FOREIGN:
        raise NotModelled(
            f"The {kind} endpoint {request.logical_id} is not modelled by the local AWS: Gateway and Interface are"
        )
    # an unknown service is an error of this operation. S3 and DynamoDB are listed once for each kind.
    services = request.client("ec2").describe_vpc_endpoint_services(ServiceNames=[name])["ServiceDetails"]
    kinds = sorted({entry["ServiceType"] for service in services for entry in service["ServiceType"]})
    if kind not in kinds:
        raise ResourceFailed(f"Endpoint type ({kind}) does not match available service types ({', '.join(kinds)}) of {name}")
    foreign = next((property for property in _FOREIGN[kind] if properties.get(property)), None)
    if foreign:
        raise ResourceFailed(f"{foreign} is not a valid parameter for {kind} endpoints")
    if kind == "Interface":
        _check_places(request)
    if as_boolean(properties.get("PrivateDnsEnabled", False)):
        _check_private_names(request, own_id)


def _check_places(request: Request) -> None:
    """All subnets and groups are of the VPC, and the endpoint has one place in a zone."""
    ec2, properties, vpc = request.client("ec2"), request.properties, request.properties["VpcId"]
    subnets, groups = properties.get("SubnetIds"), properties.get("SecurityGroupIds")
    placed = ec2.describe_subnets(SubnetIds=subnets)["Subnets"] if subnets else []
    guarded = ec2.describe_security_groups(GroupIds=groups)["SecurityGroups"] if groups else []
    for member in (*placed, *guarded):
        if member["VpcId"] != vpc:
            raise ResourceFailed(f"{member.get('SubnetId') or member['GroupId']} is not in the VPC {vpc} of the endpoint")
    if len({subnet["AvailabilityZone"] for subnet in placed}) < len(placed):
        raise ResourceFailed("DuplicateSubnetsInSameZone: an endpoint has one subnet in an Availability Zone")


def _check_private_names(request: Request, own_id: str | None) -> None:
    """A private name needs both DNS settings of the VPC, and leads to one endpoint."""
    ec2, vpc, name = request.client("ec2"), request.properties["VpcId"], request.properties["ServiceName"]
    for attribute in ("enableDnsSupport", "enableDnsHostnames"):
        answer = ec2.describe_vpc_attribute(VpcId=vpc, Attribute=attribute)
        if not answer[attribute[0].upper() + attribute[1:]]["Value"]:
            raise ResourceFailed(
                "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes "
                f"set to true for {vpc}"
            )
    for other in ec2.describe_vpc_endpoints()["VpcEndpoints"]:
        is_same = (other["VpcId"], other["ServiceName"]) == (vpc, name) and other["State"].lower() != "deleted"
        if is_same and other.get("PrivateDnsEnabled") and other["VpcEndpointId"] != own_id:
            raise ResourceFailed(
                "private-dns-enabled cannot be set because there is already a conflicting DNS domain "
                f"for {name} in the VPC {vpc}"
            )


def _changes(request: Request, current: StackResource) -> Properties:
    """What ModifyVpcEndpoint takes: for lists, what comes and what goes."""
    old, new = current.properties, request.properties
    if sorted(old.get("SubnetIds") or []) != sorted(new.get("SubnetIds") or []):
        raise NotModelled(f"Other subnets of the existing endpoint {request.logical_id} are not modelled by the local AWS")
    if "PolicyDocument" in old and "PolicyDocument" not in new:
        raise NotModelled(
            f"Taking its policy from the existing endpoint {request.logical_id} is not modelled by the local AWS"
        )
    changes: Properties = {}
    for name in ("SecurityGroupIds", "RouteTableIds"):
        before, after = old.get(name) or [], new.get(name) or []
        changes[f"Add{name}"] = [item for item in after if item not in before]
        changes[f"Remove{name}"] = [item for item in before if item not in after]
    if "PolicyDocument" in new:
        changes["PolicyDocument"] = as_text(new["PolicyDocument"])
    return {name: value for name, value in changes.items() if value}


def _complete(request: Request, made: Made) -> None:
    """ModifyVpcEndpoint of moto passes over private names, and its security groups are listed with their names."""
    endpoint = ec2_backends[request.account][request.region].vpc_end_points[made.physical_id]
    endpoint.private_dns_enabled = as_boolean(request.properties.get("PrivateDnsEnabled", False))
    (described,) = request.client("ec2").describe_vpc_endpoints(VpcEndpointIds=[made.physical_id])["VpcEndpoints"]
    groups = {group["GroupId"] for group in described.get("Groups") or []}
    if groups != set(request.properties.get("SecurityGroupIds") or []):
        raise NotModelled(
            f"Property SecurityGroupIds of {request.logical_id} is not kept by the local AWS, which has {groups}"
        )


register(
    VpcEndpoint(
        "AWS::EC2::VPCEndpoint",
        "ec2",
        "create_vpc_endpoint",
        "answer.VpcEndpoint.VpcEndpointId",
        defaults={"VpcEndpointType": "Gateway"},
        reads=call("describe_vpc_endpoints", VpcEndpointIds=["$id"]),
        found="VpcEndpoints.0",
        attributes={
            "Id": "answer.VpcEndpoint.VpcEndpointId",
            "CreationTimestamp": "answer.VpcEndpoint.CreationTimestamp",
            "DnsEntries": lambda c: [
                f"{e['HostedZoneId']}:{e['DnsName']}" for e in c.answer["VpcEndpoint"].get("DnsEntries", [])
            ],
            "NetworkInterfaceIds": "answer.VpcEndpoint.NetworkInterfaceIds",
        },
        prepare=tagged("vpc-endpoint"),
        after=_complete,
        in_place_after=("PolicyDocument", "PrivateDnsEnabled", "RouteTableIds", "SecurityGroupIds", "SubnetIds"),
        resets={
            "PolicyDocument": None,
            "PrivateDnsEnabled": False,
            "RouteTableIds": [],
            "SecurityGroupIds": [],
            "SubnetIds": [],
        },
        tagging=TAGS,
        delete_call=call("delete_vpc_endpoints", VpcEndpointIds=["$id"]),
    )
)
