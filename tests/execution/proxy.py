"""A proxy before Postgres that loses connections at the worst moment.

It takes Unix-socket connections as Postgres does, so an executor needs only another
URL. A mishap is armed for the next recording: the next statement with parameters on a
connection that asks for serializable transactions.
"""

import asyncio
import contextlib
import shutil
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from enum import Enum, auto
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit, urlunsplit

from tests.database import Database

CHUNK_BYTES = 1 << 20
BIND = b"B"
SOCKET_NAME = ".s.PGSQL.5432"


class Mishap(Enum):
    """How a recording is lost."""

    BEFORE = auto()
    """The connection ends before Postgres hears of the statement."""
    REPLY = auto()
    """Postgres carries the statement out; the reply does not get through."""
    ABANDONED = auto()
    """Postgres works on, and does not notice that nobody listens any more."""
    SILENT = auto()
    """Nothing gets through any more, in either direction, and nobody is told."""


class Proxy:
    """Passes everything on, but for what is armed."""

    def __init__(self, database: Database, folder: Path) -> None:
        """Listens nowhere yet."""
        self._database = database
        self._folder = folder
        self._server: asyncio.Server | None = None
        self._links: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._armed: list[Mishap] = []
        self._upstream = upstream_of(database.server_url)
        self.happened = asyncio.Event()
        self.connections_count = 0

    @property
    def url(self) -> str:
        """The database's URL, through the proxy."""
        parts = urlsplit(self._database.server_url)
        return urlunsplit(parts._replace(query=f"host={quote(str(self._folder), safe='/')}"))

    def arm(self, *mishaps: Mishap) -> None:
        """Prepares mishaps for the next recordings, one each."""
        self._armed.extend(mishaps)
        self.happened.clear()

    def lead_to(self, url: str) -> None:
        """Leads new connections to where Postgres listens now."""
        self._upstream = upstream_of(url)

    async def listen(self) -> None:
        """Takes connections."""
        self._server = await asyncio.start_unix_server(self._link, self._folder / SOCKET_NAME)

    async def refuse(self) -> None:
        """Ends all connections and takes no more."""
        if self._server is not None:
            self._server.close()
            (self._folder / SOCKET_NAME).unlink(missing_ok=True)
            self._server = None
        for link in list(self._links):
            link.cancel()
        await asyncio.gather(*self._links, return_exceptions=True)
        for writer in self._writers:
            writer.close()
        self._writers.clear()

    async def _link(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._links.add(task)
        self.connections_count += 1
        try:
            upstream = await asyncio.open_unix_connection(str(self._upstream))
            self._writers.update((writer, upstream[1]))
            await Link(self, (reader, writer), upstream).run()
        except (OSError, asyncio.CancelledError):
            writer.close()
        finally:
            self._links.discard(task)

    def next_mishap(self) -> Mishap | None:
        """Returns what happens to the recording that is about to be sent."""
        return self._armed.pop(0) if self._armed else None


Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Link:
    """One connection through the proxy."""

    def __init__(self, proxy: Proxy, client: Stream, server: Stream) -> None:
        """Takes both ends."""
        self._proxy = proxy
        self._client = client
        self._server = server
        self._mishap: Mishap | None = None

    async def run(self) -> None:
        """Passes on until either end closes, or a mishap ends it."""
        down = asyncio.create_task(self._pass_down())
        try:
            await self._pass_up()
            if self._mishap is Mishap.ABANDONED:
                await down  # As long as Postgres has something to say to nobody.
        finally:
            down.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await down
            for _, writer in (self._client, self._server):
                writer.close()

    async def _pass_up(self) -> None:
        reader, writer = self._client[0], self._server[1]
        records = False
        while chunk := await reader.read(CHUNK_BYTES):
            records = records or b"default_transaction_isolation\0serializable" in chunk
            if records and self._mishap is None and chunk.startswith(BIND):
                self._mishap = self._proxy.next_mishap()
            if self._mishap is Mishap.BEFORE:
                self._proxy.happened.set()
                return
            if self._mishap is Mishap.SILENT:
                self._proxy.happened.set()
                continue
            writer.write(chunk)
            await writer.drain()
            if self._mishap is Mishap.ABANDONED:
                self._proxy.happened.set()
                self._client[1].close()
                return

    async def _pass_down(self) -> None:
        reader, writer = self._server[0], self._client[1]
        with contextlib.suppress(OSError):
            while chunk := await reader.read(CHUNK_BYTES):
                if self._mishap is Mishap.REPLY:
                    self._proxy.happened.set()
                    break
                if self._mishap is None:
                    writer.write(chunk)
                    await writer.drain()
        if self._mishap is not Mishap.SILENT:
            writer.close()


def upstream_of(url: str) -> Path:
    """Returns the socket that a URL leads to."""
    return Path(parse_qs(urlsplit(url).query)["host"][0]) / SOCKET_NAME


@asynccontextmanager
async def open_proxy(database: Database) -> AsyncGenerator[Proxy]:
    """Runs a proxy before a database."""
    folder = Path(tempfile.mkdtemp(prefix="wallet-proxy-"))
    proxy = Proxy(database, folder)
    await proxy.listen()
    try:
        yield proxy
    finally:
        await proxy.refuse()
        shutil.rmtree(folder, ignore_errors=True)
