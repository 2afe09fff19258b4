"""State machines: read back as declared, updated in place."""

from __future__ import annotations

import json
from typing import Any

from cloudformation.network import att, of

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def machine(result: str, level: str = "ALL") -> dict[str, Any]:
    definition = json.dumps({"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": "${Result}", "End": True}}})
    return {
        "Role": of("IAM::Role", AssumeRolePolicyDocument=TRUST),
        "Logs": of("Logs::LogGroup", LogGroupName="/aws/vendedlogs/states/test", RetentionInDays=7),
        "Machine": of(
            "StepFunctions::StateMachine",
            DefinitionString=definition,
            DefinitionSubstitutions={"Result": result},
            RoleArn=att("Role", "Arn"),
            LoggingConfiguration={
                "Level": level,
                "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": att("Logs", "Arn")}}],
            },
            Tags=[{"Key": "team", "Value": result}],
        ),
    }


def test_a_state_machine_reads_back_and_is_updated_in_place(stack: Any, local_aws: Any) -> None:
    client, made = local_aws.client("stepfunctions"), stack().deploy(machine("one"))
    arn = made.resources["Machine"]
    assert json.loads(client.describe_state_machine(stateMachineArn=arn)["definition"])["States"]["P"]["Result"] == "one"
    made.deploy(machine("two", level="ERROR"))
    described = client.describe_state_machine(stateMachineArn=arn)
    assert made.resources["Machine"] == arn
    assert json.loads(described["definition"])["States"]["P"]["Result"] == "two"
    assert described["loggingConfiguration"]["level"] == "ERROR"
    assert client.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "team", "value": "two"}]
