"""Events and what they start: EventBridge rules, schedules started by hand, alarm actions, S3 and Step Functions events."""

from __future__ import annotations

from localaws.events.bus import publish

__all__ = ["install", "publish"]


def install() -> None:
    """Puts this model's delivery in place of moto's, and registers the control route that starts schedules."""
    from localaws.events import alarms, executions, objects, rules, schedules

    rules.install()
    objects.install()
    executions.install()
    alarms.install()
    schedules.install()
