"""How much faster than AWS the local model waits: intervals and delays are compressed, time-outs of real work are not.

Processes start and answer in real time on any machine, so what a process is given to start or to answer in is never
shortened; what AWS merely lets pass between two looks is.
"""

from __future__ import annotations

FACTOR = 20.0
"""One second of waiting on AWS is a twentieth of a second here."""

START_ALLOWANCE_SECONDS = 30.0
"""How long a container may take, in real time, until it listens on its port for the first time."""

FIRST_HEALTH_SECONDS = 10.0
"""How long, in real time, a container's own health check may fail before it has passed for the first time."""

SETTLING_SECONDS = 3.0
"""How long, in real time, a task must run to count as started where nothing else shows that it works: it has no port and no
health check. Without it, a container that ends at once would be seen running between its start and its end.
"""

DEPLOYMENT_SECONDS = 180.0
"""How long, in real time, a service deployment may take until it is steady. AWS waits for hours."""


def compressed(seconds: float, at_least: float = 0.1) -> float:
    """AWS's waiting time in local seconds."""
    return max(at_least, float(seconds) / FACTOR)
