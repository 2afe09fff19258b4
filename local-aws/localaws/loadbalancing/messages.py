"""HTTP/1.1 messages as a load balancer sees them: a head that is read and changed, and a body that is passed on unread."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

MAX_HEAD_BYTES = 65536
_CHUNK = 65536
_HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "proxy-connection",
    }
)


class BadMessage(Exception):
    """What the peer sent is not HTTP/1.1, or is ambiguous about where its body ends."""


class Headers:
    """The header lines in their order; names compare without regard to case."""

    def __init__(self, lines: list[tuple[str, str]]) -> None:
        self.lines = lines

    def all(self, name: str) -> list[str]:
        lower = name.lower()
        return [value for key, value in self.lines if key.lower() == lower]

    def first(self, name: str) -> str | None:
        return next(iter(self.all(name)), None)

    def tokens(self, name: str) -> set[str]:
        """The comma-separated words of a header such as Connection, in lower case."""
        return {word.strip().lower() for value in self.all(name) for word in value.split(",") if word.strip()}

    def without(self, names: set[str] | frozenset[str]) -> list[tuple[str, str]]:
        return [(key, value) for key, value in self.lines if key.lower() not in names]

    def end_to_end(self) -> list[tuple[str, str]]:
        """What may be passed on: all but the headers that speak of this one connection."""
        return self.without(_HOP_BY_HOP | self.tokens("connection"))


@dataclass
class Body:
    """Where the body of a message ends: after so many bytes, with the last chunk, or with the connection."""

    length: int | None = None
    chunked: bool = False
    until_close: bool = False

    @property
    def empty(self) -> bool:
        return not self.chunked and not self.until_close and not self.length

    async def read(self, reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
        if self.chunked:
            async for piece in _read_chunks(reader):
                yield piece
        elif self.until_close:
            while piece := await reader.read(_CHUNK):
                yield piece
        else:
            async for piece in _read_exactly(reader, self.length or 0):
                yield piece

    def header(self) -> list[tuple[str, str]]:
        """How the body is announced to the next hop; a body without a known end travels in chunks."""
        if self.chunked or self.until_close:
            return [("Transfer-Encoding", "chunked")]
        return [] if self.length is None else [("Content-Length", str(self.length))]

    def framed(self, piece: bytes) -> bytes:
        return b"%x\r\n%b\r\n" % (len(piece), piece) if self.chunked or self.until_close else piece

    def end(self) -> bytes:
        return b"0\r\n\r\n" if self.chunked or self.until_close else b""


@dataclass
class Request:
    method: str
    target: str
    version: str
    headers: Headers
    body: Body = field(default_factory=Body)

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]

    @property
    def host(self) -> str:
        """The host name without a port."""
        host = self.headers.first("host") or ""
        name, colon, port = host.rpartition(":")
        return name if colon and port.isdigit() else host

    @property
    def keep_alive(self) -> bool:
        words = self.headers.tokens("connection")
        return "keep-alive" in words if self.version == "HTTP/1.0" else "close" not in words


@dataclass
class Response:
    status: int
    reason: str
    headers: Headers
    version: str = "HTTP/1.1"
    body: Body = field(default_factory=Body)

    @property
    def keep_alive(self) -> bool:
        return self.version == "HTTP/1.1" and "close" not in self.headers.tokens("connection") and not self.body.until_close


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """The next request of a connection, or None where the client has closed it between requests."""
    head = await _read_head(reader)
    if head is None:
        return None
    first, headers = head
    words = first.split(" ")
    if len(words) != 3 or words[2] not in ("HTTP/1.1", "HTTP/1.0"):
        raise BadMessage(f"not an HTTP/1.1 request line: {first[:100]!r}")
    return Request(words[0], words[1], words[2], headers, _framing(headers) or Body())


async def read_response(reader: asyncio.StreamReader, method: str) -> Response:
    """The answer of a target; interim answers (1xx) other than an upgrade are left out."""
    while True:
        head = await _read_head(reader)
        if head is None:
            raise ConnectionResetError("the target closed the connection without an answer")
        first, headers = head
        version, _, rest = first.partition(" ")
        status, _, reason = rest.partition(" ")
        if not version.startswith("HTTP/1.") or not status.isdigit():
            raise BadMessage(f"not an HTTP/1.1 status line: {first[:100]!r}")
        if not 100 <= int(status) < 200 or int(status) == 101:
            return Response(int(status), reason, headers, version, _response_body(int(status), method, headers))


def head_bytes(first_line: str, lines: list[tuple[str, str]]) -> bytes:
    text = "".join(f"{name}: {value}\r\n" for name, value in lines)
    return f"{first_line}\r\n{text}\r\n".encode("latin-1")


def _response_body(status: int, method: str, headers: Headers) -> Body:
    if method == "HEAD" or status in (101, 204, 304):
        return Body()
    return _framing(headers) or Body(until_close=True)


def _framing(headers: Headers) -> Body | None:
    """A message that states its length in two ways could be read in two ways: it is refused, as AWS does."""
    encodings, lengths = headers.tokens("transfer-encoding"), set(headers.all("content-length"))
    if encodings:
        if encodings != {"chunked"} or lengths:
            raise BadMessage("ambiguous Transfer-Encoding")
        return Body(chunked=True)
    if not lengths:
        return None
    length = lengths.pop()
    if lengths or not (length.isascii() and length.isdigit()):
        raise BadMessage("ambiguous Content-Length")
    return Body(length=int(length))


async def _read_head(reader: asyncio.StreamReader) -> tuple[str, Headers] | None:
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as broken:
        if broken.partial.strip():
            raise BadMessage("the connection ended within a message head") from broken
        return None
    except asyncio.LimitOverrunError as overrun:
        raise BadMessage("the message head is too long") from overrun
    first, *rest = raw.decode("latin-1").lstrip("\r\n").rstrip("\r\n").split("\r\n")
    return first, Headers([_header_line(line) for line in rest])


def _header_line(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not name or name != name.strip():
        raise BadMessage(f"not a header line: {line[:100]!r}")
    return name, value.strip()


async def _read_exactly(reader: asyncio.StreamReader, length: int) -> AsyncIterator[bytes]:
    while length:
        piece = await reader.read(min(length, _CHUNK))
        if not piece:
            raise ConnectionResetError("the connection ended within a body")
        length -= len(piece)
        yield piece


async def _read_chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    try:
        while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
            async for piece in _read_exactly(reader, size):
                yield piece
            await reader.readexactly(2)
        while await reader.readuntil(b"\r\n") != b"\r\n":
            continue  # trailers are read to their end and left out
    except (ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as broken:
        raise ConnectionResetError("the connection ended within a chunked body") from broken
