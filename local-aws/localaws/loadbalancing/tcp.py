"""TCP proxies: bytes are passed on unread, each connection to the target whose turn it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol


class Backend(AbstractContextManager, Protocol):
    """Where a connection may go; it is entered for as long as the connection is open."""

    address: tuple[str, int]


Chooser = Callable[[], "Backend | None"]


async def serve(choose: Chooser) -> asyncio.Server:
    """Listen on a free loopback port, and pass each connection on."""
    return await asyncio.start_server(lambda reader, writer: pass_on(reader, writer, choose), "127.0.0.1", 0)


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, choose: Chooser) -> None:
    """The whole of one connection; it is closed at once where there is no backend for it."""
    try:
        backend = choose()
        if backend is not None:
            with backend:
                await pipe(reader, writer, *await asyncio.open_connection(*backend.address))
    except OSError:
        writer.transport.abort()
    finally:
        writer.close()


async def pipe(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    far_reader: asyncio.StreamReader,
    far_writer: asyncio.StreamWriter,
    touch: Callable[[], None] = lambda: None,
) -> None:
    """Both directions until both ends are done; an end that half-closes can still receive. `touch` hears of each piece."""
    try:
        await asyncio.gather(_copy(reader, far_writer, touch), _copy(far_reader, writer, touch))
    finally:
        far_writer.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, touch: Callable[[], None]) -> None:
    try:
        while piece := await reader.read(65536):
            touch()
            writer.write(piece)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    except OSError:
        writer.transport.abort()
