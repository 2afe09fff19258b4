"""The service scheduler: keeps one service at its desired count and brings it from one revision to the next."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from typing import Any

from moto.ecs.models import ecs_backends

from localaws import pace
from localaws.ecs import bus, failures, hosts, placement, rolling, shifting, verdict, weights
from localaws.ecs.deployment import Deployment, same_but_for_capacity
from localaws.ecs.events import ServiceEvents
from localaws.ecs.hosts import Host
from localaws.ecs.pools import NoRoom
from localaws.ecs.servicetask import LoopbackAddress, ServiceTask
from localaws.loadbalancing.targets import MAX_DRAIN_SECONDS

_DELETION_DRAIN_SECONDS = 5.0
_LONGEST_BACKOFF_SECONDS = 5.0

Starter = Callable[["ServiceScheduler", Deployment], ServiceTask]


class ServiceScheduler:
    """`declared` is what the API was last told, in the API's own words; `start_task` makes one task of a deployment."""

    def __init__(
        self, account: str, region: str, arn: str, name: str, declared: dict[str, Any], start_task: Starter
    ) -> None:
        self.account, self.region, self.arn, self.name = account, region, arn, name
        self.declared, self._start_task = declared, start_task
        self.cluster_arn = arn.replace(":service/", ":cluster/").rpartition("/")[0]
        self.deployments: list[Deployment] = []
        """The PRIMARY deployment first; the others still have tasks to stop."""
        self.requested: Deployment | None = None
        self.last_steady: Deployment | None = None
        self.history: list[Deployment] = []
        self.deleted = False
        self.events = ServiceEvents(name)
        self.changed = threading.Condition()
        self._failures_in_a_row, self._not_before = 0, 0.0
        self._turns = itertools.count()

    # What others ask

    @property
    def primary(self) -> Deployment:
        return self.deployments[0]

    @property
    def daemon(self) -> bool:
        return self.declared.get("schedulingStrategy") == "DAEMON"

    @property
    def desired(self) -> int:
        """A daemon wants one task on each of the instances that there are."""
        if self.deleted:
            return 0
        if self.daemon:
            return len(placement.eligible(self.cluster_arn, self.declared.get("placementConstraints") or []))
        return int(self.declared.get("desiredCount") or 0)

    @property
    def tasks(self) -> list[ServiceTask]:
        return [task for deployment in list(self.deployments) for task in list(deployment.tasks)]

    @property
    def steady(self) -> bool:
        return self.primary.rollout_state == "COMPLETED" and self._only_the_desired_tasks

    @property
    def _only_the_desired_tasks(self) -> bool:
        """As many as desired, all of them ready and all of the PRIMARY deployment."""
        new = self.primary
        return len(new.ready) == len(new.active) == self.desired and len(self.deployments) == 1

    @property
    def gone(self) -> bool:
        return self.deleted and not self.tasks

    @property
    def task_definition(self) -> Any:
        return ecs_backends[self.account][self.region].describe_task_definition(self.declared["taskDefinition"])

    def lacks_a_task_on(self, host: Host) -> bool:
        """Whether a daemon belongs on the instance and is not there."""
        ours = placement.eligible(self.cluster_arn, self.declared.get("placementConstraints") or [])
        return host in ours and all(task.task.request.host is not host for task in self.tasks)

    def in_cluster(self, cluster_arn: str) -> bool:
        return self.cluster_arn == cluster_arn

    def choose_task(self, port_name: str) -> LoopbackAddress | None:
        """For a Service Connect proxy: the ready task whose turn it is."""
        found = [address for task in self.tasks if (address := task.address_of(port_name))]
        return found[next(self._turns) % len(found)] if found else None

    # What the API brings about

    def deploy(self, revision: dict[str, Any], names: dict[str, str] | None, force: bool) -> None:
        """Make the revision the PRIMARY one; a deployment of the very same that still has tasks goes on where it is."""
        with self.changed:
            same = None if force else self._deployment_of(revision)
            deployment = same or shifting.new_deployment(self, revision, names)
            if same is None or same is not self.primary:
                self.rollout(deployment, "IN_PROGRESS", f"ECS deployment {deployment.id} in progress.")
                self.promote(deployment)
            self.requested = deployment

    def _deployment_of(self, revision: dict[str, Any]) -> Deployment | None:
        """The PRIMARY deployment, or one before it that works and still has tasks, if it brings just this revision."""
        shifts = weights.shifts(self.declared)  # then only the one that has the requests can go on where it is
        others = [d for d in self.deployments[1:] if d.active and d.rollout_state != "FAILED"]
        usable = self.deployments[:1] + [d for d in others if not shifts or d is self.last_steady]
        return next((deployment for deployment in usable if same_but_for_capacity(deployment.revision, revision)), None)

    def delete(self) -> None:
        with self.changed:
            self.deleted = True
            self.primary.end_hooks()

    # One look at everything

    def reconcile(self) -> None:
        with self.changed:
            self._advance_tasks()
            self._account_for_the_stopped()
            self._replace_the_unhealthy()
            self._leave_instances()
            verdict.judge(self)
            self._roll()
            self._complete()
            self.changed.notify_all()

    def _advance_tasks(self) -> None:
        for task in self.tasks:
            if task.advance():
                self.events.registered(task)
            if not task.retiring and task.task.last_status in ("STOPPING", "STOPPED") and task.targets:
                task.deregister_now()

    def _account_for_the_stopped(self) -> None:
        for deployment in self.deployments:
            for task in [task for task in deployment.tasks if task.stopped]:
                deployment.tasks.remove(task)
                if not task.retiring and task.task.stop_code != "UserInitiated":
                    self._failed(deployment, task, task.task.stopped_reason or "")
        self.deployments = [self.primary, *self._with_tasks(self.deployments[1:])]

    def _with_tasks(self, deployments: list[Deployment]) -> list[Deployment]:
        """Those that still have tasks; while requests are shifted, the version that runs is one of them in any case."""
        stays = self.last_steady if self.primary.shift is not None else None
        return [deployment for deployment in deployments if deployment.tasks or deployment is stays]

    def _replace_the_unhealthy(self) -> None:
        grace = pace.compressed(self.declared.get("healthCheckGracePeriodSeconds") or 0, at_least=0)
        for deployment in self.deployments:
            for task in deployment.tasks:
                if reason := task.health_failure(grace):
                    self._failed(deployment, task, reason)
                    task.retire(reason, 0)

    def _leave_instances(self) -> None:
        """Managed draining: what runs on an instance that is to end stops there, and is replaced elsewhere."""
        for task in self.tasks:
            host = task.task.request.host
            if host is not None and host.status == "DRAINING" and not task.retiring:
                task.retire(f"Container instance {host.id} is draining", 0)

    def _failed(self, deployment: Deployment, task: ServiceTask, reason: str) -> None:
        self.events.task_failed(task, reason)
        if deployment.rollout_state == "IN_PROGRESS":
            deployment.failed_tasks += 1
            deployment.failure = failures.text(task.task, reason)
        self._failures_in_a_row += 1
        self._not_before = time.monotonic() + min(_LONGEST_BACKOFF_SECONDS, 0.2 * 2**self._failures_in_a_row)

    def _roll(self) -> None:
        if self.primary.shift is not None and not self.deleted:
            self._advance_shift()
            return
        new, old = self.primary, [task for deployment in self.deployments[1:] for task in deployment.active]
        if new.rollout_state == "FAILED" and not self.deleted:
            self.retire([task for task in new.active if not task.ready], "Deployment failed")
            return
        step = self._next_step(old)
        no_room = self._start(new, step.start) if time.monotonic() >= self._not_before else None
        surplus = self._least_worth(old, step.stop_old) + self._least_worth(new.active, step.stop_new)
        self.retire(surplus, f"Scaling activity initiated by deployment {new.id}")
        breaker = (self.declared.get("deploymentConfiguration") or {}).get("deploymentCircuitBreaker") or {}
        self._give_up_without(no_room, breaker.get("rollback", False))

    def _give_up_without(self, no_room: NoRoom | None, rollback: bool) -> bool:
        gives_up = no_room is not None and self.primary.rollout_state == "IN_PROGRESS" and not self._room_may_come()
        if gives_up:
            verdict.fail(self, f"a task could not be placed: {no_room}", "a task could not be placed.", rollback)
        return gives_up

    def _advance_shift(self) -> None:
        for deployment in shifting.kept_whole(self):
            self.retire(self._least_worth(deployment.active, len(deployment.active) - self.desired), "Scaling activity")
            missing = self.desired - len(deployment.active)
            no_room = self._start(deployment, missing) if time.monotonic() >= self._not_before else None
            if self._give_up_without(no_room, rollback=True):
                return
        if why := shifting.advance(self, self.primary):
            verdict.fail(self, why, f"{why.partition(':')[0]}.", rollback=True)

    def _least_worth(self, tasks: list[ServiceTask], count: int) -> list[ServiceTask]:
        """What is not ready stops first. A protected task stays, unless the service itself goes."""
        free = [task for task in tasks if self.deleted or not task.task.protected]
        return sorted(free, key=lambda task: task.ready)[: max(0, count)]

    def _room_may_come(self) -> bool:
        """Whether a task is about to leave an instance of the cluster: then there is a reason to wait."""
        return any(
            task.desired_status == "STOPPED" or task.last_status in ("DEACTIVATING", "STOPPING")
            for host in hosts.of_cluster(self.cluster_arn)
            for task in host.running
        )

    def _next_step(self, old: list[ServiceTask]) -> rolling.Step:
        new = self.primary
        counts = rolling.Counts(
            desired=self.desired,
            new=len(new.active),
            new_ready=len(new.ready),
            old=len(old),
            old_ready=sum(task.ready for task in old),
            stopping=sum(task.retiring and not task.stopped for task in self.tasks),
        )
        configuration = self.declared["deploymentConfiguration"]
        return rolling.next_step(counts, int(configuration["minimumHealthyPercent"]), int(configuration["maximumPercent"]))

    def _start(self, deployment: Deployment, count: int) -> NoRoom | None:
        """One after the other, since the capacity provider of each depends on those before it; why one found no place."""
        started: list[ServiceTask] = []
        no_room: NoRoom | None = None
        for _ in range(count):
            try:
                started.append(self._start_task(self, deployment))
            except NoRoom as none:
                no_room = none
                self._not_placed(none)
                break
            deployment.tasks.append(started[-1])
        if started:
            self.events.started(started)
        return no_room

    def _not_placed(self, why: NoRoom) -> None:
        text = f"was unable to place a task because no container instance met all of its requirements: {why}."
        if not self.events.listed or text not in self.events.listed[0]["message"]:
            self.events.add(text)

    def retire(self, tasks: list[ServiceTask], reason: str) -> None:
        for task in tasks:
            task.retire(reason, _DELETION_DRAIN_SECONDS if self.deleted else MAX_DRAIN_SECONDS)
        if tasks:
            self.events.stopped(tasks)

    def _complete(self) -> None:
        deployment = self.primary
        if self.deleted or deployment.shift is not None or not self._only_the_desired_tasks:
            return
        self._failures_in_a_row = 0
        if deployment.rollout_state == "IN_PROGRESS":
            self.rollout(deployment, "COMPLETED", f"ECS deployment {deployment.id} completed.")
            self.last_steady = deployment
            self._account_for_the_outcome(deployment)
            self.events.add(f"(deployment {deployment.id}) deployment completed.")
            self.events.add("has reached a steady state.")

    def _account_for_the_outcome(self, completed: Deployment) -> None:
        completed.ended("SUCCESSFUL")
        for one in self.history:
            if one.rolls_back_to is not None:
                one.ended("ROLLBACK_SUCCESSFUL" if one.rolls_back_to is completed else "ROLLBACK_FAILED")

    def rollout(self, deployment: Deployment, state: str, reason: str) -> None:
        deployment.become(state, reason)
        bus.deployment_changed(self.region, self.arn, deployment.id, f"SERVICE_DEPLOYMENT_{state}", reason)

    def promote(self, deployment: Deployment) -> None:
        for other in self.deployments:
            if other is not deployment:
                shifting.end(self, other)
                if other.rolls_back_to is None:
                    other.ended("STOPPED")
        others, self.deployments = [other for other in self.deployments if other is not deployment], [deployment]
        self.deployments += self._with_tasks(others)
        self._failures_in_a_row, self._not_before = 0, 0.0
