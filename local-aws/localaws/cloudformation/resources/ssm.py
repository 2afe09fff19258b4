"""AWS::SSM::*"""

from __future__ import annotations

from typing import Any

from localaws.cloudformation.api_resource import call, resource
from localaws.cloudformation.model import Request
from localaws.cloudformation.tagging import Tagging


def _parameter(_request: Request, properties: dict[str, Any]) -> dict[str, Any]:
    """Templates have the tags of a parameter as a map, the API as a list."""
    tags = properties.get("Tags")
    listed = [{"Key": key, "Value": value} for key, value in tags.items()] if isinstance(tags, dict) else tags
    return {**properties, **({"Tags": listed} if listed else {})}


resource(
    "AWS::SSM::Parameter",
    service="ssm",
    create="put_parameter",
    name="Name",
    prepare=_parameter,
    reads=call("describe_parameters", ParameterFilters=[{"Key": "Name", "Values": ["$id"]}]),
    found="Parameters.0",
    identifier="given.Name",
    attributes={"Type": "given.Type", "Value": "given.Value"},
    update=call("put_parameter", Name="$id", Overwrite=True),
    in_place=("AllowedPattern", "DataType", "Description", "Policies", "Tier", "Type", "Value"),
    tagging=Tagging(
        "add_tags_to_resource",
        "remove_tags_from_resource",
        "ResourceId",
        "Tags",
        "TagKeys",
        listed=True,
        also={"ResourceType": "Parameter"},
    ),
    delete=call("delete_parameter", Name="$id"),
)
