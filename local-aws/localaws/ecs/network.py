"""The elastic network interface of a task: a record that DescribeTasks and target groups show, without a data plane."""

from __future__ import annotations

import ipaddress
import random
from dataclasses import dataclass
from typing import Any

from moto.ec2 import ec2_backends
from moto.ec2.exceptions import InvalidNetworkInterfaceIdError
from moto.moto_api._internal import mock_random

from localaws.errors import LocalAwsError


@dataclass
class TaskNetworkInterface:
    account: str
    region: str
    id: str
    subnet_id: str
    address: str
    mac_address: str
    zone: str

    @classmethod
    def attach(
        cls, account: str, region: str, network_configuration: dict[str, Any], zone: str | None = None
    ) -> TaskNetworkInterface:
        """In a subnet of the zone where the task's instance is, if it runs on one."""
        vpc = network_configuration["awsvpcConfiguration"]
        backend = ec2_backends[account][region]
        subnets = [backend.get_subnet(name) for name in vpc["subnets"]]
        near = [subnet for subnet in subnets if zone in (None, subnet.availability_zone)]
        if not near:
            raise LocalAwsError(f"ResourceInitializationError: no subnet of the task is in {zone}, where its instance is")
        subnet = random.choice(near)
        address = _free_address(backend, subnet)
        eni = backend.create_network_interface(
            subnet=subnet.id, private_ip_address=address, group_ids=vpc.get("securityGroups") or [], description="local task"
        )
        eni.status = "in-use"
        return cls(account, region, eni.id, subnet.id, address, eni.mac_address, subnet.availability_zone)

    def detach(self) -> None:
        """Remove the interface, since one that is left would block the deletion of its subnet."""
        try:
            ec2_backends[self.account][self.region].delete_network_interface(self.id)
        except InvalidNetworkInterfaceIdError:
            pass  # its VPC was deleted under the task

    def describe(self, status: str) -> dict[str, Any]:
        details = {
            "subnetId": self.subnet_id,
            "networkInterfaceId": self.id,
            "macAddress": self.mac_address,
            "privateIPv4Address": self.address,
        }
        return {
            "id": str(mock_random.uuid4()),
            "type": "ElasticNetworkInterface",
            "status": status,
            "details": [{"name": name, "value": value} for name, value in details.items()],
        }


def _free_address(backend: Any, subnet: Any) -> str:
    """An address of the subnet that no other interface has; the first four and the last belong to AWS."""
    network = ipaddress.ip_network(subnet.cidr_block)
    taken = {eni.private_ip_address for eni in list(backend.enis.values())}
    while (address := str(network[random.randrange(4, network.num_addresses - 1)])) in taken:
        continue
    return address
