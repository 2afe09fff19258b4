"""Pipes: read back as declared, updated in place, deleted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cloudformation.network import att, of
from stacks import DeploymentEnded

DEFINITION = json.dumps({"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}})


def trust(service: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"Service": f"{service}.amazonaws.com"}, "Action": "sts:AssumeRole"}
    return of("IAM::Role", AssumeRolePolicyDocument={"Version": "2012-10-17", "Statement": [statement]})


def pipe(template: str | None, **more: Any) -> dict[str, Any]:
    return {
        "Queue": of("SQS::Queue"),
        "MachineRole": trust("states"),
        "PipeRole": trust("pipes"),
        "Machine": of("StepFunctions::StateMachine", DefinitionString=DEFINITION, RoleArn=att("MachineRole", "Arn")),
        "Pipe": of(
            "Pipes::Pipe",
            RoleArn=att("PipeRole", "Arn"),
            Source=att("Queue", "Arn"),
            SourceParameters={"SqsQueueParameters": {"BatchSize": 1}},
            Target={"Ref": "Machine"},
            TargetParameters={
                "StepFunctionStateMachineParameters": {"InvocationType": "FIRE_AND_FORGET"},
                **({"InputTemplate": template} if template else {}),
            },
            Tags={"team": template or "none"},
            **more,
        ),
    }


def test_a_pipe_reads_back_and_is_updated_in_place_and_deleted(stack: Any, local_aws: Any) -> None:
    client, made = local_aws.client("pipes"), stack().deploy(pipe("<$.body>", Description="first"))
    name = made.resources["Pipe"]
    described = client.describe_pipe(Name=name)
    assert (described["TargetParameters"]["InputTemplate"], described["Description"]) == ("<$.body>", "first")
    made.deploy(pipe('{"n":1}'))
    described = client.describe_pipe(Name=name)
    assert made.resources["Pipe"] == name
    assert described["TargetParameters"]["InputTemplate"] == '{"n":1}'
    assert (described.get("Description") or "", described["Tags"]) == ("", {"team": '{"n":1}'})
    made.deploy(pipe(None))
    assert "InputTemplate" not in client.describe_pipe(Name=name)["TargetParameters"]
    made.delete()
    assert client.list_pipes(NamePrefix=name)["Pipes"] == []


def test_a_pipe_that_is_not_modelled_fails_its_stack(stack: Any) -> None:
    with pytest.raises(DeploymentEnded, match="the enrichment of a pipe is not modelled by the local AWS"):
        stack().deploy(pipe("<$.body>", Enrichment="arn:aws:lambda:us-east-1:123456789012:function:f"))
