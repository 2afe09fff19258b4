"""Mends of EC2 Auto Scaling: groups keep what they are told, and launch what they say."""

from __future__ import annotations

import copy
from collections import Counter
from typing import Any

from moto.autoscaling.models import FakeAutoScalingGroup, InstanceState
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult
from moto.ec2.models.instances import Instance


def install() -> None:
    keep_lifetime_and_rebalancing()
    keep_the_policy_of_instances()
    launch_what_the_group_says()
    delete_the_interfaces_of_instances()


def keep_lifetime_and_rebalancing() -> None:
    """MaxInstanceLifetime is dropped; an update drops CapacityRebalance as well."""

    def keeping(original: Any) -> Any:
        def action(self: AutoScalingResponse) -> ActionResult:
            answer = original(self)
            group: Any = self.autoscaling_backend.autoscaling_groups[self._get_param("AutoScalingGroupName")]
            lifetime = self._get_int_param("MaxInstanceLifetime")
            if lifetime is not None:
                group.max_instance_lifetime = lifetime or None
            rebalance = self._get_bool_param("CapacityRebalance", None)
            if rebalance is not None:
                group.capacity_rebalance = rebalance
            return answer

        return action

    FakeAutoScalingGroup.max_instance_lifetime = None
    AutoScalingResponse.create_auto_scaling_group = keeping(AutoScalingResponse.create_auto_scaling_group)
    AutoScalingResponse.update_auto_scaling_group = keeping(AutoScalingResponse.update_auto_scaling_group)


def keep_the_policy_of_instances() -> None:
    """An update that does not speak of it drops the mixed instances policy."""
    original: Any = FakeAutoScalingGroup.update

    def update(self: Any, *arguments: Any, mixed_instances_policy: Any = None, **more: Any) -> None:
        says_nothing = not (mixed_instances_policy or more.get("launch_template") or more.get("launch_config_name"))
        kept = copy.deepcopy(self.mixed_instances_policy) if says_nothing else mixed_instances_policy
        if kept and says_nothing:
            kept["LaunchTemplate"]["LaunchTemplateSpecification"].pop("LaunchTemplateName", None)  # moto takes one of the two
        original(self, *arguments, mixed_instances_policy=kept, **more)

    FakeAutoScalingGroup.update = update


def launch_what_the_group_says() -> None:
    """Instances of a group with overrides have no type, no security groups, and all lie in its first subnet."""

    def launch(self: Any, count_needed: int, propagated_tags: dict[str, str]) -> None:
        template = _template_data(self)
        for _ in range(count_needed):
            subnet = _emptiest_subnet(self)
            reservation = self.ec2_backend.run_instances(
                self.image_id,
                1,
                self.user_data,
                self.security_groups or [],
                instance_type=instance_type_of(self),
                tags={"instance": {**propagated_tags, **self.instance_tags, "aws:autoscaling:groupName": self.name}},
                placement=subnet.availability_zone if subnet else self.availability_zones[0],
                launch_config=self.launch_config,
                is_instance_type_default=False,
                associate_public_ip=_public(template),
                subnet_id=subnet.id if subnet else None,
                security_group_ids=_security_groups(template),
            )
            (instance,) = reservation.instances
            instance.autoscaling_group = self
            state = InstanceState(instance, protected_from_scale_in=self.new_instances_protected_from_scale_in)
            self.instance_states.append(state)

    FakeAutoScalingGroup.replace_autoscaling_group_instances = launch


def instance_type_of(group: Any) -> str:
    """The first of the overrides: AWS takes it where it has capacity, and here there is always capacity."""
    overrides = ((group.mixed_instances_policy or {}).get("LaunchTemplate") or {}).get("Overrides") or []
    return next((item["InstanceType"] for item in overrides if item.get("InstanceType")), group.instance_type)


def _template_data(group: Any) -> dict[str, Any]:
    if group.ec2_launch_template is None:
        return {}
    return group.ec2_launch_template.get_version(group.launch_template_version).data


def _emptiest_subnet(group: Any) -> Any:
    ids = group.vpc_zone_identifier.split(",") if group.vpc_zone_identifier else []
    taken = Counter(state.instance.subnet_id for state in group.instance_states)
    subnet = min(ids, key=lambda one: taken[one], default=None)
    return group.ec2_backend.get_subnet(subnet) if subnet else None


def _security_groups(template: dict[str, Any]) -> list[str]:
    interfaces = template.get("NetworkInterfaces") or []
    return interfaces[0].get("Groups") or [] if interfaces else template.get("SecurityGroupIds") or []


def _public(template: dict[str, Any]) -> bool | None:
    interfaces = template.get("NetworkInterfaces") or []
    public = interfaces[0].get("AssociatePublicIpAddress") if interfaces else None
    return None if public is None else str(public).lower() == "true"


def delete_the_interfaces_of_instances() -> None:
    """The interface that comes with an instance goes with it, else it would lie in a subnet that is to be deleted."""
    original = Instance.terminate

    def terminate(self: Any) -> Any:
        state = original(self)
        for interface in self.nics.values():
            self.ec2_backend.enis.pop(interface.id, None)
        return state

    Instance.terminate = terminate
