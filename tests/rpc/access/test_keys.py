"""Public keys: which are taken, from a file or an address, and how they are changed."""

import asyncio
import json
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from jwt.algorithms import OKPAlgorithm

from tests.rpc.access.descriptors import no_more_files
from wallet_server.rpc.access.key_sources import KeyAddress, KeyFile, KeyRing
from wallet_server.rpc.access.keys import KeysError, name_of, read_keys

ED = Ed25519PrivateKey.generate()
EC = ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


def pem(key: Any) -> bytes:
    encoded: bytes = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return encoded


def jwk(key: Ed25519PrivateKey, key_id: str) -> dict[str, Any]:
    described: dict[str, Any] = json.loads(OKPAlgorithm.to_jwk(key.public_key(), as_dict=False))
    return described | {"kid": key_id, "use": "sig", "alg": "EdDSA"}


def jwks(*keys: dict[str, Any]) -> bytes:
    return json.dumps({"keys": keys}).encode()


# --- What is taken


def test_pem_may_hold_keys_of_three_kinds() -> None:
    keys = read_keys(b"a comment\n" + pem(ED) + pem(EC) + b"\n" + pem(RSA))

    assert [key.algorithm for key in keys] == ["EdDSA", "ES256", "RS256"]
    assert [key.key_id for key in keys] == [name_of(each.public_key()) for each in (ED, EC, RSA)]


def test_a_key_set_may_hold_keys_for_others_too() -> None:
    content = jwks(
        jwk(ED, "mine"),
        jwk(ED, "to-encrypt-with") | {"use": "enc"},
        {"kty": "a-kind-to-come", "kid": "new"},
    )

    [key] = read_keys(content)

    assert (key.key_id, key.algorithm, key.key) == ("mine", "EdDSA", ED.public_key())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no key",
        b"{}",
        b'{"keys": []}',
        b'{"keys": 5}',
        b'{"keys": [5]}',
        b"{",
        jwks(jwk(ED, "k") | {"d": "c2VjcmV0"}),
        jwks({"kty": "oct", "k": "c2VjcmV0", "kid": "shared"}),
        pem(ED) * 65,
        ED.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        pem(ED).replace(b"A", b"B"),
        pem(ec.generate_private_key(ec.SECP384R1())),
        pem(rsa.generate_private_key(public_exponent=65_537, key_size=1_024)),  # noqa: S505
        pem(ed448.Ed448PrivateKey.generate()),
    ],
)
def test_what_is_unfit_is_not_taken(content: bytes) -> None:
    with pytest.raises(KeysError):
        read_keys(content)


# --- A file


def write(path: Path, content: bytes) -> None:
    """Replaces a file, as whoever changes keys should."""
    fresh = path.with_suffix(".new")
    fresh.write_bytes(content)
    os.replace(fresh, path)  # noqa: PTH105 - so that nobody sees half of it.


async def test_keys_of_a_file_are_changed_while_it_is_read(tmp_path: Path) -> None:
    path, new = tmp_path / "keys.pem", Ed25519PrivateKey.generate()
    write(path, pem(ED))
    ring = KeyRing(KeyFile(path))
    await ring.load()
    old_id, new_id = name_of(ED.public_key()), name_of(new.public_key())

    assert [key.key_id for key in ring.find(None)] == [old_id]
    write(path, pem(ED) + pem(new))
    assert ring.find(new_id) == []
    await ring.refresh()
    assert [key.key_id for key in ring.find(None)] == [old_id, new_id]
    write(path, pem(new))
    await ring.refresh()
    assert ring.find(old_id) == []
    assert ring.version == 3


async def test_a_file_that_makes_no_sense_changes_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "keys.pem"
    write(path, pem(ED))
    ring = KeyRing(KeyFile(path))
    await ring.load()

    for harm in (lambda: write(path, b"rubbish"), path.unlink):
        harm()
        await ring.refresh()

    assert len(ring.find(None)) == 1
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]
    assert all(str(path) in record.message for record in caplog.records)


async def test_a_file_that_could_not_be_opened_is_read_when_it_can(tmp_path: Path) -> None:
    """A key that was taken out must not stay for want of a descriptor at that moment."""
    path, new = tmp_path / "keys.pem", Ed25519PrivateKey.generate()
    write(path, pem(ED))
    ring = KeyRing(KeyFile(path))
    await ring.load()
    write(path, pem(new))

    with no_more_files():
        await ring.refresh()
    assert [key.key_id for key in ring.find(None)] == [name_of(ED.public_key())]

    await ring.refresh()
    assert [key.key_id for key in ring.find(None)] == [name_of(new.public_key())]


async def test_keys_that_cannot_be_read_at_first_are_told_of(tmp_path: Path) -> None:
    with pytest.raises(KeysError, match=r"keys\.pem: No such file"):
        await KeyRing(KeyFile(tmp_path / "keys.pem")).load()


# --- An address


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


async def ids_read(source: KeyAddress, *, is_missed: bool = False) -> list[str] | None:
    keys = await source.read(is_missed=is_missed)
    return None if keys is None else [key.key_id for key in keys]


async def test_keys_are_fetched_when_they_are_old_or_one_is_missing(provider: Provider) -> None:
    provider.content = jwks(jwk(ED, "a"))
    watch = Watch()
    source = KeyAddress(
        provider.url, age_seconds_max=300, pause_seconds_min=5, now_seconds=watch.read
    )

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
    source = KeyAddress(
        provider.url, age_seconds_max=300, pause_seconds_min=5, now_seconds=watch.read
    )
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
