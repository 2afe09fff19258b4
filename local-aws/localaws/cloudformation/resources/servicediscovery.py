"""AWS::ServiceDiscovery::*"""

from __future__ import annotations

from localaws.cloudformation.api_resource import Creation, call, resource
from localaws.cloudformation.tagging import Tagging

_TAGS = Tagging("tag_resource", "untag_resource", "ResourceARN", "Tags", "TagKeys", arn="Arn", listed=True)


def _namespace_id(creation: Creation) -> str:
    """Namespaces are made by an operation of Cloud Map, which knows what became of it."""
    client = creation.request.client("servicediscovery")
    return client.get_operation(OperationId=creation.answer["OperationId"])["Operation"]["Targets"]["NAMESPACE"]


def _namespace_arn(creation: Creation) -> str:
    client = creation.request.client("servicediscovery")
    return client.get_namespace(Id=_namespace_id(creation))["Namespace"]["Arn"]


def _hosted_zone_id(creation: Creation) -> str:
    client = creation.request.client("servicediscovery")
    namespace = client.get_namespace(Id=_namespace_id(creation))["Namespace"]
    return namespace["Properties"]["DnsProperties"]["HostedZoneId"]


for kind in ("Http", "PrivateDns", "PublicDns"):
    attributes = {"Id": _namespace_id, "Arn": _namespace_arn}
    resource(
        f"AWS::ServiceDiscovery::{kind}Namespace",
        service="servicediscovery",
        create={"Http": "create_http_namespace"}.get(kind, f"create_{kind.removesuffix('Dns').lower()}_dns_namespace"),
        reads=call("get_namespace", Id="$id"),
        found="Namespace",
        identifier=_namespace_id,
        attributes=attributes if kind == "Http" else {**attributes, "HostedZoneId": _hosted_zone_id},
        tagging=_TAGS,
        delete=call("delete_namespace", Id="$id"),
    )

resource(
    "AWS::ServiceDiscovery::Service",
    service="servicediscovery",
    create="create_service",
    name="Name",
    reads=call("get_service", Id="$id"),
    found="Service",
    identifier="answer.Service.Id",
    attributes={"Id": "answer.Service.Id", "Arn": "answer.Service.Arn", "Name": "answer.Service.Name"},
    tagging=_TAGS,
    delete=call("delete_service", Id="$id"),
)
