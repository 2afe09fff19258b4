"""Compute environments, queues and job definitions of AWS Batch: read back as declared, updated in place where AWS does."""

from __future__ import annotations

from typing import Any

import pytest

from cloudformation.network import att, of, ref, vpc


def batch(most: int = 16, priority: int = 1, minutes: int = 10) -> dict[str, Any]:
    return {
        **vpc(),
        "Compute": of(
            "Batch::ComputeEnvironment",
            Type="managed",
            State="enabled",
            ReplaceComputeEnvironment=False,
            ComputeResources={
                "Type": "FARGATE",
                "MaxvCpus": most,
                "Subnets": [ref("Private")],
                "SecurityGroupIds": [att("Group", "GroupId")],
            },
        ),
        "Policy": of("Batch::SchedulingPolicy", FairsharePolicy={"ShareDecaySeconds": 600}),
        "Queue": of(
            "Batch::JobQueue",
            Priority=priority,
            SchedulingPolicyArn=ref("Policy"),
            ComputeEnvironmentOrder=[{"Order": 1, "ComputeEnvironment": ref("Compute")}],
            JobStateTimeLimitActions=[
                {
                    "Action": "CANCEL",
                    "MaxTimeSeconds": 600 * priority,
                    "Reason": "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT",
                    "State": "RUNNABLE",
                }
            ],
        ),
        "Job": of(
            "Batch::JobDefinition",
            Type="container",
            PlatformCapabilities=["FARGATE"],
            Timeout={"AttemptDurationSeconds": minutes * 60},
            RetryStrategy={"Attempts": 2},
            ContainerProperties={
                "Image": "shop/job",
                "Command": ["run"],
                "ExecutionRoleArn": "arn:aws:iam::123456789012:role/x",
                "ResourceRequirements": [{"Type": "VCPU", "Value": "0.25"}, {"Type": "MEMORY", "Value": "512"}],
            },
        ),
    }


def test_batch_reads_back_is_updated_in_place_and_leaves_nothing(stack: Any, local_aws: Any) -> None:
    client, made = local_aws.client("batch"), stack().deploy(batch())
    before = made.resources
    made.deploy(batch(most=32, priority=5, minutes=20))
    after = made.resources
    assert {name for name in before if before[name] != after[name]} == {"Job"}
    (compute,) = client.describe_compute_environments(computeEnvironments=[after["Compute"]])["computeEnvironments"]
    assert compute["computeResources"]["maxvCpus"] == 32
    (queue,) = client.describe_job_queues(jobQueues=[after["Queue"]])["jobQueues"]
    assert (queue["priority"], queue["jobStateTimeLimitActions"][0]["maxTimeSeconds"]) == (5, 3000)
    assert queue["schedulingPolicyArn"] == after["Policy"]
    (job,) = client.describe_job_definitions(jobDefinitions=[after["Job"]])["jobDefinitions"]
    assert (job["timeout"], job["retryStrategy"]["attempts"]) == ({"attemptDurationSeconds": 1200}, 2)
    made.delete()
    assert client.describe_job_queues()["jobQueues"] == []
    assert client.describe_compute_environments()["computeEnvironments"] == []
    assert client.describe_job_definitions(status="ACTIVE")["jobDefinitions"] == []


@pytest.mark.parametrize("keep", [True, False])
def test_a_changed_job_definition_is_a_new_revision_and_the_old_one_stays_if_the_template_says_so(
    stack: Any, local_aws: Any, keep: bool
) -> None:
    def job(minutes: int) -> dict[str, Any]:
        declared = batch(minutes=minutes)["Job"]
        return {
            "Job": {
                **declared,
                "Properties": {**declared["Properties"], "ResourceRetentionPolicy": {"SkipDeregisterOnUpdate": keep}},
            }
        }

    client, made = local_aws.client("batch"), stack().deploy(job(10))
    first = made.resources["Job"]
    made.deploy(job(20))
    second = made.resources["Job"]
    assert (second.rsplit(":", 1)[0], int(second.rsplit(":", 1)[1])) == (first.rsplit(":", 1)[0], 2)
    (before,) = client.describe_job_definitions(jobDefinitions=[first])["jobDefinitions"]
    assert before["status"] == ("ACTIVE" if keep else "INACTIVE")
    assert before["timeout"] == {"attemptDurationSeconds": 600}


def instances(most: int, disk: int) -> dict[str, Any]:
    """An environment of instances, with what CloudFormation and not the environment needs to know for updates in place."""
    return {
        **vpc(),
        "Role": of("IAM::Role", AssumeRolePolicyDocument={}),
        "Profile": of("IAM::InstanceProfile", Roles=[ref("Role")]),
        "Template": of(
            "EC2::LaunchTemplate",
            LaunchTemplateData={"BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"VolumeSize": disk}}]},
        ),
        "Compute": of(
            "Batch::ComputeEnvironment",
            Type="MANAGED",
            State="ENABLED",
            ReplaceComputeEnvironment=False,
            UpdatePolicy={"TerminateJobsOnUpdate": False, "JobExecutionTimeoutMinutes": 30},
            ComputeResources={
                "Type": "EC2",
                "AllocationStrategy": "BEST_FIT_PROGRESSIVE",
                "MinvCpus": 0,
                "MaxvCpus": most,
                "InstanceTypes": ["default_x86_64"],
                "InstanceRole": att("Profile", "Arn"),
                "Ec2Configuration": [{"ImageType": "ECS_AL2023"}],
                "LaunchTemplate": {"LaunchTemplateId": ref("Template"), "Version": att("Template", "LatestVersionNumber")},
                "UpdateToLatestImageVersion": True,
                "ScalingPolicy": {"MinScaleDownDelayMinutes": 30},
                "Tags": {"Name": "instances"},
                "Subnets": [ref("Private")],
                "SecurityGroupIds": [att("Group", "GroupId")],
            },
        ),
    }


def test_instances_are_updated_in_place_by_the_number_of_their_launch_template(stack: Any, local_aws: Any) -> None:
    def read(arn: str) -> dict[str, Any]:
        found = local_aws.client("batch").describe_compute_environments(computeEnvironments=[arn])["computeEnvironments"]
        return found[0]["computeResources"]

    made = stack().deploy(instances(most=16, disk=50))
    arn = made.resources["Compute"]
    first = read(arn)
    assert (first["launchTemplate"]["version"], first["instanceTypes"], first["tags"]) == ("1", ["default_x86_64"], {"Name": "instances"})
    assert (first["scalingPolicy"], first["ec2Configuration"]) == ({"minScaleDownDelayMinutes": 30}, [{"imageType": "ECS_AL2023"}])
    made.deploy(instances(most=64, disk=200))
    after = read(arn)
    assert made.resources["Compute"] == arn
    assert (after["launchTemplate"]["version"], after["maxvCpus"]) == ("2", 64)
    made.delete()
    left = local_aws.client("batch").describe_compute_environments()["computeEnvironments"]
    assert arn not in [environment["computeEnvironmentArn"] for environment in left]
