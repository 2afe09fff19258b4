"""Functions made from source text."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from typing import Any

import pytest


class Functions:
    def __init__(self, local_aws: Any) -> None:
        self.local, self.client = local_aws, local_aws.client("lambda")
        self._role = local_aws.client("iam").create_role(RoleName=_name(), AssumeRolePolicyDocument="{}")["Role"]["Arn"]

    def create(
        self, files: dict[str, str], runtime: str = "nodejs22.x", handler: str = "index.handler", **given: Any
    ) -> str:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name, text in files.items():
                archive.writestr(name, text)
        code = {"ZipFile": packed.getvalue()}
        return self.client.create_function(
            FunctionName=_name(), Runtime=runtime, Handler=handler, Role=self._role, Code=code, **{"Timeout": 30, **given}
        )["FunctionArn"]

    def node(self, body: str, **given: Any) -> str:
        return self.create({"index.js": f"exports.handler = async (event, context) => {{ {body} }};"}, **given)

    def invoke(self, arn: str, event: Any = None, **given: Any) -> dict[str, Any]:
        return self.client.invoke(FunctionName=arn, Payload=json.dumps(event).encode(), **given)

    def value(self, arn: str, event: Any = None) -> Any:
        answer = self.invoke(arn, event)
        told = json.loads(answer["Payload"].read())
        assert "FunctionError" not in answer, told
        return told

    def error(self, arn: str, event: Any = None) -> dict[str, Any]:
        answer = self.invoke(arn, event)
        assert answer["FunctionError"] == "Unhandled"
        return json.loads(answer["Payload"].read())

    def lines(self, group: str) -> list[str]:
        """None yet where the group is made by the first invocation."""
        logs = self.local.client("logs")
        groups = [found["logGroupName"] for found in logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]]
        events = logs.filter_log_events(logGroupName=group)["events"] if group in groups else []
        return [event["message"] for event in events]


@pytest.fixture
def functions(local_aws: Any) -> Functions:
    return Functions(local_aws)


def _name() -> str:
    return f"f{uuid.uuid4().hex[:12]}"
