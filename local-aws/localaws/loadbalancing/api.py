"""Where the local load balancers hang in moto's Elastic Load Balancing: each call is checked, done by moto, then made real.

Each function takes the place of the backend's method of the same name, and first asks whether it can be honoured.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from moto.elbv2.exceptions import InvalidTargetError, TargetGroupNotFoundError, ValidationError
from moto.elbv2.models import ELBv2Backend, FakeHealthStatus

from localaws.errors import LocalAwsError, NotModelled
from localaws.loadbalancing import actions, conditions, health, listeners, stickiness, targets

_LOOPBACK = "127.0.0.1"
_moto = {
    name: getattr(ELBv2Backend, name)
    for name in (
        "create_listener",
        "modify_listener",
        "delete_listener",
        "delete_load_balancer",
        "create_rule",
        "modify_rule",
        "create_target_group",
        "delete_target_group",
        "modify_target_group_attributes",
    )
}


def install() -> None:
    replacements = (
        create_listener,
        modify_listener,
        delete_listener,
        delete_load_balancer,
        create_rule,
        modify_rule,
        create_target_group,
        delete_target_group,
        modify_target_group_attributes,
        register_targets,
        deregister_targets,
        describe_target_health,
    )
    for replacement in replacements:
        setattr(ELBv2Backend, replacement.__name__, replacement)


def _refusing(function: Callable[..., Any]) -> Callable[..., Any]:
    """What the local model refuses is a validation error of the API, which the caller reads as a sentence."""

    @wraps(function)
    def checked(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except LocalAwsError as refused:
            raise ValidationError(str(refused)) from refused

    return checked


@_refusing
def create_listener(self: ELBv2Backend, load_balancer_arn: str, protocol: str, *args: Any, **kwargs: Any) -> Any:
    listeners.check_protocol(protocol)
    actions.check(kwargs.get("actions") or [])
    listener = _moto["create_listener"](self, load_balancer_arn, protocol, *args, **kwargs)
    listeners.open_(listener, self.load_balancers[load_balancer_arn], self)
    return listener


@_refusing
def modify_listener(
    self: ELBv2Backend,
    arn: str,
    port: Any = None,
    protocol: str | None = None,
    ssl_policy: str | None = None,
    certificates: list[dict[str, Any]] | None = None,
    actions_: list[dict[str, Any]] | None = None,
) -> Any:
    before = self.describe_listeners(None, [arn])[0]
    listeners.check_protocol(protocol or before.protocol)
    actions.check(actions_ or [])
    listener = _moto["modify_listener"](self, arn, port, protocol, ssl_policy, certificates, actions_ or [])
    listeners.publish_names()
    return listener


def delete_listener(self: ELBv2Backend, listener_arn: str) -> Any:
    listener = _moto["delete_listener"](self, listener_arn)
    listeners.close(listener_arn)
    return listener


def delete_load_balancer(self: ELBv2Backend, arn: str) -> None:
    _moto["delete_load_balancer"](self, arn)
    for listener_arn in listeners.of_load_balancer(arn):
        listeners.close(listener_arn)


@_refusing
def create_rule(
    self: ELBv2Backend, listener_arn: str, conditions_: list[dict[str, Any]] | None = None, *args: Any, **kwargs: Any
) -> Any:
    wanted = kwargs.pop("conditions", conditions_) or []
    conditions.check(wanted)
    actions.check(kwargs.get("actions") or [])
    return _moto["create_rule"](self, listener_arn, wanted, *args, **kwargs)


@_refusing
def modify_rule(
    self: ELBv2Backend,
    rule_arn: str,
    conditions_: list[dict[str, Any]] | None = None,
    actions_: list[dict[str, Any]] | None = None,
    **kwargs: Any,
) -> Any:
    wanted, done = kwargs.get("conditions", conditions_) or [], kwargs.get("actions", actions_) or []
    conditions.check(wanted)
    actions.check(done)
    return _moto["modify_rule"](self, rule_arn, wanted, done)


@_refusing
def create_target_group(self: ELBv2Backend, name: str, **kwargs: Any) -> Any:
    version, protocol = kwargs.get("protocol_version"), kwargs.get("protocol")
    if version not in (None, "HTTP1"):
        raise NotModelled(f"a target group of protocol version '{version}' is not modelled by the local AWS, only HTTP1")
    if protocol not in ("HTTP", "TCP", "UDP"):
        raise NotModelled(
            f"a target group of protocol '{protocol}' is not modelled by the local AWS, only HTTP, TCP and UDP"
        )
    if kwargs.get("healthcheck_protocol") not in (None, "HTTP", "TCP"):
        raise NotModelled(
            f"a health check of protocol '{kwargs['healthcheck_protocol']}' is not modelled by the local AWS, "
            "only HTTP and TCP"
        )
    return _moto["create_target_group"](self, name, **kwargs)


def delete_target_group(self: ELBv2Backend, target_group_arn: str) -> Any:
    group = _moto["delete_target_group"](self, target_group_arn)
    targets.forget_group(target_group_arn)
    return group


@_refusing
def modify_target_group_attributes(self: ELBv2Backend, target_group_arn: str, attributes: dict[str, Any]) -> None:
    stickiness.check({**_group(self, target_group_arn).attributes, **attributes})
    algorithm = attributes.get("load_balancing.algorithm.type", "round_robin")
    if algorithm not in ("round_robin", "least_outstanding_requests"):
        raise NotModelled(f"the load balancing algorithm '{algorithm}' is not modelled by the local AWS")
    _moto["modify_target_group_attributes"](self, target_group_arn, attributes)


@_refusing
def register_targets(self: ELBv2Backend, target_group_arn: str, instances: list[dict[str, Any]]) -> None:
    """Only a process on this machine can be reached; the tasks of services register themselves, not through this call."""
    group = _group(self, target_group_arn)
    if others := [instance["Id"] for instance in instances if instance["Id"] != _LOOPBACK]:
        raise NotModelled(
            f"target '{others[0]}' cannot be reached by the local AWS: only tasks of services and {_LOOPBACK} can"
        )
    for instance in instances:
        port = int(instance.get("Port") or group.port)
        targets.register(
            targets.Target(target_group_arn, _LOOPBACK, port, (_LOOPBACK, port)), lambda target: health.watch(target, group)
        )


def deregister_targets(self: ELBv2Backend, target_group_arn: str, instances: list[dict[str, Any]]) -> None:
    group = _group(self, target_group_arn)
    for instance in instances:
        port = instance.get("Port")
        target = targets.find(target_group_arn, instance["Id"], int(port) if port else None)
        if target is None:
            raise InvalidTargetError()
        targets.deregister(target, float(group.attributes["deregistration_delay.timeout_seconds"]))


def describe_target_health(
    self: ELBv2Backend, target_group_arn: str, wanted: list[dict[str, Any]] | None
) -> list[FakeHealthStatus]:
    group = _group(self, target_group_arn)
    if not wanted:
        return [_status(group, target) for target in targets.registered(target_group_arn)]
    return [_asked(group, one) for one in wanted]


def _asked(group: Any, wanted: dict[str, Any]) -> FakeHealthStatus:
    port = int(wanted["Port"]) if wanted.get("Port") else None
    target = targets.find(group.arn, wanted["Id"], port)
    if target is not None:
        return _status(group, target)
    text = "Target is not registered to the target group"
    return FakeHealthStatus(wanted["Id"], str(port or group.port), None, "unused", "Target.NotRegistered", text)


def _status(group: Any, target: targets.Target) -> FakeHealthStatus:
    check_port = str(target.port) if group.health_check_port in (None, "traffic-port") else group.health_check_port
    return FakeHealthStatus(target.id, str(target.port), check_port, target.state, target.reason, target.description)


def _group(backend: ELBv2Backend, target_group_arn: str) -> Any:
    group = backend.target_groups.get(target_group_arn)
    if group is None:
        raise TargetGroupNotFoundError()
    return group
