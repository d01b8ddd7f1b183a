"""Relays again and again. Any number of servers may; a lease keeps all but one from a stream."""

import logging

from wallet_server.execution.lease import Lease
from wallet_server.execution.own_work import OwnWork
from wallet_server.execution.relay.relay import Relay
from wallet_server.execution.relay.settings import RelaySettings
from wallet_server.execution.relay.statistics import RelayStatistics
from wallet_server.execution.repetition import AT_ONCE, Pause, Repetition
from wallet_server.execution.tracing import TurnTracing, turn_of

logger = logging.getLogger(__name__)


def lease_name_of(stream: str) -> str:
    """Returns what the right to relay to a stream is called. Relays to others have rights too."""
    return f"relay:{stream}"


class Relaying(OwnWork):
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
        repetition = Repetition(
            "the relay",
            self._take_turn,
            interval_seconds=settings.relay_interval_seconds,
            pause_seconds_max=settings.relay_pause_seconds_max,
        )
        super().__init__(repetition, lease)
        self._tracing = tracing
        self._relay = relay
        self._settings = settings

    @property
    def statistics(self) -> RelayStatistics:
        """How it is doing."""
        return self._relay.statistics

    def poke(self) -> None:
        """Tells that there may be events. It costs nothing to tell often."""
        self._repetition.poke()

    async def _conclude(self) -> None:
        """Notes how far it is, where that is no trouble."""
        try:
            await self._relay.leave()
        except Exception as error:  # noqa: BLE001 - the stream says how far it is.
            logger.warning("it was not noted how far the relay is: %s", type(error).__name__)

    async def _take_turn(self) -> Pause:
        """Relays what waits, up to a limit. Returns the pause that follows: none if more waits."""
        if not await self._lease.take():
            if self.statistics.active:
                await self._relay.leave()
            return Pause(self._settings.relay_standby_seconds)
        self.statistics.active = 1
        before = self.statistics.events
        with turn_of(self._tracing, "relaying") as turn:
            more = await self._relay.relay_some()
            turn.done = self.statistics.events - before
        if more:
            return AT_ONCE
        return Pause(self._settings.relay_interval_seconds, ends_with_poke=True)
