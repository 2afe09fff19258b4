from aws_cdk import App, Duration, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from cdk_ecs_workloads import (
    ContainerOptions,
    EcsMicroservice,
    EcsTask,
    FargateCluster,
    IngressAttributes,
    PriorityRange,
    ServiceRoute,
)

app = App(analytics_reporting=False)
stack = Stack(app, "ExistingCluster", description="A service in a cluster that is there already")

vpc = ec2.Vpc.from_vpc_attributes(
    stack,
    "Vpc",
    vpc_id="vpc-0123456789abcdef0",
    availability_zones=["eu-west-1a", "eu-west-1b"],
    private_subnet_ids=["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    private_subnet_route_table_ids=["rtb-0123456789abcdef0", "rtb-0123456789abcdef1"],
)
platform = FargateCluster.from_attributes(
    stack,
    "Platform",
    cluster_name="production",
    vpc=vpc,
    public_ingress=IngressAttributes(
        listener_arn="arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/production/0123456789abcdef/fedcba9876543210",
        load_balancer_full_name="app/production/0123456789abcdef",
        security_group_id="sg-0123456789abcdef0",
        url="https://api.example.com",
        idle_timeout=Duration.seconds(60),
        priorities=PriorityRange(first=20000, last=29999),
    ),
)

image = ecs.ContainerImage.from_ecr_repository(
    ecr.Repository.from_repository_name(stack, "Repository", "invoices"), "1.0"
)
EcsMicroservice(
    stack,
    "Invoices",
    cluster=platform,
    image=image,
    routes=[ServiceRoute.internet_facing(hosts=["api.example.com"], paths=["/invoices", "/invoices/*"])],
)
EcsTask(stack, "Reindex", cluster=platform, image=image, container=ContainerOptions(command=["reindex"]))
app.synth()
