"""Stacks for tests, deployed as the CDK command line does it: by change sets."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

LONGEST_WAIT = 60


class DeploymentEnded(Exception):
    """A deployment that did not end in success; holds the reasons of all events that failed."""


class Stack:
    """One stack of a test."""

    def __init__(self, local_aws: Any, name: str | None = None) -> None:
        self._client = local_aws.client("cloudformation")
        self.name = name or f"test-{uuid.uuid4().hex[:8]}"

    def deploy(self, resources: dict[str, Any], parameters: dict[str, str] | None = None, **sections: Any) -> Stack:
        """Creates or updates, and waits for the end."""
        kind = "CREATE" if self.status in ("", "DELETE_COMPLETE", "REVIEW_IN_PROGRESS") else "UPDATE"
        body = json.dumps({"Resources": resources, **sections})
        given = [{"ParameterKey": key, "ParameterValue": value} for key, value in (parameters or {}).items()]
        self.prepare(kind, body, given)
        self._client.execute_change_set(StackName=self.name, ChangeSetName="cdk-deploy-change-set")
        return self._settled(f"{kind}_COMPLETE")

    def prepare(self, kind: str, body: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
        self._client.create_change_set(
            StackName=self.name,
            ChangeSetName="cdk-deploy-change-set",
            ChangeSetType=kind,
            TemplateBody=body,
            Parameters=parameters,
        )
        return self._client.describe_change_set(StackName=self.name, ChangeSetName="cdk-deploy-change-set")

    def delete(self) -> Stack:
        arn = self.arn
        self._client.delete_stack(StackName=self.name)
        return self._settled("DELETE_COMPLETE", arn)

    @property
    def status(self) -> str:
        try:
            return self.described["StackStatus"]
        except self._client.exceptions.ClientError:
            return ""

    @property
    def arn(self) -> str:
        return self.described["StackId"]

    @property
    def described(self) -> dict[str, Any]:
        return self._client.describe_stacks(StackName=self.name)["Stacks"][0]

    @property
    def outputs(self) -> dict[str, str]:
        return {output["OutputKey"]: output["OutputValue"] for output in self.described.get("Outputs", [])}

    @property
    def resources(self) -> dict[str, str]:
        """Physical ids by logical id."""
        answer = self._client.describe_stack_resources(StackName=self.name)
        return {r["LogicalResourceId"]: r.get("PhysicalResourceId", "") for r in answer["StackResources"]}

    def events(self, name: str | None = None) -> list[dict[str, Any]]:
        """Oldest first."""
        return self._client.describe_stack_events(StackName=name or self.name)["StackEvents"][::-1]

    def statuses(self, logical_id: str) -> list[str]:
        return [event["ResourceStatus"] for event in self.events() if event["LogicalResourceId"] == logical_id]

    def _settled(self, wanted: str, arn: str | None = None) -> Stack:
        until = time.monotonic() + LONGEST_WAIT
        while time.monotonic() < until:
            described = self._client.describe_stacks(StackName=arn or self.name)["Stacks"][0]
            status = described["StackStatus"]
            if status == wanted:
                return self
            if not status.endswith("_IN_PROGRESS") or status == "REVIEW_IN_PROGRESS":
                failed = [
                    e.get("ResourceStatusReason", "") for e in self.events(arn) if e["ResourceStatus"].endswith("_FAILED")
                ]
                raise DeploymentEnded(f"{status}: {described.get('StackStatusReason', '')} " + " | ".join(failed))
            time.sleep(0.05)
        raise TimeoutError(f"{self.name} did not reach {wanted}")
