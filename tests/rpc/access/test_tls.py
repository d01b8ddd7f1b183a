"""TLS over a real socket: who is let in, and how certificates are renewed."""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import grpc
import grpc.aio
import pytest

from tests.callers import KEY, Authority, Identity, bearing, token_for
from tests.database import Database
from tests.rpc.access.descriptors import no_more_files
from tests.rpc.failures import failure_of
from tests.servers import apply_shape
from wallet.v1.topology_admin_pb2 import GetTopologyRequest
from wallet.v1.topology_admin_pb2_grpc import TopologyAdminStub
from wallet_server.rpc.tls import Tls, TlsError, TlsFiles
from wallet_server.server import open_server
from wallet_server.settings import Settings
from wallet_server.starting import AuthenticationError

if TYPE_CHECKING:  # Stubs for asyncio exist for type checkers only.
    from wallet.v1.topology_admin_pb2_grpc import TopologyAdminAsyncStub

REQUEST = GetTopologyRequest(tenant_id="demo")


def write(path: Path, content: bytes) -> Path:
    """Replaces a file at once."""
    fresh = path.with_suffix(".new")
    fresh.write_bytes(content)
    os.replace(fresh, path)  # noqa: PTH105 - so that nobody sees half of it.
    return path


class Place:
    """The files of a server, and who signs what is in them."""

    def __init__(self, folder: Path) -> None:
        self.authority = Authority()
        self.certificate = folder / "server.pem"
        self.key = folder / "server.key"
        self.client_ca = write(folder / "clients.pem", self.authority.root)
        self.keys = write(folder / "keys.pub", KEY.public_pem())
        self.renew()

    def renew(self) -> Identity:
        """Gives the server another certificate."""
        identity = self.authority.issue("wallet", hosts=["localhost"])
        write(self.key, identity.key)
        write(self.certificate, identity.certificate)
        return identity

    def settings(self, *, asks_for_certificates: bool) -> Settings:
        return Settings(
            listen_host="localhost",
            listen_port=0,
            due_work_enabled=False,
            auth_keys_file=self.keys,
            auth_poll_seconds=0.1,
            tls_certificate_file=self.certificate,
            tls_key_file=self.key,
            tls_client_ca_file=self.client_ca if asks_for_certificates else None,
        )

    @asynccontextmanager
    async def connected(
        self, port: int, identity: Identity | None = None, roots: bytes | None = None
    ) -> AsyncGenerator["TopologyAdminAsyncStub"]:
        """Connects for as long as the block lasts, with a certificate or without."""
        credentials = grpc.ssl_channel_credentials(
            roots or self.authority.root,
            identity.key if identity else None,
            identity.certificate if identity else None,
        )
        own_connection = [("grpc.use_local_subchannel_pool", 1)]
        target = f"localhost:{port}"
        async with grpc.aio.secure_channel(target, credentials, options=own_connection) as channel:
            yield TopologyAdminStub(channel)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


async def grant(database: Database, subject: str, roles: list[str], tenants: list[str]) -> None:
    """Gives a certificate's subject a credential, as an administrator would."""
    connection = await database.connect()
    await connection.execute(
        "INSERT INTO credentials VALUES ($1, 'CERTIFICATE', $1, $2, $3, '', false, 'ACTIVE', 1,"
        " 'a', now(), now(), NULL)",
        *(subject, tenants, roles),
    )


async def test_a_caller_is_known_by_its_certificate(place: Place, database: Database) -> None:
    await apply_shape(database, "demo", "ruby")
    await grant(database, "spiffe://acme/support", ["support"], ["demo"])
    await grant(database, "CN=cash", ["cashier"], ["demo"])
    await grant(database, "CN=elsewhere", ["support"], ["other"])
    support = place.authority.issue("x", uris=["spiffe://acme/support"])
    settings = place.settings(asks_for_certificates=True)
    async with open_server(settings, database.server_url) as server:
        async with place.connected(server.port, support) as stub:
            shown = await stub.GetTopology(REQUEST)
            shown_to_token = await failure_of(
                stub.GetTopology(REQUEST, metadata=bearing(token_for("cashier")))
            )
        failures = {}
        for name in ("cash", "elsewhere", "nobody"):
            async with place.connected(server.port, place.authority.issue(name)) as stub:
                failures[name] = (await failure_of(stub.GetTopology(REQUEST))).reason

    assert shown.topology.version == 1
    assert shown_to_token.reason == "PERMISSION_MISSING"
    assert failures == {
        "cash": "PERMISSION_MISSING",
        "elsewhere": "TENANT_NOT_ALLOWED",
        "nobody": "CREDENTIALS_INVALID",
    }


async def test_nobody_connects_without_a_certificate_of_the_right_authority(
    place: Place, database: Database
) -> None:
    async with open_server(
        place.settings(asks_for_certificates=True), database.server_url
    ) as server:
        for identity in (None, Authority("Another").issue("cash")):
            async with place.connected(server.port, identity) as stub:
                failure = await failure_of(stub.GetTopology(REQUEST, timeout=5))
            assert failure.code is grpc.StatusCode.UNAVAILABLE
        async with grpc.aio.insecure_channel(f"localhost:{server.port}") as channel:
            in_the_clear = TopologyAdminStub(channel)
            failure = await failure_of(in_the_clear.GetTopology(REQUEST, timeout=5))
        assert failure.code is grpc.StatusCode.UNAVAILABLE


async def test_where_no_certificates_are_asked_for_tokens_are_enough(
    place: Place, database: Database
) -> None:
    await apply_shape(database, "demo", "ruby")
    settings = place.settings(asks_for_certificates=False)
    async with (
        open_server(settings, database.server_url) as server,
        place.connected(server.port) as stub,
    ):
        shown = await stub.GetTopology(REQUEST, metadata=bearing(token_for("support")))
        nobody = await failure_of(stub.GetTopology(REQUEST))

    assert shown.topology.version == 1
    assert nobody.reason == "CREDENTIALS_MISSING"


async def test_the_servers_certificate_is_renewed_without_a_restart(
    place: Place, database: Database
) -> None:
    await apply_shape(database, "demo", "ruby")
    metadata = bearing(token_for("support"))
    first_root = place.authority.root
    async with open_server(
        place.settings(asks_for_certificates=False), database.server_url
    ) as server:
        async with place.connected(server.port) as stub:
            await stub.GetTopology(REQUEST, metadata=metadata)
            place.authority = Authority("The Next")
            place.renew()
            await stub.GetTopology(REQUEST, metadata=metadata)
        async with place.connected(server.port) as stub:
            await stub.GetTopology(REQUEST, metadata=metadata)
        async with place.connected(server.port, roots=first_root) as stub:
            failure = await failure_of(stub.GetTopology(REQUEST, metadata=metadata, timeout=5))

    assert failure.code is grpc.StatusCode.UNAVAILABLE


def test_files_that_make_no_sense_change_nothing(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    tls = Tls(TlsFiles(place.certificate, place.key))
    before = tls.current()

    write(place.key, place.authority.issue("x").key)
    while_they_differ = tls.current()
    again = tls.current()
    place.renew()
    after = tls.current()

    assert before is while_they_differ is again
    assert after is not before
    [record] = [each for each in caplog.records if each.levelname == "WARNING"]
    assert "server.key: it is not the key of" in record.message


def test_files_that_could_not_be_opened_are_read_when_they_can(place: Place) -> None:
    """Whoever signed callers must not be believed on for want of a descriptor at that moment."""
    tls = Tls(TlsFiles(place.certificate, place.key, place.client_ca))
    before = tls.current()

    write(place.client_ca, Authority("The Next").root)
    with no_more_files():
        while_none_opens = tls.current()
    after = tls.current()

    assert before is while_none_opens
    assert after is not before


@pytest.mark.parametrize("name", ["certificate", "key", "client_ca"])
@pytest.mark.parametrize("content", [b"rubbish", None], ids=["rubbish", "missing"])
def test_what_is_wrong_with_a_file_is_told(place: Place, name: str, content: bytes | None) -> None:
    path: Path = getattr(place, name)
    if content is None:
        path.unlink()
    else:
        write(path, content)

    with pytest.raises(TlsError, match=path.name):
        Tls(TlsFiles(place.certificate, place.key, place.client_ca))


async def test_a_server_does_not_start_with_such_files(place: Place, database: Database) -> None:
    write(place.key, b"rubbish")

    with pytest.raises(AuthenticationError, match=r"server\.key"):
        async with open_server(place.settings(asks_for_certificates=False), database.server_url):
            raise AssertionError("it serves")
