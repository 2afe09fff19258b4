"""AWS::SecretsManager::*"""

from __future__ import annotations

import json
from typing import Any

from localaws.cloudformation.api_resource import call, resource
from localaws.cloudformation.model import Made, Request
from localaws.cloudformation.properties import Placement
from localaws.cloudformation.tagging import Tagging

Properties = dict[str, Any]


def _generated(request: Request, properties: Properties) -> Properties:
    """A generated value is made once: an update keeps it, as AWS does as long as the wish for it is unchanged."""
    wish = properties.pop("GenerateSecretString", None)
    if wish is None:
        return properties
    wish = dict(wish)
    key, frame = wish.pop("GenerateStringKey", None), wish.pop("SecretStringTemplate", None)
    client = request.client("secretsmanager")
    placement = Placement(client, "get_random_password", f"{request.logical_id} ({request.type})")
    password = client.get_random_password(**placement.place(wish))["RandomPassword"]
    return {**properties, "SecretString": json.dumps({**json.loads(frame), key: password}) if frame else password}


def _describe(request: Request, made: Made) -> None:
    """UpdateSecret would write a new value each time; only what the template says is sent, and never a generated one."""
    changes = {
        name: request.properties[name] for name in ("Description", "KmsKeyId", "SecretString") if name in request.properties
    }
    if changes:
        request.client("secretsmanager").update_secret(SecretId=made.physical_id, **changes)


resource(
    "AWS::SecretsManager::Secret",
    service="secretsmanager",
    create="create_secret",
    name="Name",
    reads=call("describe_secret", SecretId="$id"),
    identifier="answer.ARN",
    attributes={"Id": "answer.ARN"},
    prepare=_generated,
    repeatable=False,
    after=_describe,
    in_place_after=("Description", "KmsKeyId", "SecretString"),
    tagging=Tagging("tag_resource", "untag_resource", "SecretId", "Tags", "TagKeys", listed=True),
    delete=call("delete_secret", SecretId="$id", ForceDeleteWithoutRecovery=True),
)

resource(
    "AWS::SecretsManager::ResourcePolicy",
    service="secretsmanager",
    create="put_resource_policy",
    identifier="answer.ARN",
    update=call("put_resource_policy", SecretId="$id"),
    in_place=("ResourcePolicy",),
    delete=call("delete_resource_policy", SecretId="$id"),
)
