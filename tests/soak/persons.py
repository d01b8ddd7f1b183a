"""Two persons who change a tenant's documents and buckets, at whichever server is next."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count, cycle
from typing import Any

import grpc
import grpc.aio

from tests.soak.callers import TENANT, reason_of
from tests.soak.changing import text_of
from wallet.v1 import policy_admin_pb2, topology_admin_pb2
from wallet.v1.drain_pb2 import DRAIN_STATE_DONE
from wallet.v1.policy_admin_pb2_grpc import PolicyAdminStub
from wallet.v1.topology_admin_pb2_grpc import TopologyAdminStub

AUTHOR, APPROVER = "ada", "ben"
ACT_SECONDS_MAX = 10.0
GIVE_UP_SECONDS = 60
PAUSE_SECONDS = 0.05
UNANSWERED = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED}
SERVICES: Mapping[str, tuple[Callable[[grpc.aio.Channel], Any], Any]] = {
    "TopologyAdmin": (TopologyAdminStub, topology_admin_pb2),
    "PolicyAdmin": (PolicyAdminStub, policy_admin_pb2),
}


class RefusedActError(Exception):
    """An act was refused. `reason` says why."""

    def __init__(self, reason: str) -> None:
        """Keeps the reason."""
        super().__init__(reason)
        self.reason = reason


@dataclass
class Persons:
    """Ada writes, Ben approves and activates. `done` counts the acts that were carried out."""

    channels: list[grpc.aio.Channel]
    done: Counter[str] = field(default_factory=Counter[str])
    blocked_count: int = 0

    def __post_init__(self) -> None:
        """Numbers the requests, and takes the servers in turn."""
        self._numbers = count(1)
        self._turns = cycle(self.channels)

    async def act(self, method: str, person: str, **fields: Any) -> Any:
        """Sends an act until it is answered.

        Raises:
            RefusedActError: It is refused.

        """
        service, _, name = method.partition(".")
        stub_of, messages = SERVICES[service]
        request = getattr(messages, f"{name}Request")(
            request_id=f"act-{next(self._numbers)}", tenant_id=TENANT, **fields
        )
        async with asyncio.timeout(GIVE_UP_SECONDS):
            while True:
                call = getattr(stub_of(next(self._turns)), name)
                try:
                    answer = await call(
                        request, metadata=(("x-actor", person),), timeout=ACT_SECONDS_MAX
                    )
                except grpc.aio.AioRpcError as error:
                    if error.code() not in UNANSWERED:
                        raise RefusedActError(reason_of(error)) from error
                    await asyncio.sleep(PAUSE_SECONDS)
                else:
                    self.done[method] += 1
                    return answer

    async def read(self, method: str, **fields: Any) -> Any:
        """Asks a server."""
        service, _, name = method.partition(".")
        stub_of, messages = SERVICES[service]
        request = getattr(messages, f"{name}Request")(tenant_id=TENANT, **fields)
        call = getattr(stub_of(next(self._turns)), name)
        return await call(request, timeout=ACT_SECONDS_MAX)

    async def approve_topology(self, document: Mapping[str, Any]) -> int:
        """Takes a topology from a draft to APPROVED. Returns its version."""
        created = await self.act("TopologyAdmin.CreateTopology", AUTHOR, yaml=text_of(document))
        version = created.topology.version
        await self.act("TopologyAdmin.ValidateTopology", AUTHOR, version=version, etag="1")
        await self.act("TopologyAdmin.ApproveTopology", APPROVER, version=version, etag="2")
        return version

    async def activate_topology(self, version: int) -> bool:
        """Activates a topology. Tells whether nothing was in its way."""
        try:
            await self.act("TopologyAdmin.ActivateTopology", APPROVER, version=version, etag="3")
        except RefusedActError as error:
            if error.reason != "TOPOLOGY_ACTIVATION_BLOCKED":
                raise
            self.blocked_count += 1
            return False
        return True

    async def approve_policy(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Takes a policy from a draft to APPROVED. Returns its name."""
        content = policy_admin_pb2.PolicyDocument(yaml=text_of(document))
        created = await self.act("PolicyAdmin.CreatePolicy", AUTHOR, document=content)
        name = {
            "provider_type": document["provider_type"],
            "version": created.document.policy.version,
        }
        await self.act("PolicyAdmin.ValidatePolicy", AUTHOR, name=name, etag="1")
        await self.act("PolicyAdmin.ApprovePolicy", APPROVER, name=name, etag="2")
        return name

    async def activate_policy(self, name: Mapping[str, Any]) -> None:
        """Activates a policy that is APPROVED."""
        await self.act("PolicyAdmin.ActivatePolicy", APPROVER, name=name, etag="3")

    async def schedule_policy(self, name: Mapping[str, Any], ahead: timedelta) -> bool:
        """Has a policy become active by itself, so long from now. Tells whether that was in time.

        On a slow machine the time may have passed when the server comes to look at it.
        """
        effective_time = datetime.now(UTC) + ahead
        try:
            await self.act(
                "PolicyAdmin.SchedulePolicy",
                APPROVER,
                name=name,
                etag="3",
                effective_time=effective_time,
            )
        except RefusedActError as error:
            if error.reason != "EFFECTIVE_TIME_PASSED":
                raise
            return False
        return True

    async def drain(self, bucket: str, successor: str) -> None:
        """Moves what wallets have in a bucket, and waits until that is done."""
        asked = await self.act(
            "TopologyAdmin.DrainBucket", AUTHOR, bucket=bucket, successor=successor
        )
        drain_id = asked.drain.drain_id
        await self.act("TopologyAdmin.ApproveDrain", APPROVER, drain_id=drain_id, etag="1")
        async with asyncio.timeout(GIVE_UP_SECONDS):
            while True:
                got = await self.read("TopologyAdmin.GetDrain", drain_id=drain_id)
                if got.drain.state == DRAIN_STATE_DONE:
                    return
                await asyncio.sleep(PAUSE_SECONDS)
