from typing import cast

from aws_cdk import App, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_ecs_patterns as patterns
from aws_cdk import aws_elasticloadbalancingv2 as elbv2
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_route53_targets as targets
from cdk_ecs_workloads import (
    ClusterIngress,
    ClusterNetwork,
    EcsMicroservice,
    FargateCluster,
    ServiceRoute,
    SharedIngress,
    TaskSize,
)

NAME = "orders.example.com"

app = App(analytics_reporting=False)
stack = Stack(app, "FromEcsPatterns", description="The old service and the new one, with weights between them")

vpc = ec2.Vpc(stack, "Vpc", max_azs=2)
zone = route53.HostedZone.from_hosted_zone_attributes(
    stack, "Zone", hosted_zone_id="Z0123456789EXAMPLE", zone_name="example.com"
)
certificate = acm.Certificate(
    stack, "Certificate", domain_name=NAME, validation=acm.CertificateValidation.from_dns(zone)
)
image = ecs.ContainerImage.from_ecr_repository(
    ecr.Repository.from_repository_name(stack, "Repository", "orders"), "1.0"
)

old = patterns.ApplicationLoadBalancedFargateService(
    stack,
    "Orders",
    cluster=ecs.Cluster(stack, "OldCluster", vpc=vpc),
    cpu=512,
    memory_limit_mib=1024,
    desired_count=2,
    min_healthy_percent=100,
    certificate=certificate,
    task_image_options=patterns.ApplicationLoadBalancedTaskImageOptions(
        image=image, container_port=8080, environment={"STAGE": "prod"}
    ),
)

platform = FargateCluster(
    stack,
    "Platform",
    network=ClusterNetwork.existing(vpc),
    ingress=ClusterIngress.public_alb(certificates=[certificate]),
)
EcsMicroservice(
    stack,
    "OrdersService",
    cluster=platform,
    image=image,
    size=TaskSize.of(512, 1024),
    environment={"STAGE": "prod"},
    routes=[ServiceRoute.internet_facing(hosts=[NAME])],
)

new_share = int(app.node.try_get_context("newShare") or 0)
"""Of a hundred requests, so many go to the new service."""


def record(id: str, load_balancer: elbv2.ILoadBalancerV2, weight: int) -> None:
    route53.ARecord(
        stack,
        id,
        zone=zone,
        record_name=NAME,
        target=route53.RecordTarget.from_alias(targets.LoadBalancerTarget(load_balancer)),
        weight=weight,
        set_identifier=id,
    )


record("Old", old.load_balancer, 100 - new_share)
# a load balancer of this app, so that its L2 object is at hand.
record("New", cast(SharedIngress, platform.public_ingress()).load_balancer, new_share)
app.synth()
