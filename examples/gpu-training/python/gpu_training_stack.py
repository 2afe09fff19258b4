from pathlib import Path

from aws_cdk import CfnOutput, Duration, Size, Stack
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_s3 as s3
from cdk_ecs_workloads import (
    BatchCapacity,
    BatchCompute,
    ClusterNetwork,
    ClusterProfile,
    EcsBatchPipeline,
    FanOut,
    FargateCluster,
    JobCompute,
    JobSpot,
    PipelineCeiling,
)
from constructs import Construct


class GpuTrainingStack(Stack):
    """A model that is trained on GPUs, on Spot as far as may be."""

    def __init__(self, scope: Construct, id: str, **kwargs) -> None:
        super().__init__(scope, id, **kwargs)
        cluster = FargateCluster(
            self,
            "Platform",
            profile=ClusterProfile.DEVELOPMENT,
            network=ClusterNetwork.nat_gateways(1),
        )
        image = ecs.ContainerImage.from_asset(str(Path(__file__).parent.parent / "training"))
        data = s3.Bucket.from_bucket_name(self, "Data", "training-data")

        # one GPU of 48 GB, and of 24 GB where there is none; kept for the next run, since the image is large
        gpus = BatchCompute(
            self,
            "Gpus",
            cluster=cluster,
            capacity=BatchCapacity.gpu(
                instance_types=["g6e"],
                max_vcpus=32,
                keep_warm=Duration.minutes(30),
                disk_size=Size.gibibytes(200),
            ),
        )
        gpus.add_fallback(BatchCapacity.gpu(instance_types=["g6", "g5"], max_vcpus=32))

        training = EcsBatchPipeline(
            self,
            "Training",
            cluster=cluster,
            max_vcpus=32,
            ceiling=PipelineCeiling(vcpu_hours=2000, gpu_hours=150),
        )
        prepare = training.add_job(
            "Prepare",
            image=image,
            command=["prepare"],
            outputs=["shards"],
            fan_out=FanOut.array(8),
            timeout=Duration.hours(2),
        )
        data.grant_read(prepare)
        train = training.add_job(
            "Train",
            image=image,
            command=["train"],
            inputs={"shards": prepare.output("shards")},
            outputs=["model"],
            compute=JobCompute.on(
                gpus,
                gpus=1,
                vcpus=4,
                memory=Size.gibibytes(14),
                spot=JobSpot.then_on_demand(attempts=5, checkpoint=True),
            ),
            timeout=Duration.hours(12),
        )
        training.add_job(
            "Score",
            image=image,
            command=["score"],
            inputs={"model": train.output("model")},
            outputs=["metrics"],
            timeout=Duration.hours(1),
        )

        CfnOutput(self, "StateMachine", value=training.state_machine.state_machine_arn)
        CfnOutput(
            self,
            "GpuHours",
            value=f"{training.estimate().gpu_hours:g}",
            description="What an execution uses at worst",
        )
