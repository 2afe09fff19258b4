"""AWS::EC2::LaunchTemplate"""

from __future__ import annotations

from localaws.cloudformation.api_resource import call, resource
from localaws.cloudformation.model import Made, Request


def _versions(request: Request, made: Made) -> None:
    """Each update is a new version, which others refer to by number."""
    answer = request.client("ec2").describe_launch_templates(LaunchTemplateIds=[made.physical_id])
    (template,) = answer["LaunchTemplates"]
    made.attributes["LatestVersionNumber"] = str(template["LatestVersionNumber"])
    made.attributes["DefaultVersionNumber"] = str(template["DefaultVersionNumber"])


resource(
    "AWS::EC2::LaunchTemplate",
    service="ec2",
    create="create_launch_template",
    name="LaunchTemplateName",
    reads=call("describe_launch_template_versions", LaunchTemplateId="$id", Versions=["$$Latest"]),
    found="LaunchTemplateVersions.0",
    identifier="answer.LaunchTemplate.LaunchTemplateId",
    attributes={"LaunchTemplateId": "answer.LaunchTemplate.LaunchTemplateId"},
    after=_versions,
    update=call("create_launch_template_version", LaunchTemplateId="$id"),
    in_place=("LaunchTemplateData", "VersionDescription"),
    delete=call("delete_launch_template", LaunchTemplateId="$id"),
)
