"""The language of Logs Insights, in the part that the library's stored queries are written in.

A command that is not here is refused with its name: an answer that leaves a `filter` out would be a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from localaws.errors import NotModelled

Row = dict[str, Any]
Command = Callable[[list[Row]], list[Row]]

_LIKE = re.compile(r"(?P<field>@?\w+) (?P<negated>not )?like /(?P<pattern>.*)/", re.DOTALL)
_EQUAL = re.compile(r"""(?P<field>@?\w+) = (?P<quote>["'])(?P<value>.*)(?P=quote)""", re.DOTALL)
_AGGREGATE = re.compile(r"(?P<function>count|min|max|sum|avg)\((?P<field>\*|@?\w+)\)(?: as (?P<name>\w+))?")
_MOST_ROWS = 10_000
_DEFAULT_ROWS = 1_000


@dataclass
class Query:
    """Commands, one after the other, each of which takes rows and gives rows."""

    commands: list[Command] = field(default_factory=list)
    shown: list[str] = field(default_factory=lambda: ["@timestamp", "@message"])
    most: int = _DEFAULT_ROWS
    aggregates: bool = False

    def run(self, rows: list[Row]) -> list[Row]:
        for command in self.commands:
            rows = command(rows)
        return [{name: row[name] for name in self.shown if name in row} for row in rows[: self.most]]


def parse(text: str) -> Query:
    """Raises NotModelled for what is not understood."""
    query = Query()
    for part in _commands_of(text):
        verb, _, rest = part.partition(" ")
        reader = _READERS.get(verb.lower())
        if reader is None:
            raise NotModelled(f"{verb} of Logs Insights is not modelled by the local AWS, which runs {', '.join(sorted(_READERS))}")
        reader(query, rest.strip())
    return query


def _commands_of(text: str) -> list[str]:
    """Parts between bars; a bar within a regular expression or quotes is none."""
    parts = re.findall(r"""(?:/(?:\\.|[^/\\])*/|"[^"]*"|'[^']*'|[^|])+""", text)
    return [part.strip() for part in parts if part.strip()]


def _fields(query: Query, rest: str) -> None:
    query.shown = [_name(each) for each in rest.split(",")]


def _filter(query: Query, rest: str) -> None:
    if found := _LIKE.fullmatch(rest):
        pattern, negated = re.compile(found["pattern"]), bool(found["negated"])
        query.commands.append(_keeping(lambda row: bool(pattern.search(str(row.get(found["field"], "")))) is not negated))
    elif found := _EQUAL.fullmatch(rest):
        query.commands.append(_keeping(lambda row: str(row.get(found["field"])) == found["value"]))
    else:
        raise NotModelled(f"the filter '{rest}' is not modelled by the local AWS, which knows like /…/, not like /…/ and = \"…\"")


def _keeping(condition: Callable[[Row], bool]) -> Command:
    return lambda rows: [row for row in rows if condition(row)]


def _sort(query: Query, rest: str) -> None:
    name, _, order = rest.partition(" ")
    if order not in ("", "asc", "desc"):
        raise NotModelled(f"the order '{rest}' is not modelled by the local AWS, which sorts by one field, asc or desc")
    key = _name(name)
    query.commands.append(lambda rows: sorted(rows, key=lambda row: row.get(key, ""), reverse=order == "desc"))


def _limit(query: Query, rest: str) -> None:
    if not rest.isdigit() or not 1 <= int(rest) <= _MOST_ROWS:
        raise NotModelled(f"limit takes a number from 1 to {_MOST_ROWS}, got '{rest}'")
    query.most = int(rest)


def _stats(query: Query, rest: str) -> None:
    asked, _, by = rest.partition(" by ")
    found = [(_AGGREGATE.fullmatch(each.strip()), each.strip()) for each in asked.split(",")]
    for match, each in found:
        if match is None:
            raise NotModelled(f"'{each}' of stats is not modelled by the local AWS, which knows count, min, max, sum and avg")
    aggregates = [(match["name"] or each, match["function"], match["field"]) for match, each in found if match]
    keys = [_name(each) for each in by.split(",")] if by else []
    query.commands.append(lambda rows: _grouped(rows, aggregates, keys))
    query.shown = [*keys, *(name for name, _, _ in aggregates)]
    query.aggregates = True


def _grouped(rows: list[Row], aggregates: list[tuple[str, str, str]], keys: list[str]) -> list[Row]:
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row.get(key) for key in keys), []).append(row)
    return [
        {**dict(zip(keys, values, strict=True)), **{name: _aggregate(of, name_of, members) for name, of, name_of in aggregates}}
        for values, members in groups.items()
    ]


def _aggregate(function: str, name: str, rows: Iterable[Row]) -> Any:
    values = [1 if name == "*" else row[name] for row in rows if name == "*" or name in row]
    if function == "count":
        return len(values)
    if not values:
        return ""
    return {"min": min, "max": max, "sum": sum, "avg": lambda of: sum(of) / len(of)}[function](values)


def _name(text: str) -> str:
    name = text.strip()
    if not re.fullmatch(r"@?\w+", name):
        raise NotModelled(f"'{name}' is not modelled by the local AWS, which knows fields by their name, without functions and dots")
    return name


_READERS: dict[str, Callable[[Query, str], None]] = {
    "fields": _fields,
    "filter": _filter,
    "limit": _limit,
    "sort": _sort,
    "stats": _stats,
}


def as_time(milliseconds: int) -> str:
    """As Insights writes `@timestamp`."""
    moment = datetime.fromtimestamp(milliseconds / 1000, timezone.utc)
    return moment.strftime("%Y-%m-%d %H:%M:%S.") + f"{milliseconds % 1000:03d}"
