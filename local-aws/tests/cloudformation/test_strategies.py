"""Services in stacks whose requests ECS shifts: releases, bad ones, and updates that must leave the live rule alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from cloudformation.network import att, load_balancer, of, ref
from runtime.applications import CRASH, image
from runtime.ecs.shifted import RELEASE
from runtime.waiting import eventually
from stacks import DeploymentEnded, Stack

from localaws import loadbalancing, pace

HOOK = """
exports.handler = async ({ hookDetails }) => {
  const answer = await fetch(hookDetails.url, { headers: { 'x-release': 'next' } });
  const text = await answer.text();
  const hookStatus = answer.status === 200 ? 'SUCCEEDED' : 'FAILED';
  return { hookStatus, hookDetails: { reason: `${answer.status} ${text}` } };
};
"""


def role(principal: str) -> dict[str, Any]:
    allowed = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": principal}}
    return of("IAM::Role", AssumeRolePolicyDocument={"Version": "2012-10-17", "Statement": [allowed]})


def rule(priority: int, condition: dict[str, Any]) -> dict[str, Any]:
    targets = [{"TargetGroupArn": ref("Targets"), "Weight": 1}, {"TargetGroupArn": ref("Others"), "Weight": 0}]
    actions = [{"Type": "forward", "ForwardConfig": {"TargetGroups": targets}}]
    return of(
        "ElasticLoadBalancingV2::ListenerRule",
        ListenerArn=ref("Listener"),
        Priority=priority,
        Conditions=[condition],
        Actions=actions,
    )


def application(
    web: str,
    version: str = "1",
    fail: bool = False,
    desired: int = 1,
    memory: str = "512",
    hooked: bool = True,
    **configuration: Any,
) -> dict[str, Any]:
    resources = load_balancer()
    resources["Targets"]["Properties"]["HealthCheckPath"] = "/"
    header = {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "x-release", "Values": ["next"]}}
    variables = {"VERSION": version, **({"FAIL": "true"} if fail else {})}
    container = {
        "Name": "web",
        "Image": web,
        "PortMappings": [{"ContainerPort": 8080}],
        "Environment": [{"Name": name, "Value": value} for name, value in variables.items()],
    }
    advanced = {
        "AlternateTargetGroupArn": ref("Others"),
        "ProductionListenerRule": ref("Rule"),
        "TestListenerRule": ref("TestRule"),
        "RoleArn": att("DeploymentRole", "Arn"),
    }
    behind = {"TargetGroupArn": ref("Targets"), "ContainerName": "web", "ContainerPort": 8080}
    hook = {
        "LifecycleStages": ["POST_TEST_TRAFFIC_SHIFT"],
        "HookTargetArn": att("Hook", "Arn"),
        "RoleArn": att("DeploymentRole", "Arn"),
        "HookDetails": {"url": {"Fn::Sub": "http://${Balancer.DNSName}/page"}},
    }
    declared = {
        "Strategy": "BLUE_GREEN",
        "BakeTimeInMinutes": 0,
        **({"LifecycleHooks": [hook]} if hooked else {}),
        **configuration,
    }
    return {
        **resources,
        "Others": resources["Targets"],
        "Rule": rule(10, {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/*"]}}),
        "TestRule": rule(5, header),
        "DeploymentRole": role("ecs.amazonaws.com"),
        "FunctionRole": role("lambda.amazonaws.com"),
        "Hook": of(
            "Lambda::Function",
            Runtime="nodejs22.x",
            Handler="index.handler",
            Role=att("FunctionRole", "Arn"),
            Code={"ZipFile": HOOK},
            Timeout=30,
        ),
        "Cluster": of("ECS::Cluster"),
        "Tasks": of(
            "ECS::TaskDefinition",
            Cpu="256",
            Memory=memory,
            NetworkMode="awsvpc",
            RequiresCompatibilities=["FARGATE"],
            ContainerDefinitions=[container],
        ),
        "Service": of(
            "ECS::Service",
            Cluster=ref("Cluster"),
            TaskDefinition=ref("Tasks"),
            LaunchType="FARGATE",
            DesiredCount=desired,
            DeploymentConfiguration=declared,
            NetworkConfiguration={"AwsvpcConfiguration": {"Subnets": [ref("Public")], "AssignPublicIp": "ENABLED"}},
            LoadBalancers=[{**behind, "AdvancedConfiguration": advanced}],
        ),
    }


class Application:
    """What is seen of the stack from outside."""

    def __init__(self, stack: Stack, local_aws: Any) -> None:
        self.stack, self._elb, self._ecs = stack, local_aws.client("elbv2"), local_aws.client("ecs")

    def says(self, path: str = "/page") -> str:
        arn = self.stack.resources["Listener"]
        url = next(one["url"] for one in loadbalancing.endpoints() if one["listenerArn"] == arn)
        return requests.get(f"{url}{path}", timeout=10).text

    @property
    def weights(self) -> list[int]:
        """Of the first target group, and of the other."""
        ids = self.stack.resources
        (found,) = self._elb.describe_rules(RuleArns=[ids["Rule"]])["Rules"]
        each = {one["TargetGroupArn"]: one["Weight"] for one in found["Actions"][0]["ForwardConfig"]["TargetGroups"]}
        return [each[ids["Targets"]], each[ids["Others"]]]

    @property
    def deployments(self) -> list[str]:
        ids = self.stack.resources
        listed = self._ecs.list_service_deployments(cluster=ids["Cluster"], service=ids["Service"])["serviceDeployments"]
        return [one["status"] for one in listed]


@pytest.fixture
def web(local_aws: Any, tmp_path: Path) -> str:
    return image(tmp_path, RELEASE)


@pytest.fixture
def deployed(stack: Callable[..., Stack], local_aws: Any, web: str) -> Application:
    return Application(stack().deploy(application(web)), local_aws)


def test_a_release_moves_the_live_rule_and_an_unrelated_update_leaves_it_there(deployed: Application, web: str) -> None:
    assert (deployed.says(), deployed.weights) == ("version 1", [999, 0])
    deployed.stack.deploy(application(web, "2"))
    assert (deployed.says(), deployed.weights) == ("version 2", [0, 999])
    unrelated = application(web, "2", desired=2)
    unrelated["Cluster"] = of("ECS::Cluster", Tags=[{"Key": "team", "Value": "shop"}])
    unrelated["Listener"]["Properties"]["DefaultActions"][0]["FixedResponseConfig"]["StatusCode"] = "410"
    deployed.stack.deploy(unrelated)
    assert (deployed.says(), deployed.weights) == ("version 2", [0, 999])
    assert deployed.deployments == ["SUCCESSFUL"] * 2
    deployed.stack.deploy(application(web, "2", memory="1024", hooked=False))
    assert (deployed.says(), deployed.weights) == ("version 2", [999, 0])


def test_a_release_that_its_hook_refuses_fails_the_stack_with_the_reason(deployed: Application, web: str) -> None:
    with pytest.raises(DeploymentEnded, match="UPDATE_ROLLBACK_COMPLETE.*hook execution failure.*500 broken"):
        deployed.stack.deploy(application(web, "2", fail=True))
    assert (deployed.says(), deployed.weights) == ("version 1", [999, 0])
    assert deployed.deployments == ["ROLLBACK_SUCCESSFUL", "SUCCESSFUL"]
    deployed.stack.deploy(application(web, "3"))
    assert (deployed.says(), deployed.weights) == ("version 3", [0, 999])


def test_a_release_that_never_gets_healthy_is_given_up_after_a_while(
    deployed: Application, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "DEPLOYMENT_SECONDS", 8.0)
    with pytest.raises(DeploymentEnded, match="UPDATE_ROLLBACK_COMPLETE.*not steady within 8 s, with 0 of 1 tasks ready"):
        deployed.stack.deploy(application(image(tmp_path, CRASH), "2"))
    assert (deployed.says(), deployed.weights) == ("version 1", [999, 0])
    assert deployed.deployments[0] == "STOPPED"


def test_hooks_that_a_template_no_longer_declares_are_over(deployed: Application, web: str) -> None:
    deployed.stack.deploy(application(web, "2", fail=True, hooked=False))
    assert deployed.says() == "broken"


def test_a_stack_is_deleted_in_the_middle_of_a_deployment(deployed: Application, local_aws: Any, web: str) -> None:
    ids, ecs = deployed.stack.resources, local_aws.client("ecs")
    canary = {"canaryPercent": 50, "canaryBakeTimeInMinutes": 60}
    half = {"strategy": "CANARY", "canaryConfiguration": canary}
    of_service = {"cluster": ids["Cluster"], "service": ids["Service"]}
    ecs.update_service(**of_service, deploymentConfiguration=half, forceNewDeployment=True)
    eventually(lambda: deployed.weights == [500, 500], "the canary gets its part")
    deployed.stack.delete()
    (gone,) = ecs.describe_services(cluster=ids["Cluster"], services=[ids["Service"]])["services"]
    assert gone["status"] == "INACTIVE"


def test_a_first_release_that_its_hook_refuses_leaves_nothing(stack: Callable[..., Stack], web: str) -> None:
    with pytest.raises(DeploymentEnded, match="ROLLBACK_COMPLETE.*hook execution failure.*500 broken"):
        stack().deploy(application(web, fail=True))


def test_canary_and_linear_in_a_template(stack: Callable[..., Stack], local_aws: Any, web: str) -> None:
    canary = {"CanaryPercent": 10.5, "CanaryBakeTimeInMinutes": 0}
    made = stack().deploy(application(web, Strategy="CANARY", CanaryConfiguration=canary))
    seen = Application(made, local_aws)
    made.deploy(application(web, "2", Strategy="CANARY", CanaryConfiguration=canary))
    assert (seen.says(), seen.weights) == ("version 2", [0, 999])
    linear = {"StepPercent": 50, "StepBakeTimeInMinutes": 0}
    made.deploy(application(web, "3", Strategy="LINEAR", LinearConfiguration=linear))
    assert (seen.says(), seen.weights) == ("version 3", [999, 0])
