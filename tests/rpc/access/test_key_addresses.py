"""Keys at an address: when they are fetched, and what cannot be."""

import asyncio
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from tests.rpc.access.key_sets import ED, jwk, jwks
from wallet_server.rpc.access.key_sources import KeyAddress, KeyRing
from wallet_server.rpc.access.keys import KeysError


class Provider:
    """Serves a key set, and counts who asks."""

    def __init__(self) -> None:
        self.content = b""
        self.status = 200
        self.calls_count = 0
        self.url = ""

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.calls_count += 1
        handler.send_response(self.status)
        if self.status == 302:
            handler.send_header("Location", self.url)
        handler.end_headers()
        handler.wfile.write(self.content)


@pytest.fixture
def provider() -> Iterator[Provider]:
    with serving(Provider()) as running:
        yield running


@contextmanager
def serving(provider: Provider) -> Generator[Provider]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.answer(self)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            del format, args

    server = HTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_port}/keys"
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield provider
    server.shutdown()
    thread.join()
    server.server_close()


class Watch:
    """A stop watch that a test moves."""

    seconds = 0.0

    def read(self) -> float:
        return self.seconds


def address_of(provider: Provider, watch: Watch) -> KeyAddress:
    """Returns a source of keys that are old after 300 s, with 5 s between two tries."""
    return KeyAddress(
        provider.url, age_seconds_max=300, pause_seconds_min=5, now_seconds=watch.read
    )


async def ids_read(source: KeyAddress, *, is_missed: bool = False) -> list[str] | None:
    keys = await source.read(is_missed=is_missed)
    return None if keys is None else [key.key_id for key in keys]


async def test_keys_are_fetched_when_they_are_old_or_one_is_missing(provider: Provider) -> None:
    provider.content = jwks(jwk(ED, "a"))
    watch = Watch()
    source = address_of(provider, watch)

    assert await ids_read(source) == ["a"]
    watch.seconds = 4.9
    assert await ids_read(source, is_missed=True) is None
    watch.seconds = 5
    provider.content = jwks(jwk(ED, "b"))
    assert await ids_read(source) is None
    assert await ids_read(source, is_missed=True) == ["b"]
    watch.seconds = 304.9
    assert await ids_read(source) is None
    watch.seconds = 305
    assert await ids_read(source) == ["b"]
    assert provider.calls_count == 3


async def test_keys_that_could_not_be_fetched_are_still_old(provider: Provider) -> None:
    """A key that was taken out must not stay for as long again as somebody fails to answer once."""
    provider.content = jwks(jwk(ED, "a"))
    watch = Watch()
    source = address_of(provider, watch)
    assert await ids_read(source) == ["a"]

    watch.seconds = 300
    provider.status = 500
    with pytest.raises(KeysError):
        await source.read(is_missed=False)
    provider.status, provider.content = 200, jwks(jwk(ED, "b"))

    watch.seconds = 304.9
    assert await ids_read(source) is None
    watch.seconds = 305
    assert await ids_read(source) == ["b"]
    watch.seconds = 310
    assert await ids_read(source) is None


@pytest.mark.parametrize(
    ("status", "content"),
    [(500, b""), (404, jwks(jwk(ED, "a"))), (302, b""), (200, b"{"), (200, b" " * 1_048_577)],
    ids=["broken", "missing", "elsewhere", "rubbish", "large"],
)
async def test_what_cannot_be_fetched_changes_nothing(
    provider: Provider, status: int, content: bytes
) -> None:
    provider.content = jwks(jwk(ED, "a"))
    source = KeyAddress(provider.url, age_seconds_max=0, pause_seconds_min=0)
    ring = KeyRing(source)
    await ring.load()

    provider.status, provider.content = status, content
    await ring.refresh()

    assert [key.key_id for key in ring.find(None)] == ["a"]
    assert ring.version == 1
    with pytest.raises(KeysError):
        await KeyRing(source).load()


async def test_nobody_at_an_address_is_told_of() -> None:
    source = KeyAddress("http://127.0.0.1:1/keys", age_seconds_max=1, pause_seconds_min=1)

    with pytest.raises(KeysError, match=r"http://127\.0\.0\.1:1/keys: it cannot be fetched"):
        await KeyRing(source).load()


async def test_what_answers_in_no_http_changes_nothing() -> None:
    async def babble(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH_9.6\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(babble, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        url = f"http://127.0.0.1:{port}/keys"
        source = KeyAddress(url, age_seconds_max=1, pause_seconds_min=1)

        with pytest.raises(KeysError, match="it cannot be fetched"):
            await KeyRing(source).load()
