"""What changes while a server runs: keys, credentials and revocations, as callers see it."""

import asyncio
import os
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc.aio
import jwt
import pytest

from tests.callers import HOUR_SECONDS, KEY, HandClock, bearing, token_for
from tests.database import Database
from tests.rpc.failures import failure_of
from tests.servers import apply_shape
from wallet.v1.topology_admin_pb2 import GetTopologyRequest
from wallet.v1.topology_admin_pb2_grpc import TopologyAdminStub
from wallet_server.core.refusals.access import CredentialsInvalid
from wallet_server.execution.credentials import CredentialReader
from wallet_server.execution.errors import RefusedError
from wallet_server.rpc.access.authenticator import Verifying
from wallet_server.rpc.access.issuing import SigningKey
from wallet_server.rpc.access.key_sources import KeyFile, KeyRing
from wallet_server.rpc.access.keys import VerifyingKey, read_keys
from wallet_server.rpc.access.refreshing import Refreshing
from wallet_server.rpc.access.tokens import TokenRules, TokenVerifier
from wallet_server.server import open_server
from wallet_server.settings import Settings
from wallet_server.storage.engine import create_engine

if TYPE_CHECKING:  # Stubs for asyncio exist for type checkers only.
    from wallet.v1.topology_admin_pb2_grpc import TopologyAdminAsyncStub

REQUEST = GetTopologyRequest(tenant_id="demo")
LET_IN = "let in"
WAIT_SECONDS = 20


@dataclass
class Door:
    """A server that looks again every tenth of a second, and the file with its keys."""

    stub: "TopologyAdminAsyncStub"
    keys: Path

    async def knock(self, token: str) -> str:
        """Returns what a caller with a token hears."""
        try:
            await self.stub.GetTopology(REQUEST, metadata=bearing(token))
        except grpc.aio.AioRpcError as error:
            return f"{error.code().name}: {error.details()}"
        return LET_IN

    async def knock_until(self, token: str, heard: str) -> None:
        """Knocks until a caller hears something."""
        async with asyncio.timeout(WAIT_SECONDS):
            while heard not in await self.knock(token):
                await asyncio.sleep(0)

    def write_keys(self, *keys: SigningKey) -> None:
        """Replaces the file of keys."""
        fresh = self.keys.with_suffix(".new")
        fresh.write_bytes(b"".join(key.public_pem() for key in keys))
        os.replace(fresh, self.keys)  # noqa: PTH105 - so that nobody sees half of it.


@asynccontextmanager
async def opened(database: Database, folder: Path, **authentication: float) -> AsyncGenerator[Door]:
    await apply_shape(database, "demo", "ruby")
    keys = folder / "keys.pem"
    keys.write_bytes(KEY.public_pem())
    settings = Settings(
        listen_port=0,
        due_work_enabled=False,
        auth_keys_file=keys,
        auth_poll_seconds=0.1,
        **authentication,  # pyright: ignore[reportArgumentType] - none of them is a list.
    )
    async with (
        open_server(settings, database.server_url) as server,
        grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel,
    ):
        yield Door(TopologyAdminStub(channel), keys)


async def test_keys_are_changed_without_a_restart(database: Database, tmp_path: Path) -> None:
    new = SigningKey.new()
    old_token, new_token = token_for("support"), token_for("support", key=new)
    async with opened(database, tmp_path) as door:
        assert await door.knock(old_token) == LET_IN
        assert "no known key" in await door.knock(new_token)
        door.write_keys(KEY, new)
        # Nobody waits for the next look: a key that is not known is looked for.
        assert await door.knock(new_token) == LET_IN
        assert await door.knock(old_token) == LET_IN
        door.write_keys(new)
        await door.knock_until(old_token, "no known key")
        assert await door.knock(new_token) == LET_IN


async def test_revocations_count_without_a_restart(database: Database, tmp_path: Path) -> None:
    first, second = token_for("support", age_seconds=60), token_for("support", age_seconds=60)
    other, later = token_for("support", subject="other"), token_for("support")
    connection = await database.connect()
    async with opened(database, tmp_path) as door:
        assert {await door.knock(each) for each in (first, second, other)} == {LET_IN}
        token_id = jwt.decode(first, options={"verify_signature": False})["jti"]
        await connection.execute(REVOCATION, "TOKEN_ID", token_id, datetime.now(UTC))
        await door.knock_until(first, "was revoked")
        assert await door.knock(second) == LET_IN
        before = datetime.now(UTC) - timedelta(seconds=30)
        await connection.execute(REVOCATION, "SUBJECT", "caller", before)
        await door.knock_until(second, "was revoked")
        assert {await door.knock(each) for each in (later, other)} == {LET_IN}


async def test_a_revoked_token_stays_so_for_as_long_as_clocks_may_differ(
    database: Database, tmp_path: Path
) -> None:
    """It ended five seconds ago by the clock of whoever issued it, which may be late."""
    token = token_for("support", age_seconds=60, lifetime_seconds=55)
    connection = await database.connect()
    async with opened(
        database, tmp_path, auth_token_seconds_max=55, auth_clock_skew_seconds=300
    ) as door:
        assert await door.knock(token) == LET_IN
        token_id = jwt.decode(token, options={"verify_signature": False})["jti"]
        await connection.execute(
            "INSERT INTO revocations VALUES (gen_random_uuid(), 'TOKEN_ID', $1, $2, $2)",
            token_id,
            datetime.now(UTC) - timedelta(seconds=56),
        )
        await door.knock_until(token, "was revoked")


REVOCATION = "INSERT INTO revocations VALUES (gen_random_uuid(), $1, $2, $3, now())"

CREDENTIAL = """
    INSERT INTO credentials VALUES
    ('c1', 'TOKEN_SUBJECT', 'caller', '{demo}', '{support}', '', false, 'ACTIVE', 1, 'a', now(),
     now(), NULL)
"""


async def test_credentials_count_and_end_without_a_restart(
    database: Database, tmp_path: Path
) -> None:
    token = token_for(tenants=[])
    connection = await database.connect()
    async with opened(database, tmp_path) as door:
        assert "its subject has no credential" in await door.knock(token)
        await connection.execute(CREDENTIAL)
        await door.knock_until(token, LET_IN)
        await connection.execute("UPDATE credentials SET state = 'REVOKED'")
        await door.knock_until(token, "its subject has no credential")


async def test_what_was_known_stays_while_the_database_is_away(
    database: Database, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keys = tmp_path / "keys.pem"
    keys.write_bytes(KEY.public_pem())
    ring, now = KeyRing(KeyFile(keys)), datetime.now(UTC)
    away = create_engine("postgresql://nobody@127.0.0.1:1/nowhere")
    reader = CredentialReader(away, lambda: now, token_seconds_max=60)

    class Clock:
        def now(self) -> datetime:
            return now

    refreshing = Refreshing(Verifying(Clock(), ring=ring), reader, ring, interval_seconds=0.01)
    refreshing.start()
    async with asyncio.timeout(WAIT_SECONDS):
        while not any("credentials stay" in each.message for each in caplog.records):
            await asyncio.sleep(0)
    await refreshing.finish()
    await away.dispose()

    # The keys were read meanwhile.
    assert len(ring.find(None)) == 1


class SilentProvider:
    """Gives its keys once, and does not answer again until it is let."""

    def __init__(self) -> None:
        self.is_let = asyncio.Event()
        self._keys: tuple[VerifyingKey, ...] | None = read_keys(KEY.public_pem())

    async def read(self, *, is_missed: bool) -> Sequence[VerifyingKey] | None:
        del is_missed
        keys, self._keys = self._keys, None
        if keys is None:
            await self.is_let.wait()
        return keys


async def test_revocations_count_while_whoever_has_the_keys_does_not_answer(
    database: Database,
) -> None:
    provider, clock, token = SilentProvider(), HandClock(datetime.now(UTC)), token_for("support")
    ring, engine = KeyRing(provider), create_engine(database.server_url)
    verifier = TokenVerifier(ring, TokenRules(), clock.now)
    verifying = Verifying(clock, ring=ring, verifier=verifier)
    reader = CredentialReader(engine, clock.now, token_seconds_max=HOUR_SECONDS)
    refreshing = Refreshing(verifying, reader, ring, interval_seconds=0.01)
    await refreshing.refresh()
    refreshing.start()
    of_call: Any = None  # A token is in the metadata: nobody asks the call for a certificate.
    assert (await verifying.identify(of_call, bearing(token))).subject == "caller"
    connection = await database.connect()
    await connection.execute(REVOCATION, "SUBJECT", "caller", clock.now() + timedelta(minutes=1))

    async with asyncio.timeout(WAIT_SECONDS):
        while verifying.known(of_call, bearing(token)) is not None:
            await asyncio.sleep(0)
    with pytest.raises(RefusedError) as refused:
        await verifying.identify(of_call, bearing(token))

    assert refused.value.refusal == CredentialsInvalid("the token was revoked")
    provider.is_let.set()
    await refreshing.finish()
    await engine.dispose()


async def test_a_caller_whose_credentials_are_wrong_hears_why_and_no_more(
    database: Database, tmp_path: Path
) -> None:
    async with opened(database, tmp_path) as door:
        failure = await failure_of(
            door.stub.GetTopology(REQUEST, metadata=bearing(token_for(tenants=["other"])))
        )

    assert failure.reason == "CREDENTIALS_INVALID"
    assert failure.metadata == {"why": "the token names tenants or a player, but no roles"}
