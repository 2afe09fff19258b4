"""Auto Scaling groups: they keep what they are told, and their instances are what they say."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest


class Group:
    def __init__(self, local: Any) -> None:
        self.name = f"g{uuid.uuid4().hex[:8]}"
        self.scaling, self.ec2 = local.client("autoscaling"), local.client("ec2")
        self.vpc = self.ec2.create_vpc(CidrBlock="10.4.0.0/16")["Vpc"]["VpcId"]
        self.subnets = [
            self.ec2.create_subnet(VpcId=self.vpc, CidrBlock=f"10.4.{i}.0/24", AvailabilityZone=zone)["Subnet"]["SubnetId"]
            for i, zone in enumerate(("us-east-1a", "us-east-1b"))
        ]
        self.firewall = self.ec2.create_security_group(GroupName=self.name, Description="x", VpcId=self.vpc)["GroupId"]
        data = {
            "ImageId": "resolve:ssm:/image",
            "NetworkInterfaces": [{"DeviceIndex": 0, "AssociatePublicIpAddress": False, "Groups": [self.firewall]}],
        }
        template = self.ec2.create_launch_template(LaunchTemplateName=self.name, LaunchTemplateData=data)["LaunchTemplate"]
        self.template = {"LaunchTemplateId": template["LaunchTemplateId"], "Version": "1"}
        self.scaling.create_auto_scaling_group(
            AutoScalingGroupName=self.name,
            MinSize=0,
            MaxSize=4,
            DesiredCapacity=2,
            MaxInstanceLifetime=86400,
            CapacityRebalance=True,
            VPCZoneIdentifier=",".join(self.subnets),
            MixedInstancesPolicy={
                "LaunchTemplate": {
                    "LaunchTemplateSpecification": self.template,
                    "Overrides": [{"InstanceType": "m5.large"}, {"InstanceType": "m6i.large"}],
                }
            },
        )

    @property
    def described(self) -> dict[str, Any]:
        return self.scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[self.name])["AutoScalingGroups"][0]

    @property
    def instances(self) -> list[dict[str, Any]]:
        ids = [item["InstanceId"] for item in self.described["Instances"]]
        return [one for r in self.ec2.describe_instances(InstanceIds=ids)["Reservations"] for one in r["Instances"]]

    def interfaces(self) -> list[dict[str, Any]]:
        filters = [{"Name": "vpc-id", "Values": [self.vpc]}]
        return self.ec2.describe_network_interfaces(Filters=filters)["NetworkInterfaces"]


@pytest.fixture
def group(local_aws: Any) -> Iterator[Group]:
    made = Group(local_aws)
    yield made
    names = [one["AutoScalingGroupName"] for one in made.scaling.describe_auto_scaling_groups()["AutoScalingGroups"]]
    if made.name in names:
        made.scaling.delete_auto_scaling_group(AutoScalingGroupName=made.name, ForceDelete=True)
    made.ec2.delete_launch_template(LaunchTemplateId=made.template["LaunchTemplateId"])


def test_an_update_keeps_what_it_says_nothing_of(group: Group) -> None:
    group.scaling.update_auto_scaling_group(AutoScalingGroupName=group.name, MaxSize=5, DesiredCapacity=3)
    described = group.described
    assert (described["MaxSize"], described["MaxInstanceLifetime"], described["CapacityRebalance"]) == (5, 86400, True)
    types = [item["InstanceType"] for item in described["MixedInstancesPolicy"]["LaunchTemplate"]["Overrides"]]
    assert types == ["m5.large", "m6i.large"]
    assert {item["InstanceType"] for item in described["Instances"]} == {"m5.large"}


def test_a_lifetime_of_zero_takes_it_away(group: Group) -> None:
    group.scaling.update_auto_scaling_group(AutoScalingGroupName=group.name, MaxInstanceLifetime=0)
    assert "MaxInstanceLifetime" not in group.described


def test_instances_have_type_and_security_groups_lie_in_all_subnets_and_have_no_public_address(group: Group) -> None:
    assert {instance["InstanceType"] for instance in group.instances} == {"m5.large"}
    assert {instance["SubnetId"] for instance in group.instances} == set(group.subnets)
    assert {one["GroupId"] for instance in group.instances for one in instance["SecurityGroups"]} == {group.firewall}
    assert all("PublicIpAddress" not in instance for instance in group.instances)


def test_the_interfaces_of_instances_go_with_them(group: Group) -> None:
    assert len(group.interfaces()) == 2
    group.scaling.delete_auto_scaling_group(AutoScalingGroupName=group.name, ForceDelete=True)
    assert group.interfaces() == []
