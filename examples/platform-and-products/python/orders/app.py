from aws_cdk import App, Stack
from aws_cdk import aws_ecs as ecs
from cdk_ecs_workloads import (
    ClusterProfile,
    ContainerOptions,
    EcsMicroservice,
    FargateCluster,
    RoutePriorities,
    ServiceRoute,
)

ORDERS = """\
require("http").createServer(async (request, answer) => {
  if (request.url === "/") return answer.end("well");
  const stock = await (await fetch(process.env.STOCK_URL)).text();
  answer.end('orders, with ' + stock + ' pieces in stock');
}).listen(process.env.PORT)"""

app = App(analytics_reporting=False)
stack = Stack(app, "Orders", description="A product: orders, and the stock behind them")

# Read when the stack is deployed. The platform team has given this app band 1.
cluster = FargateCluster.from_parameters(
    stack,
    "Platform",
    "/platform",
    zones=2,
    priorities=RoutePriorities.band(1),
    profile=ClusterProfile.DEVELOPMENT,
)
image = ecs.ContainerImage.from_registry("public.ecr.aws/docker/library/node:22-alpine")

stock = EcsMicroservice(
    stack,
    "Stock",
    cluster=cluster,
    image=image,
    container=ContainerOptions(
        command=[
            "node",
            "-e",
            'require("http").createServer((_, answer) => answer.end("42")).listen(process.env.PORT)',
        ]
    ),
)
orders = EcsMicroservice(
    stack,
    "Orders",
    cluster=cluster,
    image=image,
    container=ContainerOptions(command=["node", "-e", ORDERS]),
    routes=[ServiceRoute.internet_facing(paths=["/orders", "/orders/*"])],
)
orders.connect_to(stock)
app.synth()
