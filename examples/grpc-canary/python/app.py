from aws_cdk import App, Duration, Stack
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_route53 as route53
from aws_cdk import aws_sns as sns
from cdk_ecs_workloads import (
    ClusterIngress,
    DeploymentHook,
    EcsMicroservice,
    FargateCluster,
    ServiceDeployment,
    ServiceProtocol,
    ServiceRoute,
    ServiceScaling,
    TestRoute,
)

app = App(analytics_reporting=False)
stack = Stack(app, "GrpcCanary", description="gRPC behind a canary deployment")

releases = sns.Topic(stack, "Releases", enforce_ssl=True)
platform = FargateCluster(
    stack,
    "Platform",
    alarm_actions=[actions.SnsAction(releases)],
    ingress=ClusterIngress.public_alb(
        domain_name="api.example.com",
        hosted_zone=route53.HostedZone.from_hosted_zone_attributes(
            stack, "Zone", hosted_zone_id="Z0123456789EXAMPLE", zone_name="example.com"
        ),
    ),
)

EcsMicroservice(
    stack,
    "Quotes",
    cluster=platform,
    image=ecs.ContainerImage.from_ecr_repository(
        ecr.Repository.from_repository_name(stack, "Repository", "quotes"), "1.0"
    ),
    protocol=ServiceProtocol.grpc(),
    routes=[ServiceRoute.internet_facing(paths=["/quotes.v1.Quotes/*"])],
    scaling=ServiceScaling.between(2, 20, cpu_percent=60),
    deployment=ServiceDeployment.canary(
        percent=10,
        step_bake_time=Duration.minutes(15),
        bake_time=Duration.minutes(10),
        test_route=TestRoute.header("x-release", "next"),
        hooks=[DeploymentHook.approval(notify=releases, timeout=Duration.hours(4))],
    ),
)
app.synth()
