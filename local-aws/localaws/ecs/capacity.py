"""Which capacity provider the next task of a service goes to, by the base and the weights of the strategy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from localaws.ecs.providers import FARGATE_PROVIDERS


def choose(strategy: list[dict[str, Any]], placed: Iterable[str | None]) -> str:
    """First the bases in their order, then whoever is furthest behind the share that its weight gives it."""
    counts = Counter(placed)
    for item in strategy:
        if counts[item["capacityProvider"]] < int(item.get("base") or 0):
            return item["capacityProvider"]
    weighed = [item for item in strategy if int(item.get("weight") or 0)] or strategy[:1]
    return min(weighed, key=lambda item: _share(item, counts))["capacityProvider"]


def launch_type_of(provider: str) -> str:
    return "FARGATE" if provider in FARGATE_PROVIDERS else "EC2"


def _share(item: dict[str, Any], counts: Counter[str | None]) -> float:
    above_base = counts[item["capacityProvider"]] - int(item.get("base") or 0)
    return (above_base + 1) / max(1, int(item.get("weight") or 0))
