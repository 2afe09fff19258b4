"""The one thread that looks at every service when something has changed: a call of the API, a process, a target's health."""

from __future__ import annotations

import logging
import threading
import time

from localaws import pace
from localaws.ecs import hosts, readback, scalein, shifting
from localaws.ecs.hosts import Host, Room
from localaws.ecs.scheduler import ServiceScheduler
from localaws.ecs.servicetask import ServiceTask
from localaws.ecs.task import Task
from localaws.errors import DeploymentFailed

_log = logging.getLogger(__name__)

_LOOK_AGAIN_SECONDS = 0.25
"""While a service is not steady, time alone may change something: a grace period or a pause after a failure ends."""

_schedulers: dict[str, ServiceScheduler] = {}
_wake = threading.Event()
_lock = threading.Lock()
_thread: threading.Thread | None = None
_stopping = threading.Event()


def wake() -> None:
    _wake.set()


def add(scheduler: ServiceScheduler) -> None:
    global _thread
    with _lock:
        _schedulers[scheduler.arn] = scheduler
        if _thread is None:
            _stopping.clear()
            _thread = threading.Thread(target=_run, daemon=True, name="ecs-services")
            _thread.start()


def find(service_arn: str) -> ServiceScheduler | None:
    return _schedulers.get(service_arn)


def service_task(task: Task) -> ServiceTask | None:
    """The service's view of a task; None for one that no service has started."""
    known = (one for scheduler in list(_schedulers.values()) for one in scheduler.tasks)
    return next((one for one in known if one.task is task), None)


def task_of_id(task_id: str) -> Task | None:
    """A task that some service has started, and that it still knows."""
    known = (one.task for scheduler in list(_schedulers.values()) for one in scheduler.tasks)
    return next((task for task in known if task.id == task_id), None)


def wait_for_service(service_arn: str) -> None:
    """Until the requested deployment is steady, or has failed, or its time is over."""
    scheduler = _schedulers.get(service_arn)
    if scheduler is None:
        raise DeploymentFailed(f"service {service_arn} does not exist")
    seconds = pace.DEPLOYMENT_SECONDS + shifting.lasts(scheduler.declared)
    deployment, deadline = scheduler.requested, time.monotonic() + seconds
    assert deployment is not None
    wake()
    with scheduler.changed:
        while not (scheduler.primary is deployment and scheduler.steady):
            if deployment.rollout_state == "FAILED":
                raise DeploymentFailed(f"service {scheduler.name}: {deployment.failure}")
            if scheduler.deleted:
                raise DeploymentFailed(f"service {scheduler.name} was deleted while it was being deployed")
            left = deadline - time.monotonic()
            if left <= 0:
                raise DeploymentFailed(_out_of_time(scheduler, seconds))
            scheduler.changed.wait(left)


def wait_until_gone(scheduler: ServiceScheduler, seconds: float) -> None:
    with scheduler.changed:
        if not scheduler.changed.wait_for(lambda: scheduler.gone, seconds):
            raise DeploymentFailed(f"service {scheduler.name}: its tasks have not stopped within {seconds:.0f} s")


def shutdown() -> None:
    """Stop looking, so that no task is replaced while all processes end."""
    global _thread
    _stopping.set()
    wake()
    with _lock:
        ended, _thread = _thread, None
        _schedulers.clear()
    if ended is not None:
        ended.join(5)
    hosts.forget()


def _run() -> None:
    while not _stopping.is_set():
        _wake.clear()
        _look_for_instances()
        settled = [_reconcile(scheduler) for scheduler in list(_schedulers.values())]
        quiet = all(settled) and not _end_empty_instances()
        _wake.wait(None if quiet else _LOOK_AGAIN_SECONDS)


def _look_for_instances() -> None:
    try:
        scalein.look_for_instances()
    except Exception:
        _log.exception("instances could not be looked for")


def _end_empty_instances() -> bool:
    """Managed scaling, once all services are settled: true while an instance is on its way out."""
    try:
        return scalein.end_empty_instances(_is_daemon_task)
    except Exception:
        _log.exception("empty instances could not be ended")
        return True


def _wanted_by_daemons(host: Host) -> list[Room]:
    """Of each daemon that belongs on the instance and is not there yet."""
    return [
        hosts.room_of_task(scheduler.task_definition)
        for scheduler in list(_schedulers.values())
        if scheduler.daemon and not scheduler.deleted and scheduler.lacks_a_task_on(host)
    ]


hosts.ask_for_daemons(_wanted_by_daemons)


def _is_daemon_task(task: Task) -> bool:
    group = task.request.group.partition("service:")[2]
    return any(s.daemon and s.name == group and s.in_cluster(task.request.cluster_arn) for s in list(_schedulers.values()))


def _reconcile(scheduler: ServiceScheduler) -> bool:
    """True where only an event can change the service again. A fault of the model must not stop the other services."""
    try:
        scheduler.reconcile()
        readback.publish(scheduler)
    except Exception:
        _log.exception("service %s could not be reconciled", scheduler.arn)
        return False
    if scheduler.gone:
        _schedulers.pop(scheduler.arn, None)
    return (
        scheduler.gone or scheduler.steady or (scheduler.primary.rollout_state == "FAILED" and not scheduler.primary.active)
    )


def _out_of_time(scheduler: ServiceScheduler, seconds: float) -> str:
    ready, desired = len(scheduler.primary.ready), scheduler.desired
    failure = scheduler.primary.failure or (scheduler.events.listed[0]["message"] if scheduler.events.listed else "")
    state = f"not steady within {seconds:.0f} s, with {ready} of {desired} tasks ready"
    return f"service {scheduler.name}: {state}. {failure}"
