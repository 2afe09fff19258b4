"""AWS::CertificateManager::*"""

from __future__ import annotations

from typing import Any

from localaws.cloudformation.api_resource import call, resource
from localaws.cloudformation.model import Request
from localaws.cloudformation.tagging import Tagging


def _validation(_request: Request, properties: dict[str, Any]) -> dict[str, Any]:
    """The hosted zone of a validation option tells CloudFormation where to prove ownership; no proof is asked for here."""
    options = [
        {"DomainName": option["DomainName"], "ValidationDomain": option.get("ValidationDomain", option["DomainName"])}
        for option in properties.pop("DomainValidationOptions", [])
    ]
    return {**properties, **({"DomainValidationOptions": options} if options else {})}


resource(
    "AWS::CertificateManager::Certificate",
    service="acm",
    create="request_certificate",
    reads=call("describe_certificate", CertificateArn="$id"),
    found="Certificate",
    identifier="answer.CertificateArn",
    prepare=_validation,
    tagging=Tagging(
        "add_tags_to_certificate",
        "remove_tags_from_certificate",
        "CertificateArn",
        "Tags",
        "Tags",
        listed=True,
        untag_takes_tags=True,
    ),
    delete=call("delete_certificate", CertificateArn="$id"),
)
