"""Mends of CloudWatch Logs."""

from __future__ import annotations

import json
import uuid
from typing import Any

from moto.logs.exceptions import InvalidParameterException, LogsClientError, ResourceNotFoundException
from moto.logs.models import LogGroup, LogQuery, LogsBackend
from moto.logs.responses import LogsResponse

from localaws.errors import NotModelled
from localaws.insights import query as insights

_MOST_LOG_GROUPS = 50
_STORED = "stored_queries"
"""The attribute of the backend: it goes when the backend is reset."""


def install() -> None:
    store_query_definitions()
    run_queries_as_they_are_written()
    change_the_key_of_a_log_group()


def store_query_definitions() -> None:
    """PutQueryDefinition, DescribeQueryDefinitions and DeleteQueryDefinition are missing."""

    def put_query_definition(self: LogsResponse) -> str:
        stored = _stored(self.logs_backend)
        given = {name: self._get_param(name) for name in ("name", "queryString", "logGroupNames", "queryLanguage")}
        key = self._get_param("queryDefinitionId") or str(uuid.uuid4())
        if self._get_param("queryDefinitionId") and key not in stored:
            raise ResourceNotFoundException(f"The query definition {key} does not exist.")
        if len(given["logGroupNames"] or []) > _MOST_LOG_GROUPS:
            raise InvalidParameterException(f"A query definition has at most {_MOST_LOG_GROUPS} log groups.")
        stored.pop(key, None)  # the latest is the last
        stored[key] = {"queryDefinitionId": key, **{name: value for name, value in given.items() if value is not None}}
        return json.dumps({"queryDefinitionId": key})

    def describe_query_definitions(self: LogsResponse) -> str:
        prefix = self._get_param("queryDefinitionNamePrefix") or ""
        found = [each for each in reversed(_stored(self.logs_backend).values()) if each["name"].startswith(prefix)]
        return json.dumps({"queryDefinitions": sorted(found, key=lambda each: each["name"])})

    def delete_query_definition(self: LogsResponse) -> str:
        key = self._get_param("queryDefinitionId")
        if _stored(self.logs_backend).pop(key, None) is None:
            raise ResourceNotFoundException(f"The query definition {key} does not exist.")
        return json.dumps({"success": True})

    LogsResponse.put_query_definition = put_query_definition
    LogsResponse.describe_query_definitions = describe_query_definitions
    LogsResponse.delete_query_definition = delete_query_definition


def run_queries_as_they_are_written() -> None:
    """StartQuery leaves out commands that it does not know, `filter` and `stats` among them, and gives all lines as the answer."""

    def start_query(
        self: LogsBackend, log_group_names: list[str], start_time: int, end_time: int, query_string: str
    ) -> str:
        groups = [_group(self, name) for name in log_group_names or []]
        try:
            parsed = insights.parse(query_string)
        except NotModelled as refused:
            raise LogsClientError("MalformedQueryException", str(refused)) from refused
        query = LogQuery.__new__(LogQuery)
        query.query_id, query.query, query.status = str(uuid.uuid4()), query_string, "Complete"
        query.start_time, query.end_time, query.create_time = start_time, end_time, float(start_time)
        query.log_group_names = list(log_group_names or [])
        rows = [row for group in groups for row in _rows(self, group, start_time, end_time)]
        query.results = [_shown(row) for row in parsed.run(rows)]
        self.queries[query.query_id] = query
        return query.query_id

    LogsBackend.start_query = start_query  # type: ignore[method-assign]


def change_the_key_of_a_log_group() -> None:
    """AssociateKmsKey and DisassociateKmsKey are missing: a log group keeps the key that it was made with."""

    def associate_kms_key(self: LogsResponse) -> str:
        _group(self.logs_backend, self._get_param("logGroupName")).kms_key_id = self._get_param("kmsKeyId")
        return "{}"

    def disassociate_kms_key(self: LogsResponse) -> str:
        _group(self.logs_backend, self._get_param("logGroupName")).kms_key_id = None
        return "{}"

    LogsResponse.associate_kms_key = associate_kms_key
    LogsResponse.disassociate_kms_key = disassociate_kms_key


def _stored(backend: LogsBackend) -> dict[str, dict[str, Any]]:
    return backend.__dict__.setdefault(_STORED, {})


def _group(backend: LogsBackend, name: str) -> LogGroup:
    if name not in backend.groups:
        raise ResourceNotFoundException()
    return backend.groups[name]


def _rows(backend: LogsBackend, group: LogGroup, start: int, end: int) -> list[dict[str, Any]]:
    """Times of a query are seconds, its end among them; those of events are milliseconds."""
    return [
        {
            "@timestamp": event.timestamp,
            "@message": event.message,
            "@logStream": name,
            "@log": f"{backend.account_id}:{group.name}",
            "@ptr": str(event.event_id),
            **_fields_of(event.message),
        }
        for name, stream in group.streams.items()
        for event in stream.events
        if start * 1000 <= event.timestamp < (end + 1) * 1000
    ]


def _fields_of(message: str) -> dict[str, Any]:
    """Insights finds the fields of a line that is an object of JSON."""
    try:
        found = json.loads(message)
    except ValueError:
        return {}
    return {name: value for name, value in found.items() if not name.startswith("@")} if isinstance(found, dict) else {}


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {name: insights.as_time(value) if name == "@timestamp" else value for name, value in row.items()}
