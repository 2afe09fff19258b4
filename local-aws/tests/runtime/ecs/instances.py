"""Capacity of instances for the tests of ECS: a launch template, an Auto Scaling group, a provider, the association."""

from __future__ import annotations

import base64
import uuid
from typing import Any

from localaws import runtime
from runtime.applications import SLEEP, Platform, account


class Instances:
    """One group of instances in the cluster of a platform; `m5.large` has room for two tasks with interfaces of their own."""

    def __init__(self, platform: Platform, largest: int = 2, kind: str = "m5.large", agent: str | None = None) -> None:
        self.platform, self.name = platform, f"p{uuid.uuid4().hex[:8]}"
        self.ec2, self.scaling = platform.local.client("ec2"), platform.local.client("autoscaling")
        configuration = f'ECS_CLUSTER={platform.name}\nECS_INSTANCE_ATTRIBUTES={{"capacity":"{self.name}"}}'
        script = f"#!/bin/bash\ncat >> /etc/ecs/ecs.config <<'END'\n{configuration if agent is None else agent}\nEND"
        data = {"ImageId": "resolve:ssm:/aws/service/image", "UserData": base64.b64encode(script.encode()).decode()}
        made = self.ec2.create_launch_template(LaunchTemplateName=self.name, LaunchTemplateData=data)
        template = {"LaunchTemplateId": made["LaunchTemplate"]["LaunchTemplateId"], "Version": "1"}
        self.scaling.create_auto_scaling_group(
            AutoScalingGroupName=self.name,
            MinSize=0,
            MaxSize=largest,
            VPCZoneIdentifier=",".join(platform.subnets),
            MixedInstancesPolicy={
                "LaunchTemplate": {"LaunchTemplateSpecification": template, "Overrides": [{"InstanceType": kind}]}
            },
        )
        provider = {"autoScalingGroupArn": self.group["AutoScalingGroupARN"], "managedScaling": {"status": "ENABLED"}}
        platform.ecs.create_capacity_provider(name=self.name, autoScalingGroupProvider=provider)
        self.associate([*self.associated, self.name])

    @property
    def group(self) -> dict[str, Any]:
        return self.scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[self.name])["AutoScalingGroups"][0]

    @property
    def associated(self) -> list[str]:
        described = self.platform.ecs.describe_clusters(clusters=[self.platform.name])["clusters"][0]
        return described.get("capacityProviders") or []

    def associate(self, names: list[str]) -> None:
        self.platform.ecs.put_cluster_capacity_providers(
            cluster=self.platform.name, capacityProviders=names, defaultCapacityProviderStrategy=[]
        )

    def scale(self, count: int) -> None:
        """As somebody would who wants instances before there are tasks."""
        self.scaling.update_auto_scaling_group(AutoScalingGroupName=self.name, MinSize=count, DesiredCapacity=count)

    @property
    def hosts(self) -> list[dict[str, Any]]:
        ecs, cluster = self.platform.ecs, self.platform.name
        arns = ecs.list_container_instances(cluster=cluster)["containerInstanceArns"]
        found = ecs.describe_container_instances(cluster=cluster, containerInstances=arns)["containerInstances"] if arns else []
        return [host for host in found if host["capacityProviderName"] == self.name]

    @property
    def strategy(self) -> dict[str, Any]:
        return {"capacityProviderStrategy": [{"capacityProvider": self.name, "weight": 1}]}

    @property
    def constraint(self) -> dict[str, Any]:
        return {"placementConstraints": [{"type": "memberOf", "expression": f"attribute:capacity in [{self.name}]"}]}


def definition(platform: Platform, cpu: int = 256, memory: int = 512, kind: str = "EC2", **container: Any) -> str:
    made = platform.ecs.register_task_definition(
        family=f"f{uuid.uuid4().hex[:8]}",
        networkMode="awsvpc",
        requiresCompatibilities=[kind],
        cpu=str(cpu),
        memory=str(memory),
        containerDefinitions=[platform.container(SLEEP, port=None, **container)],
    )
    return made["taskDefinition"]["taskDefinitionArn"]


def daemon(platform: Platform, task_definition: str, **more: Any) -> str:
    name = f"d{uuid.uuid4().hex[:8]}"
    arn = platform.ecs.create_service(
        cluster=platform.name,
        serviceName=name,
        taskDefinition=task_definition,
        schedulingStrategy="DAEMON",
        launchType="EC2",
        networkConfiguration=platform.network,
        **more,
    )["service"]["serviceArn"]
    platform.services.append(arn)
    return arn


def wait_for(service: str) -> None:
    runtime.wait_for_service(account(), "us-east-1", service)
