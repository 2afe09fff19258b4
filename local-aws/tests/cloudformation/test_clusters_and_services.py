"""Clusters, task definitions and services: read back as declared, updated in place where AWS does."""

from __future__ import annotations

import json
from typing import Any

from cloudformation.network import att, of, ref, vpc


def cluster() -> dict[str, Any]:
    return {
        "Space": of("ServiceDiscovery::HttpNamespace", Name="shop"),
        "Cluster": of(
            "ECS::Cluster",
            ClusterSettings=[{"Name": "containerInsights", "Value": "enhanced"}],
            ServiceConnectDefaults={"Namespace": att("Space", "Arn")},
            Tags=[{"Key": "team", "Value": "a"}],
        ),
        "Capacity": of(
            "ECS::ClusterCapacityProviderAssociations",
            Cluster=ref("Cluster"),
            CapacityProviders=["FARGATE", "FARGATE_SPOT"],
            DefaultCapacityProviderStrategy=[{"CapacityProvider": "FARGATE", "Base": 1, "Weight": 2}],
        ),
    }


def test_a_cluster_reads_back_and_is_retagged(stack: Any, local_aws: Any) -> None:
    ecs, made = local_aws.client("ecs"), stack().deploy(cluster())
    name = made.resources["Cluster"]

    def described() -> dict[str, Any]:
        return ecs.describe_clusters(clusters=[name], include=["SETTINGS", "TAGS", "CONFIGURATIONS"])["clusters"][0]

    assert described()["settings"] == [{"name": "containerInsights", "value": "enhanced"}]
    assert described()["capacityProviders"] == ["FARGATE", "FARGATE_SPOT"]
    assert described()["defaultCapacityProviderStrategy"] == [{"capacityProvider": "FARGATE", "base": 1, "weight": 2}]
    assert described()["serviceConnectDefaults"]["namespace"].startswith("arn:aws:servicediscovery:")
    changed = cluster()
    changed["Cluster"]["Properties"]["Tags"] = [{"Key": "owner", "Value": "b"}]
    made.deploy(changed)
    assert (made.resources["Cluster"], described()["tags"]) == (name, [{"key": "owner", "value": "b"}])


def exec_logging(cluster_key: bool = True) -> dict[str, Any]:
    root = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "kms:*", "Resource": "*"}
    logs = {"Effect": "Allow", "Principal": {"Service": "logs.us-east-1.amazonaws.com"}, "Action": "kms:Encrypt", "Resource": "*"}
    log = {"CloudWatchLogGroupName": ref("Sessions"), "CloudWatchEncryptionEnabled": True}
    execute = {"Logging": "OVERRIDE", "LogConfiguration": log, **({"KmsKeyId": att("Key", "Arn")} if cluster_key else {})}
    return {
        "Key": of("KMS::Key", EnableKeyRotation=True, KeyPolicy={"Version": "2012-10-17", "Statement": [root, logs]}),
        "Sessions": of("Logs::LogGroup", KmsKeyId=att("Key", "Arn"), RetentionInDays=7),
        "Cluster": of("ECS::Cluster", Configuration={"ExecuteCommandConfiguration": execute}),
    }


def test_a_cluster_keeps_where_sessions_are_logged(stack: Any, local_aws: Any) -> None:
    ecs, kms, made = local_aws.client("ecs"), local_aws.client("kms"), stack().deploy(exec_logging())
    ids = made.resources

    def execute() -> dict[str, Any]:
        (described,) = ecs.describe_clusters(clusters=[ids["Cluster"]], include=["CONFIGURATIONS"])["clusters"]
        return described["configuration"]["executeCommandConfiguration"]

    key = kms.describe_key(KeyId=ids["Key"])["KeyMetadata"]["Arn"]
    log = {"cloudWatchLogGroupName": ids["Sessions"], "cloudWatchEncryptionEnabled": True}
    assert execute() == {"kmsKeyId": key, "logging": "OVERRIDE", "logConfiguration": log}
    assert kms.get_key_rotation_status(KeyId=ids["Key"])["KeyRotationEnabled"] is True
    policy = json.loads(kms.get_key_policy(KeyId=ids["Key"], PolicyName="default")["Policy"])
    assert policy["Statement"][1]["Principal"] == {"Service": "logs.us-east-1.amazonaws.com"}
    (group,) = local_aws.client("logs").describe_log_groups(logGroupNamePrefix=ids["Sessions"])["logGroups"]
    assert group["kmsKeyId"] == key
    made.deploy(exec_logging(cluster_key=False))
    assert (made.resources["Cluster"], execute()) == (ids["Cluster"], {"logging": "OVERRIDE", "logConfiguration": log})
    made.deploy({**exec_logging(), "Cluster": of("ECS::Cluster")})
    assert (made.resources["Cluster"], execute()) == (ids["Cluster"], {"logging": "DEFAULT"})
    made.delete()
    assert kms.describe_key(KeyId=ids["Key"])["KeyMetadata"]["KeyState"] == "PendingDeletion"


def task_definition(memory: str = "512") -> dict[str, Any]:
    container = {
        "Name": "web",
        "Image": "shop/web",
        "ReadonlyRootFilesystem": True,
        "Environment": [{"Name": "A", "Value": "1"}],
        "LinuxParameters": {
            "InitProcessEnabled": True,
            "Tmpfs": [{"ContainerPath": "/tmp", "Size": 64, "MountOptions": ["rw"]}],
        },
        "PortMappings": [{"ContainerPort": 8080, "Name": "http", "AppProtocol": "http"}],
        "LogConfiguration": {
            "LogDriver": "awslogs",
            "Options": {"awslogs-group": "g", "mode": "non-blocking", "max-buffer-size": "25m"},
        },
        "StopTimeout": 30,
    }
    return of(
        "ECS::TaskDefinition",
        Family="shop-web",
        Cpu="256",
        Memory=memory,
        NetworkMode="awsvpc",
        RequiresCompatibilities=["FARGATE"],
        RuntimePlatform={"CpuArchitecture": "ARM64", "OperatingSystemFamily": "LINUX"},
        ContainerDefinitions=[container],
    )


def test_a_task_definition_reads_back_and_an_update_is_a_new_revision(stack: Any, local_aws: Any) -> None:
    ecs, made = local_aws.client("ecs"), stack().deploy({"Tasks": task_definition()})
    first = made.resources["Tasks"]
    described = ecs.describe_task_definition(taskDefinition=first)["taskDefinition"]
    assert described["runtimePlatform"] == {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"}
    (container,) = described["containerDefinitions"]
    assert container["linuxParameters"] == {
        "initProcessEnabled": True,
        "tmpfs": [{"containerPath": "/tmp", "size": 64, "mountOptions": ["rw"]}],
    }
    assert container["logConfiguration"]["options"]["max-buffer-size"] == "25m"
    assert (container["readonlyRootFilesystem"], container["stopTimeout"]) == (True, 30)
    second = made.deploy({"Tasks": task_definition("1024")}).resources["Tasks"]
    assert (first.rsplit(":", 1)[0], first != second) == (second.rsplit(":", 1)[0], True)
    assert ecs.describe_task_definition(taskDefinition=first)["taskDefinition"]["status"] == "INACTIVE"


def service(desired: int = 0) -> dict[str, Any]:
    network = {"AwsvpcConfiguration": {"Subnets": [ref("Private")], "SecurityGroups": [att("Group", "GroupId")]}}
    declared = of(
        "ECS::Service",
        Cluster=ref("Cluster"),
        TaskDefinition=ref("Tasks"),
        DesiredCount=desired,
        NetworkConfiguration=network,
        CapacityProviderStrategy=[
            {"CapacityProvider": "FARGATE", "Base": 1, "Weight": 1},
            {"CapacityProvider": "FARGATE_SPOT", "Weight": 3},
        ],
        DeploymentConfiguration={
            "MaximumPercent": 200,
            "MinimumHealthyPercent": 100,
            "DeploymentCircuitBreaker": {"Enable": True, "Rollback": True},
        },
        AvailabilityZoneRebalancing="ENABLED",
        EnableExecuteCommand=False,
        PropagateTags="SERVICE",
        ServiceConnectConfiguration={
            "Enabled": True,
            "Services": [{"PortName": "http", "ClientAliases": [{"Port": 8080, "DnsName": "web"}]}],
        },
    )
    return {
        **vpc(),
        **cluster(),
        "Tasks": task_definition(),
        "Service": {**declared, "DependsOn": "Capacity"},
        "Target": of(
            "ApplicationAutoScaling::ScalableTarget",
            ServiceNamespace="ecs",
            ScalableDimension="ecs:service:DesiredCount",
            MinCapacity=0,
            MaxCapacity=4,
            ResourceId={"Fn::Join": ["/", ["service", ref("Cluster"), att("Service", "Name")]]},
            ScheduledActions=[
                {"ScheduledActionName": "night", "Schedule": "cron(0 2 * * ? *)", "ScalableTargetAction": {"MaxCapacity": 1}}
            ],
        ),
        "Policy": of(
            "ApplicationAutoScaling::ScalingPolicy",
            PolicyName="cpu",
            PolicyType="TargetTrackingScaling",
            ScalingTargetId=ref("Target"),
            TargetTrackingScalingPolicyConfiguration={
                "TargetValue": 65,
                "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"},
            },
        ),
    }


def test_a_service_with_scaling_reads_back_and_leaves_nothing(stack: Any, local_aws: Any) -> None:
    ecs, scaling, alarms = (
        local_aws.client("ecs"),
        local_aws.client("application-autoscaling"),
        local_aws.client("cloudwatch"),
    )
    known = len(alarms.describe_alarms()["MetricAlarms"])
    made = stack().deploy(service())
    ids = made.resources
    (described,) = ecs.describe_services(cluster=ids["Cluster"], services=[ids["Service"]])["services"]
    assert [item["weight"] for item in described["capacityProviderStrategy"]] == [1, 3]
    assert described["deploymentConfiguration"]["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
    assert described["availabilityZoneRebalancing"] == "ENABLED"
    assert "launchType" not in described
    (action,) = scaling.describe_scheduled_actions(ServiceNamespace="ecs")["ScheduledActions"]
    assert action["ScheduledActionName"] == "night"
    assert len(alarms.describe_alarms()["MetricAlarms"]) > known
    made.delete()
    assert len(alarms.describe_alarms()["MetricAlarms"]) == known
    assert scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"] == []
    assert scaling.describe_scheduled_actions(ServiceNamespace="ecs")["ScheduledActions"] == []
    assert scaling.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"] == []
    assert ecs.list_clusters()["clusterArns"] == []
