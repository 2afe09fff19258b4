from aws_cdk import App, CfnOutput, Duration, Stack
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_route53 as route53
from cdk_ecs_workloads import (
    ClusterIngress,
    ClusterProfile,
    ContainerOptions,
    EcsMicroservice,
    FargateCluster,
    ServiceProtocol,
    ServiceRoute,
    ServiceScaling,
)

app = App(analytics_reporting=False)
stack = Stack(app, "SharedIngress", description="Ten services behind one load balancer")

# The zone must be yours: the certificate is validated in it, and shop.example.com is made in it.
hosted_zone = route53.HostedZone.from_hosted_zone_attributes(
    stack, "Zone", hosted_zone_id="Z0123456789", zone_name="example.com"
)
cluster = FargateCluster(
    stack,
    "Platform",
    profile=ClusterProfile.DEVELOPMENT,
    ingress=ClusterIngress.public_alb(domain_name="shop.example.com", hosted_zone=hosted_zone),
)

SERVER = 'require("http").createServer((_, answer) => answer.end(process.env.NAME)).listen(process.env.PORT)'
"""A web server that answers each request with its own name."""


def add(
    name: str,
    *,
    hosts: list[str] | None = None,
    paths: list[str] | None = None,
    protocol: ServiceProtocol | None = None,
) -> None:
    EcsMicroservice(
        stack,
        name,
        cluster=cluster,
        image=ecs.ContainerImage.from_registry("public.ecr.aws/docker/library/node:22-alpine"),
        environment={"NAME": name},
        container=ContainerOptions(command=["node", "-e", SERVER]),
        protocol=protocol,
        routes=[ServiceRoute.internet_facing(hosts=hosts, paths=paths)],
        scaling=ServiceScaling.fixed(1),
    )


# Nobody numbers these rules: hosts decide before paths, and the exact before patterns.
add("Start", hosts=["shop.example.com"])
add(
    "Cart",
    hosts=["shop.example.com"],
    paths=["/cart", "/cart/*"],
    protocol=ServiceProtocol.http1(sticky_for=Duration.hours(1)),
)
add("Checkout", hosts=["shop.example.com"], paths=["/cart/checkout"])
add(
    "Chat",
    hosts=["shop.example.com"],
    paths=["/chat"],
    protocol=ServiceProtocol.web_socket(idle_timeout=Duration.minutes(10)),
)
add("Tenants", hosts=["*.shop.example.com"])
add("Admin", hosts=["admin.shop.example.com"])
add("Users", hosts=["admin.shop.example.com"], paths=["/users/*"])
add("Orders", paths=["/orders", "/orders/*"])
add("Export", paths=["/orders/export"])
add("Images", paths=["/images/*"])

CfnOutput(stack, "Url", value=cluster.public_ingress().url)
app.synth()
