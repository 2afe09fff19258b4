"""Why a task or a deployment failed, in words that tell a person what to look at."""

from __future__ import annotations

from localaws.ecs.task import Task

_LINES = 5


def text(task: Task, reason: str) -> str:
    """The reason, the exit codes, and the last lines that the failed container wrote."""
    codes = [f"container {c.name} ended with exit code {c.exit_code}" for c in task.containers if c.exit_code is not None]
    whole = f"Task {task.id}: {reason}" + (f" ({', '.join(codes)})" if codes else "")
    lines = task.last_lines()[-_LINES:]
    return f"{whole}. The last lines of its log:\n" + "\n".join(f"  {line}" for line in lines) if lines else f"{whole}."
