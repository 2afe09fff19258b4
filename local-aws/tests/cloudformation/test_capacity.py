"""Capacity of instances: groups, capacity providers, daemons; deployed, read back, updated, deleted in order."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from cloudformation.network import att, of, ref, vpc
from runtime.applications import SLEEP, image
from stacks import DeploymentEnded

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
AGENT = "#!/bin/bash\ncat >> /etc/ecs/ecs.config <<'END'\nECS_CLUSTER=${Cluster}\nECS_INSTANCE_ATTRIBUTES={\"capacity\":\"General\"}\nEND"


def group(largest: int = 3, lifetime: int | None = 2592000, kind: str = "m5.large", **more: Any) -> dict[str, Any]:
    """With all that the library writes for `ClusterCapacity.ec2`."""
    data = {
        "ImageId": "resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id",
        "IamInstanceProfile": {"Arn": att("Profile", "Arn")},
        "MetadataOptions": {"HttpEndpoint": "enabled", "HttpTokens": "required", "HttpPutResponseHopLimit": 1},
        "BlockDeviceMappings": [
            {
                "DeviceName": "/dev/xvda",
                "Ebs": {"Encrypted": True, "VolumeType": "gp3", "VolumeSize": 50, "DeleteOnTermination": True},
            }
        ],
        "NetworkInterfaces": [
            {
                "DeviceIndex": 0,
                "AssociatePublicIpAddress": False,
                "DeleteOnTermination": True,
                "Groups": [att("Group", "GroupId")],
            }
        ],
        "UserData": {"Fn::Base64": {"Fn::Sub": AGENT}},
    }
    policy = {
        "LaunchTemplate": {
            "LaunchTemplateSpecification": {
                "LaunchTemplateId": ref("Template"),
                "Version": att("Template", "LatestVersionNumber"),
            },
            "Overrides": [{"InstanceType": kind}],
        },
        "InstancesDistribution": {
            "OnDemandBaseCapacity": 0,
            "OnDemandPercentageAboveBaseCapacity": 100,
            "SpotAllocationStrategy": "price-capacity-optimized",
        },
    }
    declared: dict[str, Any] = {
        "MinSize": "0",
        "MaxSize": str(largest),
        "VPCZoneIdentifier": [ref("Public"), ref("Private")],
        "MixedInstancesPolicy": policy,
        "Tags": [{"Key": "Name", "Value": f"general-{largest}", "PropagateAtLaunch": True}],
        **({"MaxInstanceLifetime": lifetime} if lifetime else {}),
    }
    return {
        **vpc(),
        "Cluster": of("ECS::Cluster"),
        "Role": of("IAM::Role", AssumeRolePolicyDocument=TRUST),
        "Profile": of("IAM::InstanceProfile", Roles=[ref("Role")]),
        "Template": of("EC2::LaunchTemplate", LaunchTemplateData=data),
        "Instances": of("AutoScaling::AutoScalingGroup", **{**declared, **more}),
    }


def provider(target: int = 100, protection: str = "DISABLED", **more: Any) -> dict[str, Any]:
    settings = {
        "AutoScalingGroupArn": att("Instances", "AutoScalingGroupARN"),
        "ManagedScaling": {"Status": "ENABLED", "TargetCapacity": target},
        "ManagedDraining": "ENABLED",
        "ManagedTerminationProtection": protection,
    }
    return {
        **group(**more),
        "Provider": of("ECS::CapacityProvider", AutoScalingGroupProvider=settings),
        "Capacity": of(
            "ECS::ClusterCapacityProviderAssociations",
            Cluster=ref("Cluster"),
            CapacityProviders=["FARGATE", ref("Provider")],
            DefaultCapacityProviderStrategy=[{"CapacityProvider": ref("Provider"), "Weight": 1}],
        ),
    }


def tasks(name: str, kind: str) -> dict[str, Any]:
    return of(
        "ECS::TaskDefinition",
        NetworkMode="awsvpc",
        RequiresCompatibilities=[kind],
        Cpu="256",
        Memory="512",
        ContainerDefinitions=[{"Name": "app", "Image": name}],
    )


NETWORK = {"AwsvpcConfiguration": {"Subnets": [ref("Public"), ref("Private")], "SecurityGroups": [att("Group", "GroupId")]}}


def service(name: str, on: Any, kind: str = "EC2", nonce: str = "1", desired: int = 2) -> dict[str, Any]:
    declared = of(
        "ECS::Service",
        Cluster=ref("Cluster"),
        TaskDefinition=ref("Tasks"),
        DesiredCount=desired,
        NetworkConfiguration=NETWORK,
        CapacityProviderStrategy=[{"CapacityProvider": on, "Weight": 1}],
        ForceNewDeployment={"EnableForceNewDeployment": True, "ForceNewDeploymentNonce": nonce},
    )
    return {"Tasks": tasks(name, kind), "Service": {**declared, "DependsOn": "Capacity"}}


def daemon(name: str, **more: Any) -> dict[str, Any]:
    declared = of(
        "ECS::Service",
        Cluster=ref("Cluster"),
        TaskDefinition=ref("AgentTasks"),
        LaunchType="EC2",
        SchedulingStrategy="DAEMON",
        AvailabilityZoneRebalancing="DISABLED",
        DeploymentConfiguration={"MaximumPercent": 100, "MinimumHealthyPercent": 0},
        NetworkConfiguration=NETWORK,
        PlacementConstraints=[{"Type": "memberOf", "Expression": "attribute:capacity in [General]"}],
        **more,
    )
    return {"AgentTasks": tasks(name, "EC2"), "Agent": {**declared, "DependsOn": "Capacity"}}


@pytest.fixture
def sleeper(local_aws: Any, tmp_path: Any) -> str:
    return image(tmp_path, SLEEP)


def running(local_aws: Any, cluster: str, service: str) -> list[dict[str, Any]]:
    ecs = local_aws.client("ecs")
    arns = ecs.list_tasks(cluster=cluster, serviceName=service)["taskArns"]
    return ecs.describe_tasks(cluster=cluster, tasks=arns)["tasks"]


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


def managed(largest: int = 8, option: str = "ON_DEMAND") -> dict[str, Any]:
    template = {
        "Ec2InstanceProfileArn": att("Profile", "Arn"),
        "CapacityOptionType": option,
        "NetworkConfiguration": {"Subnets": [ref("Public"), ref("Private")], "SecurityGroups": [att("Group", "GroupId")]},
        "StorageConfiguration": {"StorageSizeGiB": 80},
        "InstanceRequirements": {"VCpuCount": {"Min": 2, "Max": largest}, "MemoryMiB": {"Min": 4096}},
    }
    settings = {
        "InfrastructureRoleArn": att("Role", "Arn"),
        "PropagateTags": "CAPACITY_PROVIDER",
        "InstanceLaunchTemplate": template,
        "InfrastructureOptimization": {"ScaleInAfter": 600},
    }
    base = {k: v for k, v in group().items() if k not in ("Template", "Instances")}
    association = of("ECS::ClusterCapacityProviderAssociations", Cluster=ref("Cluster"), CapacityProviders=["FARGATE"])
    association["Properties"]["DefaultCapacityProviderStrategy"] = [{"CapacityProvider": "FARGATE", "Weight": 1}]
    return {
        **base,
        "Capacity": association,
        "Provider": of("ECS::CapacityProvider", ClusterName=ref("Cluster"), ManagedInstancesProvider=settings),
    }


def test_managed_instances_come_and_go_with_the_tasks(stack: Any, local_aws: Any, sleeper: str) -> None:
    ecs, ec2 = local_aws.client("ecs"), local_aws.client("ec2")
    made = stack().deploy({**managed(), **service(sleeper, ref("Provider"), "MANAGED_INSTANCES")})
    ids = made.resources
    found = running(local_aws, ids["Cluster"], ids["Service"])
    assert {task["capacityProviderName"] for task in found} == {ids["Provider"]}
    hosts = ecs.describe_container_instances(
        cluster=ids["Cluster"], containerInstances=sorted({task["containerInstanceArn"] for task in found})
    )["containerInstances"]
    kinds = {a["value"] for host in hosts for a in host["attributes"] if a["name"] == "ecs.instance-type"}
    assert kinds and all(kind[0] in "cmr" for kind in kinds)
    made.deploy({**managed(largest=16), **service(sleeper, ref("Provider"), "MANAGED_INSTANCES")})
    assert made.resources["Provider"] == ids["Provider"]
    (read,) = ecs.describe_capacity_providers(capacityProviders=[ids["Provider"]])["capacityProviders"]
    requirements = read["managedInstancesProvider"]["instanceLaunchTemplate"]["instanceRequirements"]
    assert requirements["vCpuCount"] == {"min": 2, "max": 16}
    made.delete()
    launched = ec2.describe_instances(InstanceIds=[host["ec2InstanceId"] for host in hosts])["Reservations"]
    assert {i["State"]["Name"] for r in launched for i in r["Instances"]} == {"terminated"}


def test_another_purchase_option_is_another_provider(stack: Any) -> None:
    made = stack().deploy(managed())
    first = made.resources["Provider"]
    made.deploy(managed(option="SPOT"))
    assert made.resources["Provider"] != first


def test_base64_user_data_is_read(stack: Any) -> None:
    from localaws.ecs import hosts

    encoded = base64.b64encode(AGENT.replace("${Cluster}", "mine").encode()).decode()
    configuration = hosts.agent_configuration(encoded)
    assert configuration["ECS_CLUSTER"] == "mine"
    assert hosts.attributes_of(configuration) == {"capacity": "General"}
