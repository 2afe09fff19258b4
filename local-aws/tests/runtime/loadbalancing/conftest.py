from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from localaws import loadbalancing
from localaws.loadbalancing import eventloop, messages
from runtime.waiting import eventually


class Target:
    """A server on loopback that tells what it was asked, or misbehaves where the path says so."""

    def __init__(self, name: str) -> None:
        self.name, self.connections, self.status = name, 0, 200
        self._server = eventloop.call(self._serve())
        self.port = self._server.sockets[0].getsockname()[1]

    async def _serve(self) -> asyncio.Server:
        return await asyncio.start_server(self._connected, "127.0.0.1", 0)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while (request := await messages.read_request(reader)) is not None:
                if not await self._answer(request, reader, writer):
                    break
        except OSError:
            pass  # a client may go away at any time
        finally:
            writer.close()

    async def _answer(self, request: messages.Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        if request.path == "/break":
            return False
        if request.path == "/hang":
            await asyncio.sleep(60)
        if request.path == "/half":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            return False
        if request.path == "/early":
            writer.write(b"HTTP/1.1 413 Payload Too Large\r\nContent-Length: 8\r\n\r\ntoo much")
            return False
        if request.path == "/stream":
            writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
            await asyncio.sleep(0.3)
            writer.write(b"6\r\nsecond\r\n0\r\n\r\n")
            return True
        if request.path == "/until-close":
            writer.write(b"HTTP/1.0 200 OK\r\n\r\nall of it")
            return False
        if "websocket" in request.headers.tokens("upgrade"):
            writer.write(b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
            writer.write(b"echo " + await reader.read(100))
            while request.path == "/chat" and (piece := await reader.read(100)):
                writer.write(b"echo " + piece)
            return False
        body = b"".join([piece async for piece in request.body.read(reader)])
        told = {
            "target": self.name,
            "method": request.method,
            "url": request.target,
            "headers": request.headers.lines,
            "body": len(body),
        }
        content = b"" if request.path == "/nothing" else json.dumps(told).encode()
        status = self.status if request.path == "/" else 204 if request.path == "/nothing" else 200
        lines = [] if status == 204 else [("Content-Length", str(len(content)))]
        writer.write(
            messages.head_bytes(
                f"HTTP/1.1 {status} Whatever", [*lines, ("X-Served-By", self.name), ("Keep-Alive", "timeout=5")]
            )
        )
        writer.write(b"" if request.method == "HEAD" else content)
        await writer.drain()
        return True

    def close(self) -> None:
        eventloop.call(_close(self._server))


async def _close(server: asyncio.Server) -> None:
    server.close()


class Balancers:
    """Load balancers, listeners and target groups over the API, with targets of this process behind them."""

    def __init__(self, local: Any) -> None:
        self.elb, self._targets = local.client("elbv2"), []
        ec2 = local.client("ec2")
        self.vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.subnets = [
            ec2.create_subnet(VpcId=self.vpc, CidrBlock=f"10.0.{i}.0/24", AvailabilityZone=f"us-east-1{z}")["Subnet"][
                "SubnetId"
            ]
            for i, z in enumerate("ab")
        ]
        self.created: list[str] = []

    def balancer(self, type_: str = "application") -> dict[str, Any]:
        made = self.elb.create_load_balancer(Name=f"b{uuid.uuid4().hex[:8]}", Subnets=self.subnets, Type=type_)[
            "LoadBalancers"
        ][0]
        self.created.append(made["LoadBalancerArn"])
        return made

    def group(self, *targets: Target, protocol: str = "HTTP", wait: bool = True, **settings: Any) -> str:
        arn = self.elb.create_target_group(
            Name=f"g{uuid.uuid4().hex[:8]}",
            Protocol=protocol,
            Port=80,
            VpcId=self.vpc,
            TargetType="ip",
            HealthCheckIntervalSeconds=5,
            HealthCheckTimeoutSeconds=4,
            **settings,
        )["TargetGroups"][0]["TargetGroupArn"]
        if targets:
            self.elb.register_targets(
                TargetGroupArn=arn, Targets=[{"Id": "127.0.0.1", "Port": target.port} for target in targets]
            )
            if wait:
                eventually(lambda: self.states(arn) == ["healthy"] * len(targets), "all targets are healthy")
        return arn

    def states(self, group: str) -> list[str]:
        return [
            one["TargetHealth"]["State"]
            for one in self.elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
        ]

    def target(self, name: str = "one") -> Target:
        self._targets.append(Target(name))
        return self._targets[-1]

    def listener(
        self, action: dict[str, Any], port: int = 80, protocol: str = "HTTP", balancer: dict[str, Any] | None = None
    ) -> tuple[str, str]:
        balancer = balancer or self.balancer()
        arn = self.elb.create_listener(
            LoadBalancerArn=balancer["LoadBalancerArn"], Protocol=protocol, Port=port, DefaultActions=[action]
        )["Listeners"][0]["ListenerArn"]
        return arn, next(one["url"] for one in loadbalancing.endpoints() if one["listenerArn"] == arn)

    def rule(self, listener: str, priority: int, action: dict[str, Any], **config: Any) -> None:
        self.elb.create_rule(ListenerArn=listener, Priority=priority, Actions=[action], Conditions=[config])

    def clean_up(self) -> None:
        for arn in self.created:
            self.elb.delete_load_balancer(LoadBalancerArn=arn)
        for target in self._targets:
            target.close()


@pytest.fixture
def balancers(local_aws) -> Iterator[Balancers]:
    made = Balancers(local_aws)
    yield made
    made.clean_up()
