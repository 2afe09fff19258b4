"""The API of service deployments: which there have been, where each stands, and how one is let go on or is stopped."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.ecs.exceptions import InvalidParameterException
from moto.ecs.responses import EC2ContainerServiceResponse

from localaws.ecs import controller, verdict, weights
from localaws.ecs.deployment import Deployment, breaker_threshold
from localaws.ecs.refusing import refusing
from localaws.ecs.scheduler import ServiceScheduler
from localaws.errors import LocalAwsError, NotModelled

_Found = tuple[ServiceScheduler, Deployment]
_SUMMARY = (
    "serviceDeploymentArn",
    "serviceArn",
    "clusterArn",
    "startedAt",
    "createdAt",
    "finishedAt",
    "status",
    "statusReason",
)


def install() -> None:
    for action in (
        list_service_deployments,
        describe_service_deployments,
        describe_service_revisions,
        continue_service_deployment,
        stop_service_deployment,
    ):
        setattr(EC2ContainerServiceResponse, action.__name__, action)


@refusing
def list_service_deployments(self: EC2ContainerServiceResponse) -> ActionResult:
    """Newest first."""
    if self._get_param("createdAt") or self._get_param("nextToken") or self._get_param("maxResults"):
        raise NotModelled("'createdAt', 'nextToken' and 'maxResults' are not modelled by the local AWS: all are listed")
    backend = self.ecs_backend
    cluster = backend._get_cluster(self._get_param("cluster") or "default")
    service = backend._get_service(cluster.name, self._get_param("service").rpartition("/")[2])
    scheduler, statuses = controller.find(service.arn), self._get_param("status") or []
    described = [_describe(scheduler, one) for one in reversed(scheduler.history)] if scheduler else []
    return ActionResult(
        {
            "serviceDeployments": [
                {**_only(one, _SUMMARY), "targetServiceRevisionArn": one["targetServiceRevision"]["arn"]}
                for one in described
                if not statuses or one["status"] in statuses
            ]
        }
    )


@refusing
def describe_service_deployments(self: EC2ContainerServiceResponse) -> ActionResult:
    found = {arn: _find(arn) for arn in self._get_param("serviceDeploymentArns") or []}
    return ActionResult(
        {
            "serviceDeployments": [_describe(*one) for one in found.values() if one is not None],
            "failures": [{"arn": arn, "reason": "MISSING"} for arn, one in found.items() if one is None],
        }
    )


@refusing
def describe_service_revisions(self: EC2ContainerServiceResponse) -> ActionResult:
    asked = self._get_param("serviceRevisionArns") or []
    found = {arn: _find(arn.replace(":service-revision/", ":service-deployment/")) for arn in asked}
    return ActionResult(
        {
            "serviceRevisions": [_revision(*one) for one in found.values() if one is not None],
            "failures": [{"arn": arn, "reason": "MISSING"} for arn, one in found.items() if one is None],
        }
    )


@refusing
def continue_service_deployment(self: EC2ContainerServiceResponse) -> ActionResult:
    """Answers a pause."""
    arn, hook_id = self._get_param("serviceDeploymentArn"), self._get_param("hookId")
    scheduler, deployment = _must_find(arn)
    with scheduler.changed:
        hook = next((hook for hook in deployment.hooks if hook.id == hook_id), None)
        if hook is None or hook.status != "AWAITING_ACTION" or hook.answer is not None:
            raise LocalAwsError(f"The lifecycle hook {hook_id} of {arn} is not awaiting an action.")
        hook.answer = self._get_param("action") or "CONTINUE"
    controller.wake()
    return ActionResult({"serviceDeploymentArn": arn})


@refusing
def stop_service_deployment(self: EC2ContainerServiceResponse) -> ActionResult:
    """Rolls back a deployment that has not come to its end."""
    arn, kind = self._get_param("serviceDeploymentArn"), self._get_param("stopType") or "ROLLBACK"
    if kind != "ROLLBACK":
        raise NotModelled(f"the stop type {kind} of StopServiceDeployment is not modelled by the local AWS, only ROLLBACK")
    scheduler, deployment = _must_find(arn)
    with scheduler.changed:
        if deployment is not scheduler.primary or deployment.outcome is not None or deployment.rolls_back_to is not None:
            raise LocalAwsError(f"The service deployment {arn} is not in progress.")
        verdict.fail(scheduler, "it was stopped by StopServiceDeployment", "stopped by the user.", rollback=True)
    controller.wake()
    return ActionResult({"serviceDeploymentArn": arn})


def _find(deployment_arn: str) -> _Found | None:
    start, _, name = deployment_arn.rpartition("/")
    scheduler = controller.find(start.replace(":service-deployment/", ":service/"))
    if scheduler is None or scheduler.deleted:
        return None
    return next(((scheduler, one) for one in scheduler.history if one.id == f"ecs-svc/{name}"), None)


def _must_find(deployment_arn: str) -> _Found:
    found = _find(deployment_arn)
    if found is None:
        raise InvalidParameterException(f"The service deployment {deployment_arn} was not found.")
    return found


def _describe(scheduler: ServiceScheduler, deployment: Deployment) -> dict[str, Any]:
    """Keys without a value are left out, as ECS does."""
    with scheduler.changed:
        source = deployment.source
        described = {
            "serviceDeploymentArn": deployment.arn_in(scheduler.arn),
            "serviceArn": scheduler.arn,
            "clusterArn": scheduler.cluster_arn,
            "createdAt": deployment.created_at,
            "startedAt": deployment.created_at,
            "finishedAt": deployment.ended_at,
            "updatedAt": deployment.updated_at,
            "sourceServiceRevisions": [_weighed(scheduler, source, 100 - deployment.shifted, 100 - deployment.tested)]
            if source
            else [],
            "targetServiceRevision": _weighed(scheduler, deployment, deployment.shifted, deployment.tested),
            "status": _status(deployment),
            "statusReason": deployment.failure if deployment.rollout_state == "FAILED" else deployment.rollout_reason,
            "lifecycleStage": deployment.stage,
            "lifecycleHookDetails": [hook.describe() for hook in deployment.hooks],
            "deploymentConfiguration": deployment.configuration,
            "rollback": _rollback(scheduler, deployment),
            **_watched(scheduler, deployment),
        }
    return {key: value for key, value in described.items() if value is not None}


def _status(deployment: Deployment) -> str:
    return deployment.outcome or ("ROLLBACK_IN_PROGRESS" if deployment.rolls_back_to else "IN_PROGRESS")


def _rollback(scheduler: ServiceScheduler, deployment: Deployment) -> dict[str, Any] | None:
    back = deployment.rolls_back_to
    if back is None:
        return None
    revision = back.revision_arn_in(scheduler.arn)
    return {"reason": deployment.failure, "startedAt": deployment.failed_at, "serviceRevisionArn": revision}


def _weighed(scheduler: ServiceScheduler, deployment: Deployment, shifted: float, tested: float) -> dict[str, Any]:
    counted = {
        "arn": deployment.revision_arn_in(scheduler.arn),
        "requestedTaskCount": scheduler.desired,
        "runningTaskCount": sum(task.running for task in deployment.tasks),
        "pendingTaskCount": sum(task.pending for task in deployment.tasks),
    }
    if deployment.configuration.get("strategy") not in weights.STRATEGIES:
        return counted
    return {**counted, "requestedProductionTrafficWeight": shifted, "requestedTestTrafficWeight": tested}


def _watched(scheduler: ServiceScheduler, deployment: Deployment) -> dict[str, Any]:
    """What could have stopped the deployment."""
    breaker, alarms = deployment.configuration.get("deploymentCircuitBreaker"), deployment.configuration.get("alarms")
    over, why = deployment.outcome is not None, deployment.failure or ""

    def status(enabled: object, triggered: bool) -> str:
        return "DISABLED" if not enabled else "TRIGGERED" if triggered else "MONITORING_COMPLETE" if over else "MONITORING"

    watched: dict[str, Any] = {}
    if breaker:
        watched["deploymentCircuitBreaker"] = {
            "status": status(breaker.get("enable"), "Circuit Breaker" in why),
            "failureCount": deployment.failed_tasks,
            "threshold": breaker_threshold(scheduler.desired, breaker),
        }
    if alarms:
        triggered = [name for name in alarms.get("alarmNames") or [] if f"alarm detected: {name} " in why]
        watched["alarms"] = {
            "status": status(alarms.get("enable"), bool(triggered)),
            "alarmNames": alarms.get("alarmNames") or [],
            "triggeredAlarmNames": triggered,
        }
    return watched


def _revision(scheduler: ServiceScheduler, deployment: Deployment) -> dict[str, Any]:
    return deployment.revision | {
        "serviceRevisionArn": deployment.revision_arn_in(scheduler.arn),
        "serviceArn": scheduler.arn,
        "clusterArn": scheduler.cluster_arn,
        "createdAt": deployment.created_at,
    }


def _only(described: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: described[key] for key in keys if key in described}
