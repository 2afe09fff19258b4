"""Mends of moto: what it does unlike AWS, and what a deployment would stumble over. One file a service, one function
a fault.
"""

from __future__ import annotations

from localaws.mends import (
    applicationautoscaling,
    autoscaling,
    batch,
    cloudtrail,
    cloudwatch,
    configuration,
    ec2,
    ecs,
    logs,
    s3,
    sqs,
    stepfunctions,
)

_SERVICES = (
    configuration,
    applicationautoscaling,
    autoscaling,
    batch,
    cloudtrail,
    cloudwatch,
    ec2,
    ecs,
    logs,
    s3,
    sqs,
    stepfunctions,
)


def install() -> None:
    for service in _SERVICES:
        service.install()
