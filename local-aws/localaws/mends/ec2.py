"""Mends of EC2."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import EC2Backend
from moto.ec2.models.nat_gateways import NatGateway


def install() -> None:
    delete_the_interface_of_a_nat_gateway()


def delete_the_interface_of_a_nat_gateway() -> None:
    """DeleteNatGateway leaves the gateway's network interface behind, in a subnet that may be gone."""
    original: Any = EC2Backend.delete_nat_gateway

    def delete_nat_gateway(self: EC2Backend, nat_gateway_id: str) -> NatGateway:
        gateway = original(self, nat_gateway_id)
        self.enis.pop(gateway._eni.id, None)
        return gateway

    EC2Backend.delete_nat_gateway = delete_nat_gateway
