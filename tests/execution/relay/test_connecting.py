"""NATS is told who the relay is in every way that it asks for, and through TLS if it is to be."""

import asyncio
import json
import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.callers import Authority, Identity
from tests.execution.relay.conftest import Relays, relay_all
from tests.execution.relay.nats_accounts import USER, Key, make_accounts
from wallet_server.core.ids import WalletRef
from wallet_server.embedded.nats import EmbeddedNats
from wallet_server.execution.relay.broker import Broker
from wallet_server.execution.relay.errors import BrokerError
from wallet_server.execution.relay.settings import NatsSettings

NATS_PAGE = Path(__file__).parents[3] / "docs" / "operating" / "nats.md"
ANN = WalletRef("demo", "ann", "EUR")
ACK_SECONDS = 10.0
PASSWORD_SETTINGS = 'authorization { user: "relay", password: "se/cret" }'


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="wallet-test-") as made:
        yield Path(made)


async def connects(settings: NatsSettings) -> bool:
    """Whether the relay gets through to its stream."""
    try:
        broker = await Broker.open(settings, ack_seconds=ACK_SECONDS)
    except BrokerError:
        return False
    try:
        return await broker.last_sequence() == 0
    finally:
        await broker.close()


async def test_by_a_password_in_the_url(folder: Path) -> None:
    with EmbeddedNats.start(folder / "nats", settings=PASSWORD_SETTINGS) as server:
        place = f"127.0.0.1:{server.port}"

        assert await connects(NatsSettings((f"nats://relay:se%2Fcret@{place}",)))
        assert not await connects(NatsSettings((f"nats://relay:another-secret@{place}",)))
        assert not await connects(NatsSettings((f"nats://{place}",)))


async def test_by_an_nkey_in_a_file(folder: Path) -> None:
    key, other = (Key.make(USER) for _ in range(2))
    (folder / "relay.nk").write_bytes(key.seed)
    (folder / "other.nk").write_bytes(other.seed)
    settings = f"authorization {{ users: [ {{ nkey: {key.name} }} ] }}"
    with EmbeddedNats.start(folder / "nats", settings=settings) as server:
        nats = NatsSettings((server.url,))

        assert await connects(replace(nats, nats_nkey_file=folder / "relay.nk"))
        assert not await connects(replace(nats, nats_nkey_file=folder / "other.nk"))
        assert not await connects(replace(nats, nats_nkey_file=folder / "none.nk"))


async def test_by_credentials_in_a_file(folder: Path) -> None:
    accounts, others = make_accounts(), make_accounts()
    (folder / "relay.creds").write_text(accounts.credentials)
    (folder / "other.creds").write_text(others.credentials)
    (folder / "broken.creds").write_text("nothing of the kind")
    with EmbeddedNats.start(folder / "nats", settings=accounts.settings) as server:
        nats = NatsSettings((server.url,))

        assert await connects(replace(nats, nats_credentials_file=folder / "relay.creds"))
        assert not await connects(replace(nats, nats_credentials_file=folder / "other.creds"))
        assert not await connects(replace(nats, nats_credentials_file=folder / "none.creds"))
        assert not await connects(replace(nats, nats_credentials_file=folder / "broken.creds"))


async def test_by_a_token_in_the_url(folder: Path) -> None:
    settings = 'authorization { token: "se/cret" }'
    with EmbeddedNats.start(folder / "nats", settings=settings) as server:
        place = f"127.0.0.1:{server.port}"

        assert await connects(NatsSettings((f"nats://se%2Fcret@{place}",)))
        assert not await connects(NatsSettings((f"nats://another-secret@{place}",)))


def write(folder: Path, name: str, identity: Identity) -> tuple[Path, Path]:
    """Writes a certificate and its key to files."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    certificate.write_bytes(identity.certificate)
    key.write_bytes(identity.key)
    return certificate, key


async def test_by_a_certificate_through_tls(folder: Path) -> None:
    authority, stranger = Authority(), Authority("Another Authority")
    (folder / "root.pem").write_bytes(authority.root)
    (folder / "other.pem").write_bytes(stranger.root)
    server_file, server_key = write(folder, "server", authority.issue("nats", hosts=["localhost"]))
    own_file, own_key = write(folder, "relay", authority.issue("relay"))
    settings = (
        f'tls {{ cert_file: "{server_file}", key_file: "{server_key}",'
        f' ca_file: "{folder / "root.pem"}", verify: true }}'
    )
    with EmbeddedNats.start(folder / "nats", settings=settings) as server:
        without = NatsSettings(
            (f"tls://localhost:{server.port}",), nats_ca_file=folder / "root.pem"
        )
        nats = replace(without, nats_certificate_file=own_file, nats_key_file=own_key)

        assert await connects(nats)
        assert await connects(replace(nats, nats_urls=(f"nats://localhost:{server.port}",)))
        of_another_name = f"tls://127.0.0.1:{server.port}"
        bad = (
            without,
            replace(nats, nats_ca_file=folder / "other.pem"),
            replace(nats, nats_ca_file=None),
            replace(nats, nats_urls=(of_another_name,)),
        )
        assert await asyncio.gather(*map(connects, bad)) == [False] * 4


async def test_what_is_to_go_through_tls_never_goes_in_the_clear(folder: Path) -> None:
    with EmbeddedNats.start(folder / "nats", settings=PASSWORD_SETTINGS) as server:
        place = f"relay:se%2Fcret@127.0.0.1:{server.port}"

        assert await connects(NatsSettings((f"nats://{place}",)))
        with pytest.raises(BrokerError, match="secure connection") as refused:
            await Broker.open(NatsSettings((f"tls://{place}",)), ack_seconds=ACK_SECONDS)
        assert "cret" not in str(refused.value)


async def test_any_server_of_several_will_do(folder: Path) -> None:
    with EmbeddedNats.start(folder / "nats") as server:
        gone = EmbeddedNats.start(folder / "gone")
        gone.stop()

        for _ in range(5):
            assert await connects(NatsSettings((gone.url, server.url)))


async def test_the_rights_that_operators_are_told_to_give_are_enough(
    relays: Relays, folder: Path
) -> None:
    told = NATS_PAGE.read_text("utf-8")
    publish, subscribe = (
        re.split(r",\s+", found)
        for found in re.findall(
            r"^    publish:\s+(.*?)^    subscribe:\s+(.*?)$", told, re.DOTALL | re.MULTILINE
        )[0]
    )
    permissions = json.dumps({"publish": [*map(str.strip, publish)], "subscribe": subscribe})
    settings = (
        f'authorization {{ users: [ {{ user: "relay", password: "secret",'
        f" permissions: {permissions} }} ] }}"
    )
    with EmbeddedNats.start(folder / "nats", settings=settings) as server:
        relays.stream = NatsSettings((f"nats://relay:secret@127.0.0.1:{server.port}",))
        await relays.record(ANN, times=3)
        await relay_all(await relays.make())
        relay = await relays.make()
        await relays.record(ANN)
        await relay_all(relay)

        assert relay.statistics.events == 1

        another = replace(relays.stream, nats_subject_prefix="another")
        relays.stream = replace(another, nats_stream="WALLET")
        await relays.record(ANN)
        with pytest.raises(BrokerError, match="permissions violation"):
            await relay_all(await relays.make())
