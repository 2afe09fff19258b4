from aws_cdk import App, Stack
from aws_cdk import aws_ecs as ecs
from cdk_ecs_workloads import (
    ClusterProfile,
    ContainerOptions,
    EcsBatchPipeline,
    EcsMicroservice,
    FargateCluster,
    RoutePriorities,
    ServiceRoute,
)

app = App(analytics_reporting=False)
stack = Stack(app, "Reports", description="A product: reports, and the pipeline that makes them")

# Read when the stack is deployed. The platform team has given this app band 2.
cluster = FargateCluster.from_parameters(
    stack,
    "Platform",
    "/platform",
    zones=2,
    priorities=RoutePriorities.band(2),
    profile=ClusterProfile.DEVELOPMENT,
)

EcsMicroservice(
    stack,
    "Viewer",
    cluster=cluster,
    image=ecs.ContainerImage.from_registry("public.ecr.aws/docker/library/node:22-alpine"),
    container=ContainerOptions(
        command=[
            "node",
            "-e",
            'require("http").createServer((_, answer) => answer.end("reports")).listen(process.env.PORT)',
        ]
    ),
    routes=[ServiceRoute.internet_facing(paths=["/reports", "/reports/*"])],
)

nightly = EcsBatchPipeline(stack, "Nightly", cluster=cluster)
python = ecs.ContainerImage.from_registry("public.ecr.aws/docker/library/python:3.12-slim")
collect = nightly.add_job("Collect", image=python, command=["python", "-c", 'print("collected")'])
nightly.add_job("Render", image=python, command=["python", "-c", 'print("rendered")'], after=[collect])
app.synth()
