"""AWS::Route53::*"""

from __future__ import annotations

from typing import Any

from localaws.cloudformation.api_resource import Creation, call, resource
from localaws.cloudformation.model import Made, Request, ResourceModel, register
from localaws.cloudformation.properties import Placement
from localaws.cloudformation.state import StackResource
from localaws.errors import NotModelled

Properties = dict[str, Any]


def _hosted_zone(request: Request, properties: Properties) -> Properties:
    vpcs = properties.pop("VPCs", [])
    if len(vpcs) > 1:
        raise NotModelled(f"Property VPCs of {request.logical_id}: more than one VPC is not modelled by the local AWS")
    return {**properties, "CallerReference": request.generated_name(), **({"VPC": vpcs[0]} if vpcs else {})}


def _zone_id(creation: Creation) -> str:
    return creation.answer["HostedZone"]["Id"].split("/")[-1]


resource(
    "AWS::Route53::HostedZone",
    service="route53",
    create="create_hosted_zone",
    reads=call("get_hosted_zone", Id="$id"),
    found="HostedZone",
    identifier=_zone_id,
    attributes={"Id": _zone_id, "NameServers": "answer.DelegationSet.NameServers"},
    prepare=_hosted_zone,
    delete=call("delete_hosted_zone", Id="$id"),
)


class RecordSet(ResourceModel):
    """Records have no identity in the API: they are changed in batches of a zone."""

    type = "AWS::Route53::RecordSet"

    def create(self, request: Request) -> Made:
        self._change(request, "CREATE", request.properties)
        return Made(request.properties["Name"])

    def can_update(self, request: Request, current: StackResource) -> bool:
        identity = ("HostedZoneId", "HostedZoneName", "Name", "Type", "SetIdentifier")
        return all(request.properties.get(name) == current.properties.get(name) for name in identity)

    def update(self, request: Request, current: StackResource) -> Made:
        self._change(request, "UPSERT", request.properties)
        return Made(current.physical_id)

    def delete(self, request: Request, current: StackResource) -> None:
        self._change(request, "DELETE", current.properties)

    def _change(self, request: Request, action: str, properties: Properties) -> None:
        client, properties = request.client("route53"), dict(properties)
        zone = self._zone(client, properties)
        comment = {"Comment": properties.pop("Comment")} if "Comment" in properties else {}
        if "ResourceRecords" in properties:
            properties["ResourceRecords"] = [{"Value": value} for value in properties["ResourceRecords"]]
        if "AliasTarget" in properties:
            properties["AliasTarget"] = {"EvaluateTargetHealth": False, **properties["AliasTarget"]}
        batch = {**comment, "Changes": [{"Action": action, "ResourceRecordSet": properties}]}
        owner = f"{request.logical_id} ({self.type})"
        placement = Placement(client, "change_resource_record_sets", owner)
        client.change_resource_record_sets(**placement.place({"HostedZoneId": zone, "ChangeBatch": batch}))

    def _zone(self, client: Any, properties: Properties) -> str:
        zone, name = properties.pop("HostedZoneId", None), properties.pop("HostedZoneName", None)
        if zone:
            return zone
        return client.list_hosted_zones_by_name(DNSName=name)["HostedZones"][0]["Id"].split("/")[-1]


register(RecordSet())
