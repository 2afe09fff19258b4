from pathlib import Path

from aws_cdk import Duration, RemovalPolicy, Stack, TimeZone
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_scheduler as scheduler
from cdk_ecs_workloads import (
    ClusterNetwork,
    ClusterProfile,
    EcsTask,
    FargateCluster,
    RunOverlap,
    TaskTrigger,
)
from constructs import Construct

REPORT = Path(__file__).resolve().parent.parent / "report"


class NightlyTaskStack(Stack):
    """A report that is written every night, and by hand."""

    def __init__(self, scope: Construct, id: str, **kwargs) -> None:
        super().__init__(scope, id, **kwargs)
        cluster = FargateCluster(
            self,
            "Platform",
            profile=ClusterProfile.DEVELOPMENT,
            network=ClusterNetwork.nat_gateways(1),
        )
        bucket = s3.Bucket(
            self,
            "Reports",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            removal_policy=RemovalPolicy.DESTROY,
        )

        nightly = scheduler.ScheduleExpression.cron(hour="3", minute="0", time_zone=TimeZone.EUROPE_ROME)
        report = EcsTask(
            self,
            "Report",
            cluster=cluster,
            image=ecs.ContainerImage.from_asset(str(REPORT)),
            environment={"REPORTS_BUCKET": bucket.bucket_name},
            trigger=TaskTrigger.schedule(nightly, flexible_window=Duration.minutes(15)),
            overlap=RunOverlap.skip(),
            timeout=Duration.hours(2),
            retries=2,
        )
        bucket.grant_write(report)

        monthly = scheduler.ScheduleExpression.cron(day="1", hour="5", minute="0", time_zone=TimeZone.EUROPE_ROME)
        report.add_trigger("Monthly", TaskTrigger.schedule(monthly, command=["month"]))

        accounting = iam.Role(self, "Accounting", assumed_by=iam.AccountRootPrincipal())
        report.grants.run(accounting)
        report.grants.stop(accounting)
