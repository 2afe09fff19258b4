from aws_cdk import Duration, Size, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ecs as ecs
from cdk_ecs_workloads import (
    AfterSkipped,
    ClusterNetwork,
    ClusterProfile,
    EcsBatchPipeline,
    FargateCluster,
    JobCompute,
    JobCondition,
    OnJobFailure,
)
from constructs import Construct


class TrainingPipelineStack(Stack):
    """A model that is trained, and published if it is good."""

    def __init__(self, scope: Construct, id: str, **kwargs) -> None:
        super().__init__(scope, id, **kwargs)
        cluster = FargateCluster(
            self,
            "Platform",
            profile=ClusterProfile.DEVELOPMENT,
            network=ClusterNetwork.nat_gateways(1),
        )
        image = ecs.ContainerImage.from_registry("public.ecr.aws/docker/library/python:3.12-slim")
        training = EcsBatchPipeline(
            self, "Training", cluster=cluster, on_job_failure=OnJobFailure.FINISH_OTHERS
        )

        train = training.add_job(
            "Train",
            image=image,
            command=["python", "train.py"],
            compute=JobCompute.size(vcpus=4, memory=Size.gibibytes(16)),
            timeout=Duration.hours(6),
            outputs=["model"],
        )
        score = training.add_job(
            "Score",
            image=image,
            command=["python", "score.py"],
            inputs={"model": train.output("model")},
            outputs=["metrics"],
        )
        metrics = score.output("metrics")
        good = JobCondition.all_of(
            [metrics.value("accuracy").is_at_least(0.9), metrics.value("drifted").is_false()]
        )
        publish = training.add_job(
            "Publish",
            image=image,
            command=["python", "publish.py"],
            inputs={"model": train.output("model")},
            when=good,
        )
        search = training.add_job(
            "SearchFeatures",
            image=image,
            command=["python", "search.py"],
            when=JobCondition.none_of([good]),
        )
        training.add_job(
            "Report",
            image=image,
            command=["python", "report.py"],
            after=[publish, search],
            after_skipped=AfterSkipped.RUN_UNLESS_ALL_SKIPPED,
        )

        cloudwatch.Dashboard(
            self,
            "OnCall",
            widgets=[
                [cloudwatch.TextWidget(markdown=training.to_runbook(), width=24, height=12)]
            ],
        )
