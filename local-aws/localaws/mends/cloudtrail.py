"""Mends of CloudTrail."""

from __future__ import annotations

import json

from moto.cloudtrail.responses import CloudTrailResponse


def install() -> None:
    answer_lookup_events()


def answer_lookup_events() -> None:
    """LookupEvents is missing. The CDK command line asks it after each failure, and loses 30 seconds in retries.

    No event is recorded here, so an empty answer is the truth.
    """
    CloudTrailResponse.lookup_events = lambda self: json.dumps({"Events": []})
