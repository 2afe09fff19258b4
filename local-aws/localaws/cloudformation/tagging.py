"""Tags of existing resources: each service has operations of its own for them, in one of two shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from localaws.cloudformation.model import Made


@dataclass(frozen=True)
class Tagging:
    """How one service changes tags. `arn` names the attribute that identifies the resource; empty: the physical id."""

    tag: str
    untag: str
    key: str
    tags: str
    keys: str
    arn: str = ""
    listed: bool = False
    """Whether tags are a list of pairs, rather than a map."""
    pair: tuple[str, str] = ("Key", "Value")
    several: bool = False
    """Whether the operation takes a list of resources."""
    property: str = "Tags"
    service: str | None = None
    untag_takes_tags: bool = False
    also: Mapping[str, str] = field(default_factory=dict)
    """What both operations want to hear besides."""

    def change(self, client: Any, made: Made, before: dict[str, str], after: dict[str, str]) -> None:
        target = made.attributes[self.arn] if self.arn else made.physical_id
        key = {self.key: [target] if self.several else target, **self.also}
        gone = sorted(set(before) - set(after))
        if gone:
            removed = [{self.pair[0]: name} for name in gone] if self.untag_takes_tags else gone
            getattr(client, self.untag)(**key, **{self.keys: removed})
        if after and after != before:
            name, value = self.pair
            tags = [{name: k, value: v} for k, v in after.items()] if self.listed else after
            getattr(client, self.tag)(**key, **{self.tags: tags})
