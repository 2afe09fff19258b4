from aws_cdk import App, CfnOutput, Stack
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_route53 as route53
from cdk_ecs_workloads import ClusterIngress, ContainerOptions, EcsMicroservice, FargateCluster, ServiceRoute

app = App(analytics_reporting=False)
stack = Stack(app, "PublicService", description="One public service")

platform = FargateCluster(
    stack,
    "Platform",
    ingress=ClusterIngress.public_alb(
        domain_name="www.example.com",
        hosted_zone=route53.HostedZone.from_hosted_zone_attributes(
            stack, "Zone", hosted_zone_id="Z0123456789EXAMPLE", zone_name="example.com"
        ),
    ),
)

EcsMicroservice(
    stack,
    "Web",
    cluster=platform,
    image=ecs.ContainerImage.from_registry("public.ecr.aws/docker/library/httpd:2.4"),
    port=80,
    container=ContainerOptions(writable_paths=["/usr/local/apache2/logs"]),
    routes=[ServiceRoute.internet_facing()],
)

CfnOutput(stack, "Url", value=platform.public_ingress().url)
app.synth()
