"""Whether a deployment has failed, and what then becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.cloudwatch.models import cloudwatch_backends

from localaws.ecs import shifting
from localaws.ecs.deployment import breaker_threshold, declared_again

if TYPE_CHECKING:
    from localaws.ecs.scheduler import ServiceScheduler


def judge(scheduler: ServiceScheduler) -> None:
    """Whether the PRIMARY deployment has failed: by the circuit breaker, or by one of its alarms."""
    deployment, configuration = scheduler.primary, scheduler.declared.get("deploymentConfiguration") or {}
    if deployment.rollout_state != "IN_PROGRESS" or scheduler.deleted or deployment.stage == shifting.CLEAN_UP:
        return
    breaker, alarms = configuration.get("deploymentCircuitBreaker") or {}, configuration.get("alarms") or {}
    if breaker.get("enable") and deployment.failed_tasks >= breaker_threshold(scheduler.desired, breaker):
        fail(
            scheduler,
            "ECS Deployment Circuit Breaker was triggered",
            "tasks failed to start.",
            breaker.get("rollback", False),
        )
    elif alarms.get("enable") and (name := _alarm(scheduler, alarms.get("alarmNames") or [])):
        fail(scheduler, f"alarm detected: {name} is in ALARM", "alarm detected.", alarms.get("rollback", False))


def fail(scheduler: ServiceScheduler, why: str, event: str, rollback: bool) -> None:
    """The PRIMARY deployment is given up; with a version to go back to, that one is PRIMARY again."""
    failed, back = scheduler.primary, scheduler.last_steady
    shifting.end(scheduler, failed)
    failed.failure = f"{why}. {failed.failure or ''}".strip()
    failed.failed(back if rollback and back is not failed else None, rollback)
    scheduler.rollout(failed, "FAILED", f"ECS deployment {failed.id} failed: {event}")
    scheduler.events.add(f"(deployment {failed.id}) deployment failed: {event}")
    if failed.rolls_back_to is not None:
        back = failed.rolls_back_to
        scheduler.events.add(f"rolling back to deployment {back.id}.")
        cause = why.partition(":")[0].replace("ECS Deployment Circuit Breaker was triggered", "circuit breaker")
        scheduler.rollout(back, "IN_PROGRESS", f"ECS deployment {cause}: rolling back to deploymentId {back.id}.")
        scheduler.declared = declared_again(scheduler.declared, back.revision)
        scheduler.promote(back)


def _alarm(scheduler: ServiceScheduler, names: list[str]) -> str | None:
    known = cloudwatch_backends[scheduler.account][scheduler.region].alarms
    return next((name for name in names if name in known and known[name].state_value == "ALARM"), None)
