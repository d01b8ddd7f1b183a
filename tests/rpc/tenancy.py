"""A server that authenticates its callers, and what they ask of tenants, credentials and records."""

from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import grpc.aio
import pytest

from tests.callers import KEY, bearing, token_for
from tests.database import Database
from tests.rpc.failures import Failure, failure_of
from tests.servers import apply_shape
from wallet.v1 import audit_queries_pb2, policy_admin_pb2, tenant_admin_pb2, topology_admin_pb2
from wallet.v1.audit_queries_pb2_grpc import AuditQueriesStub
from wallet.v1.policy_admin_pb2_grpc import PolicyAdminStub
from wallet.v1.tenant_admin_pb2_grpc import TenantAdminStub
from wallet.v1.topology_admin_pb2_grpc import TopologyAdminStub
from wallet_server.server import Server, open_server
from wallet_server.settings import Settings

SERVICES: tuple[tuple[Any, Any], ...] = (
    (tenant_admin_pb2, TenantAdminStub),
    (audit_queries_pb2, AuditQueriesStub),
    (topology_admin_pb2, TopologyAdminStub),
    (policy_admin_pb2, PolicyAdminStub),
)

OWNER = token_for("owner", subject="olga", tenants=("*",))
ADMIN = token_for("admin", subject="ada")
AUDITOR = token_for("auditor", subject="otto")
SUPPORT = token_for("support", subject="sue")
EVERY_AUDITOR = token_for("auditor", subject="otis", tenants=("*",))


@dataclass
class Desk:
    """Asks for acts, each under an id of its own unless it has one."""

    channel: grpc.aio.Channel
    server: Server
    database: Database
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def database_url(self) -> str:
        """Where its database is, for the server's role."""
        return self.database.server_url

    def ask(self, method: str, /, token: str = OWNER, **content: Any) -> Awaitable[Any]:
        """Begins a call of a method of any of the services, with a request of this content."""
        module, stub = next(each for each in SERVICES if hasattr(each[0], f"{method}Request"))
        request = getattr(module, f"{method}Request")
        if "request_id" in request.DESCRIPTOR.fields_by_name:
            content = {"request_id": f"r{next(self.numbers)}", **content}
        call = getattr(stub(self.channel), method)
        return call(request(**content), metadata=bearing(token) if token else ())

    async def refused(self, method: str, /, token: str = OWNER, **content: Any) -> Failure:
        """Returns what a call is refused with."""
        return await failure_of(self.ask(method, token, **content))

    async def reason(self, method: str, /, token: str = OWNER, **content: Any) -> str:
        """Returns why a call is refused."""
        return (await self.refused(method, token, **content)).reason

    async def records(self, token: str = EVERY_AUDITOR, **filters: Any) -> list[Any]:
        """Returns the audit records that pass filters, oldest first."""
        listed = await self.ask("ListAuditRecords", token, page_size=500, **filters)
        return list(reversed(listed.records))


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> AsyncIterator[Desk]:
    """A desk at a server with the tenants `demo` and `other`, in the shape `ruby`."""
    for tenant_id in ("demo", "other"):
        await apply_shape(database, tenant_id, "ruby")
    keys = tmp_path / "keys.pem"
    keys.write_bytes(KEY.public_pem())
    settings = Settings(listen_port=0, due_work_enabled=False, auth_keys_file=keys)
    async with (
        open_server(settings, database.server_url) as server,
        grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel,
    ):
        yield Desk(channel, server, database)
