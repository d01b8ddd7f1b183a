"""A server that is up already and belongs to somebody else."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import grpc.aio

from wallet_server.conformance.calling import Caller
from wallet_server.conformance.given import GivenError, read_topology
from wallet_server.conformance.scenario import Scenario
from wallet_server.conformance.target import TargetError
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
        if scenario.own_needs:
            return scenario.own_needs
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


@asynccontextmanager
async def open_remote_target(
    address: str, tenant_id: str, run_id: str, *, in_batches: bool = False
) -> AsyncGenerator[RemoteTarget]:
    """Connects to a server for as long as the block lasts. See `Caller` for `in_batches`.

    Raises:
        TargetError: It cannot be reached, or does not have the tenant.

    """
    async with grpc.aio.insecure_channel(address) as channel:
        caller = Caller(channel, in_batches=in_batches)
        await _wait_until_reachable(channel, address)
        try:
            topology = await read_topology(tenant_id, caller)
        except GivenError as error:
            raise TargetError(f"{address}: {error}") from error
        yield RemoteTarget(caller, tenant_id, topology.name, run_id)


async def _wait_until_reachable(channel: grpc.aio.Channel, address: str) -> None:
    try:
        await asyncio.wait_for(channel.channel_ready(), CONNECT_TIMEOUT_SECONDS)
    except TimeoutError:
        raise TargetError(f"{address} cannot be reached") from None
