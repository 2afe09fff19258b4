"""Tasks on instances: placed where there is room, on instances that come and go with them."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from localaws.errors import DeploymentFailed
from runtime.applications import Platform
from runtime.ecs.instances import Instances, daemon, definition, wait_for
from runtime.waiting import eventually

FARGATE = {"capacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1}]}
BREAKER = {"deploymentConfiguration": {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}}


def test_tasks_make_instances_and_the_last_one_that_leaves_ends_its_instance(platform: Platform) -> None:
    instances = Instances(platform)
    assert (instances.group["DesiredCapacity"], instances.hosts) == (0, [])
    service = platform.service(definition(platform), 3, **instances.strategy)
    wait_for(service)
    tasks, hosts = platform.tasks(service), instances.hosts
    assert {task["capacityProviderName"] for task in tasks} == {instances.name}
    assert {task["containerInstanceArn"] for task in tasks} == {host["containerInstanceArn"] for host in hosts}
    assert sorted(host["runningTasksCount"] for host in hosts) == [1, 2]
    assert instances.group["DesiredCapacity"] == 2
    assert {item["InstanceType"] for item in instances.group["Instances"]} == {"m5.large"}
    platform.update(service, desiredCount=0)
    eventually(lambda: instances.hosts == [], "empty instances ended")
    assert (instances.group["DesiredCapacity"], instances.group["Instances"]) == (0, [])


def test_instances_lie_in_both_zones_and_tasks_in_the_zone_of_their_instance(platform: Platform) -> None:
    instances = Instances(platform)
    service = platform.service(definition(platform), 4, **instances.strategy)
    wait_for(service)
    zones = {host["containerInstanceArn"]: zone(host) for host in instances.hosts}
    assert sorted(zones.values()) == ["us-east-1a", "us-east-1b"]
    assert all(task["availabilityZone"] == zones[task["containerInstanceArn"]] for task in platform.tasks(service))


def zone(host: dict[str, Any]) -> str:
    return next(item["value"] for item in host["attributes"] if item["name"] == "ecs.availability-zone")


@pytest.mark.parametrize(
    ("largest", "kind", "agent", "size", "sentence"),
    [
        (1, "m5.large", None, (256, 512), "its 1 instances m5.large are taken, and it may have no more"),
        (9, "m5.large", None, (4096, 512), "an instance m5.large of the capacity provider .* has 2048 CPU units, 7372 MiB"),
        (9, "m5.large", None, (256, 8192), "an instance m5.large of the capacity provider .* has 2048 CPU units, 7372 MiB"),
        (9, "m5.large", "ECS_CLUSTER=other", (256, 512), "their user data does not set ECS_CLUSTER"),
    ],
)
def test_a_service_that_never_finds_room_fails_with_the_reason(
    platform: Platform, largest: int, kind: str, agent: str | None, size: tuple[int, int], sentence: str
) -> None:
    instances = Instances(platform, largest, kind, agent)
    service = platform.service(definition(platform, *size), 3, **instances.strategy)
    with pytest.raises(DeploymentFailed, match=sentence):
        wait_for(service)
    assert "unable to place a task" in " ".join(event["message"] for event in platform.describe(service)["events"])


def test_gpus_are_room_too(platform: Platform) -> None:
    instances = Instances(platform, 2, "g6.xlarge")
    gpu = definition(platform, resourceRequirements=[{"type": "GPU", "value": "1"}])
    wait_for(platform.service(gpu, 2, **instances.strategy))
    assert [host["runningTasksCount"] for host in instances.hosts] == [1, 1]


def test_a_deployment_without_room_beside_the_old_tasks_goes_back(platform: Platform) -> None:
    instances = Instances(platform, 1)
    service = platform.service(definition(platform), 2, **instances.strategy, **BREAKER)
    wait_for(service)
    before = platform.describe(service)["taskDefinition"]
    platform.update(service, taskDefinition=definition(platform))
    with pytest.raises(DeploymentFailed, match="a task could not be placed"):
        wait_for(service)
    eventually(lambda: platform.describe(service)["taskDefinition"] == before, "the service went back")
    assert platform.describe(service)["runningCount"] == 2


def test_a_changed_strategy_leaves_the_tasks_where_they_are_until_a_deployment_is_forced(platform: Platform) -> None:
    instances = Instances(platform)
    instances.associate(["FARGATE", instances.name])
    both = platform.ecs.register_task_definition(
        family="both",
        networkMode="awsvpc",
        requiresCompatibilities=["EC2", "FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[platform.container("setInterval(() => {}, 1000);", port=None)],
    )["taskDefinition"]["taskDefinitionArn"]
    service = platform.service(both, 2, **FARGATE)
    wait_for(service)
    before = {task["taskArn"] for task in platform.tasks(service)}
    platform.update(service, **instances.strategy)
    wait_for(service)
    described = platform.describe(service)
    assert described["capacityProviderStrategy"][0]["capacityProvider"] == instances.name
    assert {task["taskArn"] for task in platform.tasks(service)} == before
    platform.update(service, **instances.strategy, forceNewDeployment=True)
    wait_for(service)
    after = platform.tasks(service)
    assert before.isdisjoint({task["taskArn"] for task in after})
    assert {task["capacityProviderName"] for task in after} == {instances.name}
    assert "platformVersion" not in platform.describe(service)


def test_a_daemon_runs_one_task_on_each_instance_of_its_capacity_as_they_come_and_go(platform: Platform) -> None:
    ours, others = Instances(platform, 3), Instances(platform)
    ours.scale(1)
    others.scale(1)
    agent = daemon(platform, definition(platform), **ours.constraint)
    wait_for(agent)
    described = platform.describe(agent)
    assert (described["schedulingStrategy"], described["desiredCount"], described["runningCount"]) == ("DAEMON", 1, 1)
    assert platform.tasks(agent)[0]["containerInstanceArn"] == ours.hosts[0]["containerInstanceArn"]
    service = platform.service(definition(platform), 3, **ours.strategy)  # beside the agent, each instance has room for one
    wait_for(service)
    eventually(lambda: platform.describe(agent)["runningCount"] == 3, "the daemon runs on the new instances")
    assert len({task["containerInstanceArn"] for task in platform.tasks(agent)}) == 3
    platform.update(service, desiredCount=0)
    eventually(lambda: len(ours.hosts) == 1 and platform.describe(agent)["runningCount"] == 1, "it left with its instances")
    ours.scale(0)
    others.scale(0)


def test_a_daemon_is_updated_by_stopping_before_starting(platform: Platform) -> None:
    instances = Instances(platform)
    instances.scale(2)
    agent = daemon(platform, definition(platform), **instances.constraint)
    wait_for(agent)
    before = {task["taskArn"] for task in platform.tasks(agent)}
    second = definition(platform)
    platform.update(agent, taskDefinition=second)
    wait_for(agent)
    after = platform.tasks(agent)
    assert before.isdisjoint({task["taskArn"] for task in after})
    assert {task["taskDefinitionArn"] for task in after} == {second}
    assert len({task["containerInstanceArn"] for task in after}) == 2
    instances.scale(0)


@pytest.mark.parametrize(
    ("declared", "sentence"),
    [
        ({"launchType": "FARGATE"}, "does not support the DAEMON scheduling strategy"),
        ({"launchType": "EC2", "desiredCount": 1}, "does not support a desired count"),
        ({"capacityProviderStrategy": [{"capacityProvider": "FARGATE"}]}, "capacity provider strategy is not supported"),
        ({"launchType": "EC2", "deploymentConfiguration": {"maximumPercent": 200}}, "Change the maximumPercent value to 100"),
        ({"launchType": "EC2", "availabilityZoneRebalancing": "ENABLED"}, "does not support Availability Zone rebalancing"),
        ({"launchType": "EC2", "placementStrategy": [{"type": "random"}]}, "does not support placement strategies"),
    ],
)
def test_what_ecs_refuses_of_a_daemon(platform: Platform, declared: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ClientError, match=sentence):
        create_agent(platform, **declared)


def create_agent(platform: Platform, **declared: Any) -> None:
    platform.ecs.create_service(
        cluster=platform.name,
        serviceName="agent",
        taskDefinition=definition(platform),
        schedulingStrategy="DAEMON",
        networkConfiguration=platform.network,
        **declared,
    )


def test_a_daemon_cannot_take_the_default_strategy_of_the_cluster(platform: Platform) -> None:
    instances = Instances(platform)
    platform.ecs.put_cluster_capacity_providers(
        cluster=platform.name,
        capacityProviders=[instances.name],
        defaultCapacityProviderStrategy=instances.strategy["capacityProviderStrategy"],
    )
    with pytest.raises(ClientError, match="capacity provider strategy is not supported"):
        create_agent(platform)


def test_what_ecs_refuses_of_a_strategy(platform: Platform) -> None:
    instances = Instances(platform)
    instances.associate(["FARGATE", instances.name])
    mixed = [{"capacityProvider": "FARGATE", "weight": 1}, {"capacityProvider": instances.name, "weight": 1}]
    for more, sentence in (
        ({"capacityProviderStrategy": mixed}, "cannot contain a mix of capacity providers"),
        ({"capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT"}]}, "not associated with the cluster"),
        (FARGATE, "requires EC2: it cannot run on capacity of the kind FARGATE"),
        (
            {**instances.strategy, "networkConfiguration": public(platform)},
            "Assign public IP is not supported for this launch type",
        ),
    ):
        with pytest.raises(ClientError, match=sentence):
            platform.service(definition(platform), **more)


def public(platform: Platform) -> dict[str, Any]:
    return {"awsvpcConfiguration": {**platform.network["awsvpcConfiguration"], "assignPublicIp": "ENABLED"}}


def test_capacity_goes_in_order_only(platform: Platform) -> None:
    instances = Instances(platform)
    service = platform.service(definition(platform), 1, **instances.strategy)
    wait_for(service)
    with pytest.raises(ClientError, match="is in use and cannot be removed"):
        instances.associate([])
    with pytest.raises(ClientError, match="it is associated with cluster"):
        platform.ecs.delete_capacity_provider(capacityProvider=instances.name)
    with pytest.raises(ClientError, match="Container Instances are active or draining"):
        platform.ecs.delete_cluster(cluster=platform.name)
    platform.ecs.delete_service(cluster=platform.name, service=service, force=True)
    instances.associate([])
    platform.ecs.delete_capacity_provider(capacityProvider=instances.name)
    assert platform.ecs.describe_capacity_providers(capacityProviders=[instances.name])["failures"][0]["reason"] == "MISSING"
    instances.scaling.delete_auto_scaling_group(AutoScalingGroupName=instances.name, ForceDelete=True)
    platform.ecs.delete_cluster(cluster=platform.name)


def test_a_task_of_a_group_that_shrinks_is_replaced(platform: Platform) -> None:
    instances = Instances(platform)
    service = platform.service(definition(platform), 1, **instances.strategy)
    wait_for(service)
    (first,) = platform.tasks(service)
    (host,) = instances.hosts
    platform.local.client("autoscaling").terminate_instance_in_auto_scaling_group(
        InstanceId=host["ec2InstanceId"], ShouldDecrementDesiredCapacity=True
    )
    eventually(lambda: [task["taskArn"] for task in platform.tasks(service)] not in ([], [first["taskArn"]]), "it was replaced")
    (stopped,) = platform.ecs.describe_tasks(cluster=platform.name, tasks=[first["taskArn"]])["tasks"]
    assert stopped["stoppedReason"] == f"Host EC2 (instance {host['ec2InstanceId']}) terminated."


def test_run_task_on_instances_and_without_any(platform: Platform) -> None:
    task = {"cluster": platform.name, "taskDefinition": definition(platform), "networkConfiguration": platform.network}
    with pytest.raises(ClientError, match="No Container Instances were found in your cluster"):
        platform.ecs.run_task(**task, launchType="EC2")
    instances = Instances(platform)
    (started,) = platform.ecs.run_task(**task, **instances.strategy)["tasks"]
    assert started["containerInstanceArn"] == instances.hosts[0]["containerInstanceArn"]
    listed = platform.ecs.list_tasks(cluster=platform.name, containerInstance=started["containerInstanceArn"])
    assert listed["taskArns"] == [started["taskArn"]]
    platform.ecs.stop_task(cluster=platform.name, task=started["taskArn"])
