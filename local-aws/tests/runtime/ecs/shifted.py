"""A service whose requests ECS shifts: two target groups behind a live rule and a test rule, for requests with a header."""

from __future__ import annotations

import io
import json
import threading
import uuid
import zipfile
from typing import Any

import requests
from runtime.applications import WEB, Platform, account
from runtime.waiting import eventually

from localaws import runtime

ROLE = "arn:aws:iam::123456789012:role/shifts"
TEST_HEADER = {"x-release": "next"}
FAILING = {"FAIL": "true"}
"""A version that starts, is healthy, and answers live requests with errors."""

RELEASE = WEB.replace(
    "else response.writeHead(request.url",
    "else if (process.env.FAIL && request.url === '/page') response.writeHead(500).end('broken');\n"
    "  else response.writeHead(request.url",
)


class Shifted:
    def __init__(self, platform: Platform) -> None:
        self.platform, self.ecs, self.elb = platform, platform.ecs, platform.elb
        self.groups = [platform.target_group(), platform.target_group()]
        listener = self.elb.create_listener(
            LoadBalancerArn=platform.load_balancer()["LoadBalancerArn"],
            Protocol="HTTP",
            Port=80,
            DefaultActions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
        )["Listeners"][0]["ListenerArn"]
        self.url = platform.url(listener)
        header = {"HttpHeaderName": "x-release", "Values": ["next"]}
        self.test_rule = self._rule(listener, 1, {"Field": "http-header", "HttpHeaderConfig": header})
        self.live_rule = self._rule(listener, 2, {"Field": "path-pattern", "Values": ["/*"]})
        self.service = ""

    def _rule(self, listener: str, priority: int, condition: dict[str, Any]) -> str:
        weighed = [{"TargetGroupArn": group, "Weight": 1 - index} for index, group in enumerate(self.groups)]
        actions = [{"Type": "forward", "ForwardConfig": {"TargetGroups": weighed}}]
        made = self.elb.create_rule(ListenerArn=listener, Priority=priority, Conditions=[condition], Actions=actions)
        return made["Rules"][0]["RuleArn"]

    @property
    def load_balancers(self) -> list[dict[str, Any]]:
        advanced = {
            "alternateTargetGroupArn": self.groups[1],
            "productionListenerRule": self.live_rule,
            "testListenerRule": self.test_rule,
            "roleArn": ROLE,
        }
        entry = {"targetGroupArn": self.groups[0], "containerName": "web", "containerPort": 8080}
        return [{**entry, "advancedConfiguration": advanced}]

    def version(self, version: str, script: str = RELEASE, **environment: str) -> str:
        variables = {"VERSION": version, **environment}
        return self.platform.task_definition(self.platform.container(script, environment=variables))

    def create(self, desired: int = 1, version: str = "1", **configuration: Any) -> str:
        declared = {"strategy": "BLUE_GREEN", "bakeTimeInMinutes": 0, **configuration}
        self.service = self.platform.service(
            self.version(version), desired, deploymentConfiguration=declared, loadBalancers=self.load_balancers
        )
        return self.service

    def release(self, version: str, script: str = RELEASE, **environment: str) -> str:
        """The service deployment by which a version comes."""
        self.platform.update(self.service, taskDefinition=self.version(version, script, **environment))
        return self.deployments()[0]["serviceDeploymentArn"]

    def wait(self) -> None:
        runtime.wait_for_service(account(), self.platform.local.region, self.service)

    def deployments(self) -> list[dict[str, Any]]:
        return self.ecs.list_service_deployments(cluster=self.platform.name, service=self.service)["serviceDeployments"]

    def deployment(self, arn: str | None = None) -> dict[str, Any]:
        arns = [arn or self.deployments()[0]["serviceDeploymentArn"]]
        return self.ecs.describe_service_deployments(serviceDeploymentArns=arns)["serviceDeployments"][0]

    def paused(self, stage: str = "") -> dict[str, Any]:
        """The hook of the newest deployment that awaits an action."""

        def waiting() -> Any:
            hooks = self.deployment().get("lifecycleHookDetails", [])
            return next((hook for hook in hooks if hook["status"] == "AWAITING_ACTION"), None)

        return eventually(waiting, "a deployment pauses")

    def answer(self, action: str) -> None:
        hook, arn = self.paused(), self.deployment()["serviceDeploymentArn"]
        self.ecs.continue_service_deployment(serviceDeploymentArn=arn, hookId=hook["hookId"], action=action)

    def weights(self, rule: str = "") -> list[int]:
        (found,) = self.elb.describe_rules(RuleArns=[rule or self.live_rule])["Rules"]
        weights = {one["TargetGroupArn"]: one["Weight"] for one in found["Actions"][0]["ForwardConfig"]["TargetGroups"]}
        return [weights[group] for group in self.groups]

    def says(self, **headers: str) -> str:
        return requests.get(f"{self.url}/page", headers=headers, timeout=10).text

    def events(self) -> str:
        return "\n".join(event["message"] for event in self.platform.describe(self.service)["events"])


class Clients:
    """Ask for a page again and again from several threads, and note every answer."""

    def __init__(self, url: str, threads: int = 4) -> None:
        self.url, self.answers, self._done = url, [], threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(threads)]

    def _ask(self) -> None:
        with requests.Session() as session:
            while not self._done.is_set():
                answer = session.get(self.url, timeout=10)
                self.answers.append((answer.status_code, answer.text))
                self._done.wait(0.01)

    @property
    def failed(self) -> float:
        return sum(status != 200 for status, _ in self.answers) / len(self.answers)

    def __enter__(self) -> Clients:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join(20)


def function(platform: Platform, body: str) -> str:
    """A function in Node.js that a hook calls."""
    role = platform.local.client("iam").create_role(RoleName=f"r{uuid.uuid4().hex[:8]}", AssumeRolePolicyDocument="{}")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.js", f"exports.handler = async (event) => {{ {body} }};")
    return platform.local.client("lambda").create_function(
        FunctionName=f"h{uuid.uuid4().hex[:8]}",
        Runtime="nodejs22.x",
        Handler="index.handler",
        Role=role["Role"]["Arn"],
        Code={"ZipFile": packed.getvalue()},
        Timeout=30,
    )["FunctionArn"]


def hook(arn: str, *stages: str, **details: str) -> dict[str, Any]:
    more = {"hookDetails": details} if details else {}
    return {"hookTargetArn": arn, "roleArn": ROLE, "lifecycleStages": list(stages), **more}


def pause(stage: str, minutes: int = 60, action: str = "ROLLBACK") -> dict[str, Any]:
    timeout = {"timeoutInMinutes": minutes, "action": action}
    return {"targetType": "PAUSE", "lifecycleStages": [stage], "timeoutConfiguration": timeout}


def alarm(platform: Platform) -> str:
    name = f"{platform.name}-errors"
    platform.local.client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        MetricName="Errors",
        Namespace="Shop",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
    )
    return name


def told(queue_messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [json.loads(message["Body"]) for message in queue_messages]
