"""Deployments that shift requests: BLUE_GREEN, CANARY and LINEAR, stage by stage, as ECS documents them.

A service has two target groups behind one listener rule. The tasks of the version that runs are in one of them, those of
the next version go to the other, and the weights of the rule move from one to the other.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from localaws import pace
from localaws.ecs import lifecyclehooks, weights
from localaws.ecs.deployment import Deployment
from localaws.ecs.lifecyclehooks import Stopped

if TYPE_CHECKING:
    from localaws.ecs.scheduler import ServiceScheduler

_log = logging.getLogger(__name__)

_WITHOUT_TASKS = (None, "RECONCILE_SERVICE", "PRE_SCALE_UP")
"""Until then the new version has no tasks."""

CLEAN_UP = "CLEAN_UP"
"""The old version stops: there is nothing left to go back to."""


def lasts(declared: dict[str, Any]) -> float:
    """How long, in local seconds, the steps, the bake time and the pauses may take at most."""
    configuration = declared.get("deploymentConfiguration") or {}
    if not weights.shifts(declared):
        return 0.0
    steps = weights.steps(configuration)
    minutes = sum(step.minutes for step in steps) + int(configuration.get("bakeTimeInMinutes") or 0)
    for hook in configuration.get("lifecycleHooks") or []:
        times = [len(steps) if stage == "PRE_PRODUCTION_TRAFFIC_SHIFT" else 1 for stage in hook["lifecycleStages"]]
        minutes += lifecyclehooks.pause_minutes(hook) * sum(times)
    return pace.compressed(minutes * 60, at_least=0)


def new_deployment(scheduler: ServiceScheduler, revision: dict[str, Any], names: dict[str, str] | None) -> Deployment:
    """Its tasks go to the target group that the version that runs is not in."""
    configuration = scheduler.declared.get("deploymentConfiguration") or {}
    deployment = Deployment(revision, names, configuration, scheduler.last_steady)
    if weights.shifts(scheduler.declared):
        deployment.color = 1 - deployment.source.color if deployment.source else 0
        deployment.shift = _run(scheduler, deployment)
    scheduler.history.append(deployment)
    return deployment


def _run(scheduler: ServiceScheduler, deployment: Deployment) -> Iterator[None]:
    """Each turn is one look at the service; it ends when the old version may go, and raises `Stopped` if it must not."""
    configuration, region = deployment.configuration, scheduler.region
    revision, color = deployment.revision, deployment.color

    def at(stage: str) -> Iterator[None]:
        deployment.stage = stage
        yield from lifecyclehooks.run(scheduler, deployment, stage)

    if interrupted := _interrupted(scheduler, deployment):
        yield from at("RECONCILE_SERVICE")
        yield from _until_gone(scheduler, interrupted)
    yield from at("PRE_SCALE_UP")
    deployment.stage = "SCALE_UP"
    while not len(deployment.ready) == len(deployment.active) == scheduler.desired:
        yield
    yield from at("POST_SCALE_UP")
    weights.weigh(region, revision, color, rule=weights.TEST)
    deployment.tested = 100.0
    yield from at("TEST_TRAFFIC_SHIFT")
    yield from at("POST_TEST_TRAFFIC_SHIFT")
    # the first version of a service takes requests from nobody, so that all come to it at once
    for step in weights.steps(configuration) if deployment.source else weights.ALL_AT_ONCE:
        yield from at("PRE_PRODUCTION_TRAFFIC_SHIFT")
        weights.weigh(region, revision, color, step.percent)
        deployment.shifted = step.percent
        yield from at("PRODUCTION_TRAFFIC_SHIFT")
        yield from _pass(step.minutes)
    yield from at("POST_PRODUCTION_TRAFFIC_SHIFT")
    deployment.stage = "BAKE_TIME"
    yield from _pass(int(configuration.get("bakeTimeInMinutes") or 0))


def _interrupted(scheduler: ServiceScheduler, deployment: Deployment) -> list[Deployment]:
    """Versions that a deployment before this one has left behind: they stand where the new one is to go."""
    kept = (deployment, scheduler.last_steady)
    return [one for one in scheduler.deployments if one not in kept and one.tasks]


def _until_gone(scheduler: ServiceScheduler, deployments: list[Deployment]) -> Iterator[None]:
    while any(one.tasks for one in deployments):
        for one in deployments:
            scheduler.retire(one.active, "Superseded by another deployment")
        yield


def advance(scheduler: ServiceScheduler, deployment: Deployment) -> str | None:
    """One turn; why the deployment does not go on."""
    assert deployment.shift is not None
    try:
        next(deployment.shift)
    except StopIteration:
        deployment.shift, deployment.stage = None, CLEAN_UP
        scheduler.last_steady = deployment
    except Stopped as stopped:
        return f"hook execution failure(s) detected: {stopped}"
    except Exception as error:  # a generator that has raised would look as if it had come to its end
        _log.exception("requests of service %s could not be shifted", scheduler.arn)
        return f"requests could not be shifted: {error}"
    return None


def kept_whole(scheduler: ServiceScheduler) -> list[Deployment]:
    """The version that runs; the new one as soon as it is to scale up."""
    kept = [scheduler.last_steady] if scheduler.last_steady else []
    return kept if scheduler.primary.stage in _WITHOUT_TASKS else [*kept, scheduler.primary]


def end(scheduler: ServiceScheduler, deployment: Deployment) -> None:
    """It is over before its time: all requests go to the version that ran before, whose tasks are all still there."""
    if deployment.shift is None:
        return
    deployment.shift = None
    deployment.end_hooks()
    back = scheduler.last_steady
    if back is None:
        return
    deployment.shifted, moved = 0.0, deployment.shifted > 0
    deployment.tested, tested = 0.0, deployment.tested > 0
    try:
        weights.weigh(scheduler.region, deployment.revision, back.color)
        weights.weigh(scheduler.region, deployment.revision, back.color, rule=weights.TEST)
    except Exception as error:  # the service must still go back to the version before, and say what is in the way
        _log.exception("requests of service %s could not be led back", scheduler.arn)
        scheduler.events.add(f"requests could not be led back to deployment {back.id}: {error}")
    lifecyclehooks.tell_of_rollback(scheduler, deployment, test=tested, production=moved)


def _pass(minutes: int) -> Iterator[None]:
    end = time.monotonic() + pace.compressed(minutes * 60, at_least=0)
    while time.monotonic() < end:
        yield
