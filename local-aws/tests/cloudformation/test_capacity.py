"""Capacity of instances: groups, capacity providers, daemons; deployed, read back, updated, deleted in order."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from cloudformation.capacity import AGENT, daemon, group, provider, running, service
from cloudformation.network import ref
from stacks import DeploymentEnded


def test_a_group_reads_back_is_updated_in_place_and_leaves_nothing(stack: Any, local_aws: Any) -> None:
    scaling, ec2, made = local_aws.client("autoscaling"), local_aws.client("ec2"), stack().deploy(group(MinSize="2"))
    name = made.resources["Instances"]

    def described() -> dict[str, Any]:
        return scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"][0]

    assert (described()["MaxSize"], described()["MaxInstanceLifetime"], described()["DesiredCapacity"]) == (3, 2592000, 2)
    ids = [item["InstanceId"] for item in described()["Instances"]]
    launched = [i for r in ec2.describe_instances(InstanceIds=ids)["Reservations"] for i in r["Instances"]]
    assert {instance["InstanceType"] for instance in launched} == {"m5.large"}
    assert {one["GroupId"] for i in launched for one in i["SecurityGroups"]} == {made.resources["Group"]}
    assert {tag["Value"] for i in launched for tag in i["Tags"] if tag["Key"] == "Name"} == {"general-3"}
    before = made.resources
    made.deploy(group(largest=5, lifetime=None, CapacityRebalance=True))
    assert made.resources == before
    assert (described()["MaxSize"], described()["CapacityRebalance"]) == (5, True)
    assert "MaxInstanceLifetime" not in described()
    assert described()["Tags"][0]["Value"] == "general-5"
    made.delete()
    assert scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"] == []
    assert before["Template"] not in [one["LaunchTemplateId"] for one in ec2.describe_launch_templates()["LaunchTemplates"]]
    instances = [i for r in ec2.describe_instances(InstanceIds=ids)["Reservations"] for i in r["Instances"]]
    assert {instance["State"]["Name"] for instance in instances} == {"terminated"}


def test_a_group_with_what_the_model_does_not_have_is_refused(stack: Any) -> None:
    with pytest.raises(DeploymentEnded, match="LifecycleHookSpecificationList of Instances .* is not modelled"):
        stack().deploy(group(LifecycleHookSpecificationList=[{"LifecycleHookName": "x", "LifecycleTransition": "y"}]))


def test_a_provider_reads_back_and_is_updated_in_place(stack: Any, local_aws: Any) -> None:
    ecs, made = local_aws.client("ecs"), stack().deploy(provider(target=90))
    before = made.resources

    def settings() -> dict[str, Any]:
        return ecs.describe_capacity_providers(capacityProviders=[before["Provider"]])["capacityProviders"][0][
            "autoScalingGroupProvider"
        ]

    assert (settings()["managedScaling"]["targetCapacity"], settings()["managedDraining"]) == (90, "ENABLED")
    made.deploy(provider(target=80))
    assert made.resources == before
    assert settings()["managedScaling"]["targetCapacity"] == 80
    made.delete()
    assert before["Provider"] not in [one["name"] for one in ecs.describe_capacity_providers()["capacityProviders"]]


def test_a_service_moves_its_running_tasks_from_fargate_to_instances_when_the_nonce_changes(
    stack: Any, local_aws: Any, sleeper: str
) -> None:
    made = stack().deploy({**provider(), **service(sleeper, "FARGATE", "FARGATE")})
    ids = made.resources
    before = running(local_aws, ids["Cluster"], ids["Service"])
    assert {task["capacityProviderName"] for task in before} == {"FARGATE"}
    made.deploy({**provider(), **service(sleeper, ref("Provider"), "EC2", nonce="2")})
    assert made.resources["Service"] == ids["Service"]
    after = running(local_aws, ids["Cluster"], ids["Service"])
    assert {task["capacityProviderName"] for task in after} == {ids["Provider"]}
    assert {task["taskArn"] for task in before}.isdisjoint({task["taskArn"] for task in after})
    made.delete()


def test_a_nonce_alone_moves_the_tasks_and_a_strategy_alone_does_not(stack: Any, local_aws: Any, sleeper: str) -> None:
    def deployed(weight: int, nonce: str) -> dict[str, Any]:
        declared = service(sleeper, "FARGATE", "FARGATE", nonce, desired=1)
        declared["Service"]["Properties"]["CapacityProviderStrategy"][0]["Weight"] = weight
        return {**provider(), **declared}

    made = stack().deploy(deployed(1, "1"))
    ids = made.resources
    (first,) = running(local_aws, ids["Cluster"], ids["Service"])
    made.deploy(deployed(2, "1"))
    assert [task["taskArn"] for task in running(local_aws, ids["Cluster"], ids["Service"])] == [first["taskArn"]]
    made.deploy(deployed(2, "2"))
    assert [task["taskArn"] for task in running(local_aws, ids["Cluster"], ids["Service"])] != [first["taskArn"]]
    made.delete()


def test_a_daemon_is_deployed_updated_and_deleted(stack: Any, local_aws: Any, sleeper: str) -> None:
    ecs, made = local_aws.client("ecs"), stack().deploy({**provider(MinSize="2"), **daemon(sleeper)})
    ids = made.resources
    (described,) = ecs.describe_services(cluster=ids["Cluster"], services=[ids["Agent"]])["services"]
    assert (described["schedulingStrategy"], described["runningCount"], described["launchType"]) == ("DAEMON", 2, "EC2")
    made.deploy({**provider(MinSize="2"), **daemon(sleeper, EnableECSManagedTags=True)})
    assert made.resources["Agent"] == ids["Agent"]
    assert len({task["containerInstanceArn"] for task in running(local_aws, ids["Cluster"], ids["Agent"])}) == 2
    made.delete()
    assert ids["Cluster"] not in [arn.rpartition("/")[2] for arn in ecs.list_clusters()["clusterArns"]]


def test_a_daemon_with_a_count_is_refused(stack: Any, sleeper: str) -> None:
    with pytest.raises(DeploymentEnded, match="does not support a desired count"):
        stack().deploy({**provider(), **daemon(sleeper, DesiredCount=1)})


def test_capacity_that_a_service_runs_on_cannot_be_taken_away_in_the_same_deployment(
    stack: Any, local_aws: Any, sleeper: str
) -> None:
    made = stack().deploy({**provider(), **service(sleeper, ref("Provider"))})
    without = {**provider(), **service(sleeper, "FARGATE", "FARGATE", nonce="2")}
    without["Capacity"]["Properties"].update(CapacityProviders=["FARGATE"], DefaultCapacityProviderStrategy=[])
    del without["Provider"], without["Instances"]
    with pytest.raises(DeploymentEnded, match="is in use and cannot be removed"):
        made.deploy(without)
    made.delete()


def test_protected_instances_keep_a_stack_from_being_deleted(stack: Any, local_aws: Any) -> None:
    made = stack().deploy(provider(protection="ENABLED", MinSize="1"))
    with pytest.raises(DeploymentEnded, match="is protected from scale-in, and nobody takes the protection back"):
        made.delete()
    name = made.resources["Instances"]
    client = local_aws.client("autoscaling")
    (described,) = client.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"]
    ids = [instance["InstanceId"] for instance in described["Instances"]]
    client.set_instance_protection(AutoScalingGroupName=name, InstanceIds=ids, ProtectedFromScaleIn=False)


def test_base64_user_data_is_read(stack: Any) -> None:
    from localaws.ecs import hosts

    encoded = base64.b64encode(AGENT.replace("${Cluster}", "mine").encode()).decode()
    configuration = hosts.agent_configuration(encoded)
    assert configuration["ECS_CLUSTER"] == "mine"
    assert hosts.attributes_of(configuration) == {"capacity": "General"}
