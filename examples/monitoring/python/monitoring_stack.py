from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sns as sns
from cdk_ecs_workloads import (
    ClusterNetwork,
    EcsMicroservice,
    EcsQueueWorker,
    EcsTask,
    FargateCluster,
    ServiceRoute,
    TaskTrigger,
)
from constructs import Construct


class MonitoringStack(Stack):
    """A shop that is watched: the alarms that come by themselves, an objective, alarms of its own, and a dashboard made from `metrics` and `alarms`."""

    def __init__(self, scope: Construct, id: str, **kwargs) -> None:
        super().__init__(scope, id, **kwargs)
        on_call = actions.SnsAction(sns.Topic(self, "OnCall"))
        cluster = FargateCluster(
            self, "Platform", network=ClusterNetwork.nat_gateways(1), alarm_actions=[on_call]
        )
        image = ecs.ContainerImage.from_registry("public.ecr.aws/docker/library/python:3.13-slim")

        orders = EcsMicroservice(
            self,
            "Orders",
            cluster=cluster,
            image=image,
            routes=[ServiceRoute.internet_facing(paths=["/orders/*"])],
        )
        mailer = EcsQueueWorker(self, "Mailer", cluster=cluster, image=image)
        report = EcsTask(
            self,
            "Report",
            cluster=cluster,
            image=image,
            trigger=TaskTrigger.schedule(scheduler.ScheduleExpression.cron(hour="3", minute="0")),
        )

        orders.alarms.add_slo(availability_percent=99.9, latency=Duration.millis(300))

        # alarms of one's own, on what is measured anyway
        orders.metrics.request_count(period=Duration.minutes(5)).create_alarm(
            self,
            "Rush",
            threshold=60_000,
            evaluation_periods=2,
            alarm_description="Twice the requests of a sale. Look first whether it is one.",
        ).add_alarm_action(on_call)

        # one alarm for what customers feel: it wakes a second person, too
        wake = actions.SnsAction(sns.Topic(self, "SecondLine"))
        cloudwatch.CompositeAlarm(
            self,
            "Customers",
            alarm_description="Orders fail, or mails are late. Look first which of the two, and then at its own alarm.",
            alarm_rule=cloudwatch.AlarmRule.any_of(
                orders.alarms.named("Slo/OutageAlarm"), mailer.alarms.named("OldestMessageAlarm")
            ),
        ).add_alarm_action(wake)

        cloudwatch.Dashboard(self, "Dashboard").add_widgets(
            cloudwatch.AlarmStatusWidget(alarms=[*orders.alarms.all, *mailer.alarms.all, *report.alarms.all], width=24),
            cloudwatch.GraphWidget(
                title="Orders", left=[orders.metrics.request_count(), orders.metrics.server_error_count()], width=8
            ),
            cloudwatch.GraphWidget(
                title="Mails",
                left=[mailer.metrics.waiting_message_count(), mailer.metrics.finished_message_count()],
                width=8,
            ),
            cloudwatch.GraphWidget(
                title="Report",
                left=[report.metrics.duration(statistic="Maximum", period=Duration.days(1))],
                width=8,
            ),
        )
