import jsii
from aws_cdk import App, Duration, Stack
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_secretsmanager as secretsmanager
from aws_cdk import aws_sns as sns
from cdk_ecs_workloads import (
    ContainerOptions,
    EcsMicroservice,
    FargateCluster,
    IEcsWorkload,
    IWorkloadExtension,
    OpenTelemetryCollector,
    SidecarRole,
    TaskSize,
)
from constructs import Construct


@jsii.implements(IWorkloadExtension)
class Archive:
    """Gives a workload a bucket to write to, and tells it the name."""

    def extend(self, scope: Construct, workload: IEcsWorkload) -> None:
        bucket = s3.Bucket(scope, "Bucket", enforce_ssl=True)
        bucket.grant_put(workload)
        workload.add_environment("ARCHIVE", bucket.bucket_name)


app = App(analytics_reporting=False)
stack = Stack(app, "Billing", description="A service with a sidecar, secrets, and an extension of its own")
on_call = sns.Topic(stack, "OnCall", enforce_ssl=True)
database = secretsmanager.Secret(stack, "Database")

billing = EcsMicroservice(
    stack,
    "Billing",
    cluster=FargateCluster(stack, "Platform", alarm_actions=[actions.SnsAction(on_call)]),
    image=ecs.ContainerImage.from_registry("public.ecr.aws/nginx/nginx-unprivileged:1.29"),
    size=TaskSize.small(architecture=ecs.CpuArchitecture.ARM64),
    secrets={"DB_PASSWORD": ecs.Secret.from_secrets_manager(database, "password")},
    container=ContainerOptions(user="101", writable_paths=["/tmp", "/var/cache/nginx"]),
)
billing.deployments.preflight()
billing.deployments.before_deploy("Migrate", command=["sh", "migrate.sh"], timeout=Duration.minutes(10), environment={"STEP": "expand"})
billing.redeploy_on_rotation(quiet_time=Duration.minutes(5))
billing.add_sidecar(
    "Proxy",
    image=ecs.ContainerImage.from_registry("public.ecr.aws/docker/library/haproxy:3.2-alpine"),
    role=SidecarRole.PROXY,
    port=9901,
)
billing.add_extension("Tracing", OpenTelemetryCollector())
billing.add_extension("Archive", Archive())
app.synth()
