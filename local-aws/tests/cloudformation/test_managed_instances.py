"""Instances that ECS manages: deployed, read back, updated, deleted."""

from __future__ import annotations

from typing import Any

from cloudformation.capacity import managed, running, service
from cloudformation.network import ref


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
