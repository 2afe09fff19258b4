from aws_cdk import App, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_ecs as ecs
from cdk_ecs_workloads import (
    ClusterCapacity,
    ClusterNetwork,
    EcsMicroservice,
    FargateCluster,
    ServiceCapacity,
    ServiceScaling,
    TaskSize,
)

app = App(analytics_reporting=False)
stack = Stack(app, "Compute", description="A network with endpoints, and instances beside Fargate")


def image(name: str) -> ecs.ContainerImage:
    """Nothing leads to the internet, so images come from Amazon ECR."""
    repository = ecr.Repository.from_repository_name(stack, f"{name}Repository", name.lower())
    return ecs.ContainerImage.from_ecr_repository(repository, "1.0")


platform = FargateCluster(stack, "Platform", network=ClusterNetwork.vpc_endpoints())
general = platform.add_capacity(
    "General", ClusterCapacity.ec2(instance_types=[ec2.InstanceType("m7g.large")], min=1, max=10)
)
gpu = platform.add_capacity("Gpu", ClusterCapacity.ec2(instance_types=[ec2.InstanceType("g6.xlarge")], max=4))

EcsMicroservice(stack, "Web", cluster=platform, image=image("Web"))
EcsMicroservice(stack, "Search", cluster=platform, image=image("Search"), capacity=ServiceCapacity.on(general))
EcsMicroservice(
    stack,
    "Agent",
    cluster=platform,
    image=image("Agent"),
    capacity=ServiceCapacity.on(general),
    scaling=ServiceScaling.daemon(),
)
EcsMicroservice(
    stack,
    "Inference",
    cluster=platform,
    image=image("Inference"),
    size=TaskSize.on_instances(2048, 12000, gpus=1),
    capacity=ServiceCapacity.on(gpu),
)
app.synth()
