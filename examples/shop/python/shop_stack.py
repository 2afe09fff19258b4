from pathlib import Path

from aws_cdk import CfnOutput, Duration, RemovalPolicy, Size, Stack
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_s3_assets as assets
from aws_cdk import aws_secretsmanager as secretsmanager
from cdk_ecs_workloads import (
    ClusterNetwork,
    ClusterProfile,
    ContainerOptions,
    EcsBatchPipeline,
    EcsMicroservice,
    FanOut,
    FargateCluster,
    JobCompute,
    ServiceHealthCheck,
    ServiceRoute,
)
from constructs import Construct

SHOP = Path(__file__).resolve().parents[1]

SHARDS = 4
"""Into how many pieces the pipeline cuts its input: Clean works on all of them at once."""


class ShopStack(Stack):
    """A public storefront, the orders service behind it, and a pipeline that learns what diamonds cost."""

    def __init__(self, scope: Construct, id: str, *, profile: ClusterProfile, **kwargs) -> None:
        super().__init__(scope, id, **kwargs)
        self.keeps_data = profile == ClusterProfile.PRODUCTION
        self.platform = FargateCluster(self, "Platform", profile=profile, network=ClusterNetwork.nat_gateways(1))
        self.add_services()
        self.add_pipeline()

    def add_services(self) -> None:
        password = secretsmanager.Secret(
            self,
            "DatabasePassword",
            description="The password with which orders would reach its database",
            generate_secret_string=secretsmanager.SecretStringGenerator(password_length=32, exclude_punctuation=True),
            removal_policy=RemovalPolicy.RETAIN if self.keeps_data else RemovalPolicy.DESTROY,
        )
        orders = EcsMicroservice(
            self,
            "Orders",
            cluster=self.platform,
            image=ecs.ContainerImage.from_asset(str(SHOP / "services" / "orders")),
            secrets={"DB_PASSWORD": ecs.Secret.from_secrets_manager(password)},
            container=ContainerOptions(
                health_check=ecs.HealthCheck(command=["CMD", "node", "health.js"], interval=Duration.seconds(10))
            ),
        )
        storefront = EcsMicroservice(
            self,
            "Storefront",
            cluster=self.platform,
            image=ecs.ContainerImage.from_asset(str(SHOP / "services" / "storefront")),
            routes=[ServiceRoute.internet_facing(paths=["/*"])],
            health_check=ServiceHealthCheck(path="/healthz"),
        )
        storefront.connect_to(orders)

        ingress = self.platform.public_ingress()
        CfnOutput(self, "StorefrontUrl", value=ingress.url)
        CfnOutput(self, "ListenerArn", value=ingress.listener_arn)
        CfnOutput(self, "ClusterName", value=self.platform.cluster.cluster_name)
        CfnOutput(self, "StorefrontServiceName", value=storefront.service.service_name)
        CfnOutput(self, "StorefrontLogGroup", value=storefront.log_group.log_group_name)
        CfnOutput(self, "OrdersServiceName", value=orders.service.service_name)
        CfnOutput(self, "OrdersLogGroup", value=orders.log_group.log_group_name)

    def add_pipeline(self) -> None:
        diamonds = assets.Asset(self, "Diamonds", path=str(SHOP / "data" / "diamonds.csv"))
        image = ecs.ContainerImage.from_asset(str(SHOP / "pipeline"))
        environment = {"SHARDS": str(SHARDS)}

        pricing = EcsBatchPipeline(self, "Pricing", cluster=self.platform)
        extract = pricing.add_job(
            "Extract",
            image=image,
            command=["python", "extract.py"],
            environment={**environment, "SOURCE_BUCKET": diamonds.s3_bucket_name, "SOURCE_KEY": diamonds.s3_object_key},
            outputs=["raw"],
        )
        clean = pricing.add_job(
            "Clean",
            image=image,
            command=["python", "clean.py"],
            fan_out=FanOut.array(SHARDS),
            inputs={"raw": extract.output("raw")},
            outputs=["clean"],
        )
        pricing.add_job(
            "Train",
            image=image,
            command=["python", "train.py"],
            environment=environment,
            compute=JobCompute.size(vcpus=1, memory=Size.gibibytes(2)),
            inputs={"clean": clean.output("clean")},
            outputs=["model"],
        )
        diamonds.grant_read(extract)

        CfnOutput(self, "StateMachineArn", value=pricing.state_machine.state_machine_arn)
        CfnOutput(self, "ResultsBucket", value=pricing.artifact_bucket.bucket_name)
        CfnOutput(self, "ResultsPrefix", value=pricing.artifact_prefix)
        CfnOutput(self, "PricingLogGroup", value=pricing.log_group.log_group_name)
