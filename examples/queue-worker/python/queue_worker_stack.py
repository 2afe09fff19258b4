from pathlib import Path

from aws_cdk import CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_s3 as s3
from cdk_ecs_workloads import (
    ClusterNetwork,
    ClusterProfile,
    EcsQueueWorker,
    FargateCluster,
    WorkerQueue,
    WorkerScaling,
)
from constructs import Construct

WORKER = Path(__file__).resolve().parent.parent / "worker"


class QueueWorkerStack(Stack):
    """Reports that are rendered by workers: small ones within seconds, yearly ones within an hour."""

    def __init__(self, scope: Construct, id: str, **kwargs) -> None:
        super().__init__(scope, id, **kwargs)
        cluster = FargateCluster(
            self,
            "Platform",
            profile=ClusterProfile.DEVELOPMENT,
            network=ClusterNetwork.nat_gateways(1),
        )
        image = ecs.ContainerImage.from_asset(str(WORKER))
        bucket = s3.Bucket(
            self,
            "Reports",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            removal_policy=RemovalPolicy.DESTROY,
        )

        self.reports = EcsQueueWorker(
            self,
            "ReportWorker",
            cluster=cluster,
            image=image,
            environment={"REPORTS_BUCKET": bucket.bucket_name},
            queue=WorkerQueue.standard(delivery_attempts=3),
            max_message_time=Duration.seconds(30),
            scaling=WorkerScaling.between(0, 10, backlog_per_task=20),
        )
        bulk = self.reports.add_queue("Bulk", WorkerQueue.standard())
        bucket.grant_read_write(self.reports)

        self.yearly = EcsQueueWorker(
            self,
            "YearlyWorker",
            cluster=cluster,
            image=image,
            environment={"REPORTS_BUCKET": bucket.bucket_name},
            max_message_time=Duration.hours(1),
            scaling=WorkerScaling.between(0, 4),
        )
        bucket.grant_read_write(self.yearly)

        CfnOutput(self, "QueueUrl", value=self.reports.queue.queue_url)
        CfnOutput(self, "BulkQueueUrl", value=bulk.queue_url)
        CfnOutput(self, "YearlyQueueUrl", value=self.yearly.queue.queue_url)
        CfnOutput(self, "Bucket", value=bucket.bucket_name)
