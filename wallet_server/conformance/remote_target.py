"""A server that is up already and belongs to somebody else."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

import grpc.aio

from wallet_server.conformance.calling import Caller
from wallet_server.conformance.given import GivenError, read_topology
from wallet_server.conformance.scenario import Scenario
from wallet_server.conformance.target import TargetError
from wallet_server.conformance.tenants import TenantMaker
from wallet_server.core.config.documents import Document
from wallet_server.execution.clock import SystemClock

CONNECT_TIMEOUT_SECONDS = 5.0


class RemoteTarget:
    """A tenant of a server, with the topology that is active there.

    Scenarios that need anything else are skipped. Every run has players of its own.
    """

    def __init__(self, caller: Caller, tenant_id: str, shape: str, run_id: str) -> None:
        """Takes what `open_remote_target` has found."""
        self.caller = caller
        self._tenant_id = tenant_id
        self._shape = shape
        self._run_id = run_id
        self._scenario_id = ""
        self._clock = SystemClock()

    async def reason_to_skip(self, scenario: Scenario) -> str:
        """Returns why the scenario cannot be played on the tenant as it is."""
        if needs := scenario.tenant_needs or scenario.server_needs:
            return needs
        if scenario.shape != self._shape:
            return f"needs {scenario.shape}; {self._tenant_id} has {self._shape}"
        return ""

    async def prepare(self, scenario: Scenario) -> str:
        """Returns the tenant. It is as it is."""
        self._scenario_id = scenario.id.lower()
        return self._tenant_id

    def player_id(self, player: str) -> str:
        """Returns a player id that no other run and no other scenario uses."""
        return f"{self._run_id}.{self._scenario_id[:24]}.{player[:24]}"

    async def apply(self, tenant_id: str, documents: Sequence[Document]) -> None:
        """Refuses: the tenant is not the runner's to change."""
        raise TargetError(f"{tenant_id} is not ours; {len(documents)} documents were not applied")

    def now(self) -> datetime:
        """Returns the time here, which is about the server's."""
        return self._clock.now()

    async def advance(self, duration: timedelta) -> None:
        """Refuses: the clock is not the runner's."""
        raise TargetError(f"the clock is not ours; it was not advanced by {duration}")

    async def audit(self, tenant_id: str) -> Sequence[str]:
        """Returns nothing: the database cannot be seen from here."""
        del tenant_id
        return []


class RemoteTenants(RemoteTarget):
    """A server on which each scenario has a tenant of its own, made by calls.

    Scenarios that need a clock of their own are skipped.
    """

    def __init__(self, caller: Caller, run_id: str) -> None:
        """Names its tenants after the run."""
        super().__init__(caller, "", "", run_id)
        self._maker = TenantMaker(caller)
        self._numbers = count(1)

    async def reason_to_skip(self, scenario: Scenario) -> str:
        """Returns why the scenario cannot be played on any tenant."""
        return scenario.server_needs

    async def prepare(self, scenario: Scenario) -> str:
        """Makes a tenant, and the scenario's documents active in it."""
        tenant_id = f"{self._run_id}-{next(self._numbers)}"
        await self._maker.create(tenant_id)
        await self.apply(tenant_id, scenario.documents)
        await super().prepare(scenario)
        return tenant_id

    async def apply(self, tenant_id: str, documents: Sequence[Document]) -> None:
        """Makes documents active, one after another."""
        await self._maker.publish(tenant_id, documents)


@dataclass(frozen=True, slots=True)
class Remote:
    """A server that is up, and who calls it. Every run there has names of its own.

    Without a tenant each scenario has one of its own. See `Caller` for the rest.
    """

    address: str
    run_id: str
    tenant_id: str = ""
    token: str = ""
    in_batches: bool = False


@asynccontextmanager
async def open_remote_target(remote: Remote) -> AsyncGenerator[RemoteTarget]:
    """Connects to a server for as long as the block lasts.

    Raises:
        TargetError: It cannot be reached, or does not have the tenant.

    """
    async with grpc.aio.insecure_channel(remote.address) as channel:
        caller = Caller(channel, in_batches=remote.in_batches, token=remote.token)
        await _wait_until_reachable(channel, remote.address)
        if not remote.tenant_id:
            yield RemoteTenants(caller, remote.run_id)
            return
        try:
            topology = await read_topology(remote.tenant_id, caller)
        except GivenError as error:
            raise TargetError(f"{remote.address}: {error}") from error
        yield RemoteTarget(caller, remote.tenant_id, topology.name, remote.run_id)


async def _wait_until_reachable(channel: grpc.aio.Channel, address: str) -> None:
    try:
        await asyncio.wait_for(channel.channel_ready(), CONNECT_TIMEOUT_SECONDS)
    except TimeoutError:
        raise TargetError(f"{address} cannot be reached") from None
