"""Small Node applications that the tests run as containers, and what they need around them."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from localaws import context
from localaws.containers import images

WEB = """
const http = require('node:http');
const { VERSION = '1', STATUS = '200' } = process.env;
const server = http.createServer((request, response) => {
  if (request.url.startsWith('/slow')) setTimeout(() => response.end(`slow ${VERSION}`), 1500);
  else if (request.url === '/environment') response.end(JSON.stringify(process.env));
  else response.writeHead(request.url === '/' ? Number(STATUS) : 200).end(`version ${VERSION}`);
});
server.listen(process.env.PORT, '127.0.0.1');
process.on('SIGTERM', () => server.close(() => process.exit(0)));
"""

CRASH = "console.log('cannot find the database'); process.exit(3);"
SLEEP = "setInterval(() => {}, 1000);"


def image(folder: Path, script: str) -> str:
    """Map a new registry image to a folder that holds one script."""
    name = f"registry.example.com/{uuid.uuid4().hex[:8]}:1"
    directory = folder / uuid.uuid4().hex[:8]
    directory.mkdir()
    (directory / "main.js").write_text(script)
    images.map_to_folder({"image": name, "directory": str(directory), "command": ["node", "main.js"]})
    return name


class Platform:
    """A VPC, a cluster and a load balancer, made over the API, in which a test declares its services."""

    def __init__(self, local: Any, folder: Path) -> None:
        self.local, self.folder, self.name = local, folder, f"t{uuid.uuid4().hex[:8]}"
        self.ecs, self.elb, ec2 = local.client("ecs"), local.client("elbv2"), local.client("ec2")
        self.vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        zones = ("us-east-1a", "us-east-1b")
        self.subnets = [
            ec2.create_subnet(VpcId=self.vpc, CidrBlock=f"10.0.{index}.0/24", AvailabilityZone=zone)["Subnet"]["SubnetId"]
            for index, zone in enumerate(zones)
        ]
        self.ecs.create_cluster(clusterName=self.name)
        self.services: list[str] = []

    @property
    def network(self) -> dict[str, Any]:
        return {"awsvpcConfiguration": {"subnets": self.subnets, "assignPublicIp": "DISABLED"}}

    def task_definition(self, *containers: dict[str, Any], family: str | None = None) -> str:
        registered = self.ecs.register_task_definition(
            family=family or f"f{uuid.uuid4().hex[:8]}",
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            cpu="256",
            memory="512",
            containerDefinitions=list(containers),
        )
        return registered["taskDefinition"]["taskDefinitionArn"]

    def container(
        self, script: str, name: str = "web", port: int | None = 8080, environment: dict[str, str] | None = None, **more: Any
    ) -> dict[str, Any]:
        pairs = [{"name": key, "value": value} for key, value in (environment or {}).items()]
        ports = [{"containerPort": port, "name": f"{name}-port"}] if port else []
        return {"name": name, "image": image(self.folder, script), "portMappings": ports, "environment": pairs, **more}

    def target_group(self, **more: Any) -> str:
        settings = {"HealthCheckIntervalSeconds": 10, "HealthCheckTimeoutSeconds": 5, **more}
        made = self.elb.create_target_group(
            Name=f"g{uuid.uuid4().hex[:8]}", Protocol="HTTP", Port=80, VpcId=self.vpc, TargetType="ip", **settings
        )
        return made["TargetGroups"][0]["TargetGroupArn"]

    def load_balancer(self) -> dict[str, Any]:
        return self.elb.create_load_balancer(Name=f"b{uuid.uuid4().hex[:8]}", Subnets=self.subnets)["LoadBalancers"][0]

    def listener(self, target_group: str) -> str:
        """Make a load balancer with one listener in front of the target group, and say where it listens on this machine."""
        balancer = self.load_balancer()
        action = {"Type": "forward", "TargetGroupArn": target_group}
        arn = self.elb.create_listener(
            LoadBalancerArn=balancer["LoadBalancerArn"], Protocol="HTTP", Port=80, DefaultActions=[action]
        )["Listeners"][0]["ListenerArn"]
        return self.url(arn)

    def url(self, listener_arn: str) -> str:
        from localaws import loadbalancing

        return next(one["url"] for one in loadbalancing.endpoints() if one["listenerArn"] == listener_arn)

    def service(self, task_definition: str, desired: int = 1, **more: Any) -> str:
        settings = {"launchType": "FARGATE", "networkConfiguration": self.network, **more}
        if "capacityProviderStrategy" in more:
            del settings["launchType"]
        name = f"s{uuid.uuid4().hex[:8]}"
        arn = self.ecs.create_service(
            cluster=self.name, serviceName=name, taskDefinition=task_definition, desiredCount=desired, **settings
        )["service"]["serviceArn"]
        self.services.append(arn)
        return arn

    def update(self, service: str, **changes: Any) -> None:
        self.ecs.update_service(cluster=self.name, service=service, **changes)

    def describe(self, service: str) -> dict[str, Any]:
        return self.ecs.describe_services(cluster=self.name, services=[service])["services"][0]

    def tasks(self, service: str, status: str = "RUNNING") -> list[dict[str, Any]]:
        arns = self.ecs.list_tasks(cluster=self.name, serviceName=service, desiredStatus=status)["taskArns"]
        return self.ecs.describe_tasks(cluster=self.name, tasks=arns)["tasks"] if arns else []

    def behind(self, target_group: str, container: str = "web", port: int = 8080) -> dict[str, Any]:
        return {"loadBalancers": [{"targetGroupArn": target_group, "containerName": container, "containerPort": port}]}

    def clean_up(self) -> None:
        for service in self.services:
            if self.describe(service)["status"] == "ACTIVE":
                self.ecs.delete_service(cluster=self.name, service=service, force=True)


def account() -> str:
    return context.ACCOUNT
