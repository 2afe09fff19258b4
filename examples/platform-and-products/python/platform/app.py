from aws_cdk import App, CfnOutput, Stack
from cdk_ecs_workloads import ClusterNetwork, ClusterProfile, ClusterPublication, FargateCluster

# The platform team's app: who deletes it by mistake takes every product down, hence the protection.
app = App(analytics_reporting=False)
stack = Stack(app, "Platform", description="The cluster of all products", termination_protection=True)

cluster = FargateCluster(
    stack,
    "Cluster",
    profile=ClusterProfile.DEVELOPMENT,
    network=ClusterNetwork.nat_gateways(1),
    publication=ClusterPublication(path="/platform", public_ingress=True),
)
CfnOutput(stack, "Url", value=cluster.public_ingress().url)
app.synth()
