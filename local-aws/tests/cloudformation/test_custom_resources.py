"""Custom resources: a Lambda function in Node answers for them."""

from __future__ import annotations

from typing import Any

import pytest
from stacks import DeploymentEnded

HANDLER = """
const https = require('https');
exports.handler = (event) => new Promise((done, fail) => {
  const p = event.ResourceProperties;
  if (p.Mode === 'silent') return done();
  if (p.Mode === 'crash') throw new Error('boom');
  const failed = p.Mode === 'fail' && event.RequestType !== 'Delete';
  const body = JSON.stringify({
    Status: failed ? 'FAILED' : 'SUCCESS', Reason: 'because', StackId: event.StackId, RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId, PhysicalResourceId: `id-${p.Id}`,
    Data: { Echo: `${event.RequestType} ${p.Number} ${typeof p.Number} ${(event.OldResourceProperties || {}).Number}` },
  });
  const url = new URL(event.ResponseURL);
  const request = https.request({ hostname: url.hostname, path: url.pathname + url.search, method: 'PUT' }, (r) => { r.resume(); r.on('end', done); });
  request.on('error', fail);
  request.end(body);
});
"""
ROLE = {
    "Type": "AWS::IAM::Role",
    "Properties": {
        "AssumeRolePolicyDocument": {
            "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]
        }
    },
}


def resources(**properties: Any) -> dict[str, Any]:
    function = {
        "Handler": "index.handler",
        "Runtime": "nodejs22.x",
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Code": {"ZipFile": HANDLER},
    }
    token = {"ServiceToken": {"Fn::GetAtt": ["Function", "Arn"]}, "ServiceTimeout": 10}
    return {
        "Role": ROLE,
        "Function": {"Type": "AWS::Lambda::Function", "Properties": function},
        "Custom": {"Type": "Custom::Thing", "Properties": {**token, **properties}},
    }


ECHO = {"Outputs": {"Echo": {"Value": {"Fn::GetAtt": ["Custom", "Echo"]}}}}


def test_a_custom_resource_is_made_updated_and_replaced_by_its_handler(stack: Any) -> None:
    made = stack().deploy(resources(Id="one", Number=1), **ECHO)
    assert (made.resources["Custom"], made.outputs) == ("id-one", {"Echo": "Create 1 string undefined"})
    made.deploy(resources(Id="one", Number=2), **ECHO)
    assert (made.resources["Custom"], made.outputs) == ("id-one", {"Echo": "Update 2 string 1"})
    made.deploy(resources(Id="two", Number=3), **ECHO)
    assert (made.resources["Custom"], made.outputs) == ("id-two", {"Echo": "Update 3 string 2"})
    deleted = [e["PhysicalResourceId"] for e in made.events() if e["ResourceStatus"] == "DELETE_COMPLETE"]
    assert deleted == ["id-one"]


def test_a_failed_answer_fails_the_deployment(stack: Any) -> None:
    with pytest.raises(
        DeploymentEnded, match=r"Received response status \[FAILED\] from custom resource. Message returned: because"
    ):
        stack().deploy(resources(Id="x", Mode="fail"))


def test_a_crash_of_the_handler_fails_the_deployment(stack: Any) -> None:
    with pytest.raises(DeploymentEnded, match="did not receive a response from your Custom Resource's function: .*boom"):
        stack().deploy(resources(Id="x", Mode="crash"))


def test_a_handler_that_says_nothing_fails_the_deployment(stack: Any) -> None:
    silent = resources(Id="x", Mode="silent")
    silent["Custom"]["Properties"]["ServiceTimeout"] = 1
    with pytest.raises(
        DeploymentEnded, match="did not receive a response from your Custom Resource's function: it ended without an error"
    ):
        stack().deploy(silent)


def test_a_service_token_that_is_no_function_is_refused(stack: Any) -> None:
    custom = {
        "Type": "AWS::CloudFormation::CustomResource",
        "Properties": {"ServiceToken": "arn:aws:sns:us-east-1:123456789012:topic"},
    }
    with pytest.raises(DeploymentEnded, match="is not a Lambda function: nothing else is modelled"):
        stack().deploy({"Custom": custom})
