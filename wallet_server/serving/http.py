"""An HTTP server of a few pages that only tell: each is asked for by GET, and made when asked for.

Written here, on asyncio's streams: it answers from the loop that does the work, so
that whoever gets an answer knows that the loop is alive, and everything that a
stranger can make grow has a limit. Each connection is closed after its answer.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus

REQUEST_BYTES_MAX = 8_192
REQUEST_SECONDS_MAX = 5.0
CONNECTIONS_MAX = 64

END_OF_REQUEST = b"\r\n\r\n"
TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered to a request."""

    body: bytes
    status: HTTPStatus = HTTPStatus.OK
    content_type: str = TEXT

    @classmethod
    def of(cls, status: HTTPStatus) -> "Answer":
        """Returns an answer that says its status and no more."""
        return cls(f"{status.phrase}\n".encode(), status)


Pages = Mapping[str, Callable[[], Answer]]
"""What makes each page, by its path."""


@asynccontextmanager
async def serve_pages(pages: Pages, *, host: str, port: int) -> AsyncGenerator[int]:
    """Serves for as long as the block lasts. Yields the port.

    Raises:
        OSError: Nothing can listen there.
    """
    server = await asyncio.start_server(
        Connections(pages).serve, host, port, limit=REQUEST_BYTES_MAX
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()  # Its connections end by themselves, soon.


class Connections:
    """The connections there are."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._count = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers one request, or none if it does not come in time or there are too many."""
        self._count += 1
        try:
            if self._count <= CONNECTIONS_MAX:
                async with asyncio.timeout(REQUEST_SECONDS_MAX):
                    writer.write(await self._answer(reader))
                    await writer.drain()
        except (OSError, EOFError, TimeoutError):
            writer.transport.abort()  # Whoever asked has gone, or should.
        finally:
            self._count -= 1
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader) -> bytes:
        """Reads a request and returns the bytes of its answer."""
        try:
            request = await reader.readuntil(END_OF_REQUEST)
        except asyncio.LimitOverrunError:
            return encode(Answer.of(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE), method="GET")
        method, _, rest = request.partition(b"\r\n")[0].decode("latin-1").partition(" ")
        path = rest.partition(" ")[0].partition("?")[0]
        if method not in ("GET", "HEAD"):
            return encode(Answer.of(HTTPStatus.METHOD_NOT_ALLOWED), method=method)
        page = self._pages.get(path)
        return encode(page() if page else Answer.of(HTTPStatus.NOT_FOUND), method=method)


def encode(answer: Answer, *, method: str) -> bytes:
    """Returns an answer as it is sent; that to HEAD has no body."""
    head = (
        f"HTTP/1.1 {answer.status.value} {answer.status.phrase}",
        f"Content-Type: {answer.content_type}",
        f"Content-Length: {len(answer.body)}",
        "Allow: GET, HEAD",
        "Cache-Control: no-store",
        "Connection: close",
    )
    body = b"" if method == "HEAD" else answer.body
    return "\r\n".join(head).encode("latin-1") + END_OF_REQUEST + body
