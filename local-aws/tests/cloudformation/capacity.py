"""The resources of capacity with instances, as the library writes them, which several tests build on."""

from __future__ import annotations

from typing import Any

from cloudformation.network import att, of, ref, vpc

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


def running(local_aws: Any, cluster: str, service: str) -> list[dict[str, Any]]:
    ecs = local_aws.client("ecs")
    arns = ecs.list_tasks(cluster=cluster, serviceName=service)["taskArns"]
    return ecs.describe_tasks(cluster=cluster, tasks=arns)["tasks"]
