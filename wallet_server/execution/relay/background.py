"""Relays again and again. Any number of servers may; a lease keeps all but one from it."""

import asyncio
import logging
from contextlib import suppress

from wallet_server.execution.due_work.retries import growing_pause
from wallet_server.execution.lease import Lease
from wallet_server.execution.relay.errors import BrokerError
from wallet_server.execution.relay.relay import Relay
from wallet_server.execution.relay.settings import RelaySettings
from wallet_server.execution.relay.statistics import RelayStatistics
from wallet_server.execution.tracing import TurnTracing, turn_of
from wallet_server.storage.troubles import Trouble, trouble_of

logger = logging.getLogger(__name__)

RELAY_LEASE = "relay"


class Relaying:
    """Publishes events for as long as it has the lease, and pauses where there are none.

    Where this process has given events their positions, it is `poke`d, so that they wait for
    nothing.
    """

    def __init__(
        self,
        relay: Relay,
        lease: Lease,
        settings: RelaySettings,
        tracing: TurnTracing | None = None,
    ) -> None:
        """Does nothing until it is started. `tracing` is told of its turns."""
        self._tracing = tracing
        self._relay = relay
        self._lease = lease
        self._settings = settings
        self._stopping = asyncio.Event()
        self._wake = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    @property
    def statistics(self) -> RelayStatistics:
        """How it is doing."""
        return self._relay.statistics

    def poke(self) -> None:
        """Tells that there may be events. It costs nothing to tell often."""
        self._wake.set()

    def start(self) -> None:
        """Begins to relay."""
        self._running = asyncio.create_task(self._run())

    def stop_soon(self) -> None:
        """Begins nothing more."""
        self._stopping.set()
        self._wake.set()

    async def finish(self) -> None:
        """Begins nothing more, and leaves what waits to others."""
        self.stop_soon()
        try:
            if self._running is not None:
                await self._running
            await self._relay.leave()
        except Exception as error:  # noqa: BLE001 - the stream says how far it is.
            logger.warning("it was not noted how far the relay is: %s", type(error).__name__)
        finally:
            await self._lease.give_up()

    async def _run(self) -> None:
        failures_count = 0
        while not self._stopping.is_set():
            try:
                await self._turn()
                failures_count = 0
            except Exception as error:  # noqa: BLE001 - whatever it is, it will be tried again.
                failures_count += 1
                tell_of_trouble(error)
                await self._pause_after(failures_count)

    async def _turn(self) -> None:
        """Relays what waits, up to a limit, and pauses if that was all."""
        if not await self._lease.take():
            if self.statistics.active:
                await self._relay.leave()
            await self._pause(self._settings.relay_standby_seconds, self._stopping)
            return
        self.statistics.active = 1
        self._wake.clear()
        before = self.statistics.events
        with turn_of(self._tracing, "relaying") as turn:
            more = await self._relay.relay_some()
            turn.done = self.statistics.events - before
        if not more:
            await self._pause(self._settings.relay_interval_seconds, self._wake)

    async def _pause_after(self, failures_count: int) -> None:
        """Waits longer each time, and never the same for two processes."""
        settings = self._settings
        first, limit = settings.relay_interval_seconds, settings.relay_pause_seconds_max
        await self._pause(growing_pause(first, limit, failures_count), self._stopping)

    @staticmethod
    async def _pause(seconds: float, event: asyncio.Event) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), seconds)


def tell_of_trouble(error: Exception) -> None:
    """Logs why nothing was relayed for now."""
    if isinstance(error, BrokerError):
        logger.warning("the relay waits: %s", error)
    elif trouble_of(error) is not Trouble.BROKEN:
        logger.warning("the relay waits: %s", type(error).__name__)
    else:
        logger.error("the relay failed", exc_info=error)
