"""Why a build does not happen."""

from __future__ import annotations


class Refused(Exception):
    """One sentence for the user; for a Dockerfile it begins with file and line and ends with the line's text."""
