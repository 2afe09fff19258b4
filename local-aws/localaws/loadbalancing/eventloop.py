"""The one event loop, in a thread of its own, on which all local listeners, proxies and health checks run."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any

CALL_TIMEOUT_SECONDS = 10.0
"""A call from another thread only ever opens or closes sockets; longer than this means that the loop is dead."""

_lock = threading.Lock()
_loop: asyncio.AbstractEventLoop | None = None


def loop() -> asyncio.AbstractEventLoop:
    """The running loop; its thread is started when it is first asked for."""
    global _loop
    with _lock:
        if _loop is None:
            _loop = asyncio.new_event_loop()
            threading.Thread(target=_loop.run_forever, name="loadbalancing", daemon=True).start()
        return _loop


def call(coroutine: Coroutine[Any, Any, Any]) -> Any:
    """Run a coroutine on the loop and wait, from any other thread, for its result."""
    return submit(coroutine).result(CALL_TIMEOUT_SECONDS)


def submit(coroutine: Coroutine[Any, Any, Any]) -> Future:
    """Run a coroutine on the loop without waiting for it; cancelling the future cancels the coroutine."""
    return asyncio.run_coroutine_threadsafe(coroutine, loop())


def shutdown() -> None:
    """Cancel whatever still runs on the loop and end its thread."""
    global _loop
    with _lock:
        ended, _loop = _loop, None
    if ended is None:
        return
    asyncio.run_coroutine_threadsafe(_cancel_all(), ended).result(CALL_TIMEOUT_SECONDS)
    ended.call_soon_threadsafe(ended.stop)


async def _cancel_all() -> None:
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
