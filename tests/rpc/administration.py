"""Acts on a tenant whose versions take two persons, asked for over a real socket."""

from collections.abc import Awaitable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeVar

import pytest

from tests.prepared import give_documents
from tests.rpc.failures import Failure, failure_of
from tests.servers import RunningServer
from wallet.v1 import policy_admin_pb2 as policies
from wallet.v1 import topology_admin_pb2 as topologies
from wallet.v1.policy_admin_pb2_grpc import PolicyAdminStub
from wallet.v1.topology_admin_pb2_grpc import TopologyAdminStub
from wallet_server.shapes import load_shape

T = TypeVar("T")

STRICT = "strict"
AUTHOR, APPROVER = "ann", "ben"


@dataclass
class Office:
    """Asks for acts in the name of somebody, each under an id of its own unless it has one."""

    server: RunningServer
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def ask(self, method: str, actor: str = AUTHOR, **content: Any) -> Awaitable[Any]:
        """Begins a call of a method of either service, with a request of this content."""
        module, stub = (
            (topologies, TopologyAdminStub(self.server.channel))
            if hasattr(topologies, f"{method}Request")
            else (policies, PolicyAdminStub(self.server.channel))
        )
        request = getattr(module, f"{method}Request")
        if "request_id" in request.DESCRIPTOR.fields_by_name:
            content = {"request_id": f"r{next(self.numbers)}", **content}
        metadata = (("x-actor", actor),) if actor else ()
        return getattr(stub, method)(request(**{"tenant_id": STRICT, **content}), metadata=metadata)

    async def refused(self, method: str, actor: str = AUTHOR, **content: Any) -> Failure:
        """Returns what a call is refused with."""
        return await failure_of(self.ask(method, actor, **content))

    async def topology(self, yaml: str, *steps: str) -> Any:
        """Creates a topology and takes it through steps, such as `Validate`; returns it."""
        told = (await self.ask("CreateTopology", yaml=yaml)).topology
        for step in steps:
            actor = AUTHOR if step == "Validate" else APPROVER
            told = (
                await self.ask(f"{step}Topology", actor, version=told.version, etag=told.etag)
            ).topology
        return told


@pytest.fixture
async def office(server: RunningServer) -> Office:
    """An office of the tenant `strict`, whose shape is `ruby`."""
    await give_documents(server.database, STRICT, load_shape("ruby"), single_handed=False)
    return Office(server)
