"""Mends of moto: what it does unlike AWS, and what a deployment would stumble over. One file a service, one function
a fault.
"""

from __future__ import annotations

from localaws.mends import autoscaling, applicationautoscaling, batch, cloudtrail, cloudwatch, configuration, ec2, ecs, s3, sqs, stepfunctions


def install() -> None:
    for service in (configuration, applicationautoscaling, batch, cloudtrail, cloudwatch, ec2, ecs, s3, sqs, stepfunctions):
        service.install()
