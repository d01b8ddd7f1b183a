"""What a server does by itself, beside answering calls: one process at a time, by a lease."""

from wallet_server.execution.lease import Lease
from wallet_server.execution.repetition import Repetition


class OwnWork:
    """Work that is repeated. Those who know what it is begin here, and may say how it ends."""

    def __init__(self, repetition: Repetition, lease: Lease) -> None:
        """Does nothing until it is started. It is the work that asks for the lease."""
        self._repetition = repetition
        self._lease = lease

    def start(self) -> None:
        """Begins to look for something to do, every now and then."""
        self._repetition.start()

    def stop_soon(self) -> None:
        """Begins nothing more. What was begun is still waited for."""
        self._repetition.stop_soon()

    async def finish(self) -> None:
        """Begins nothing more, waits for what was begun, and leaves the rest to others.

        Where somebody does not wait for that, others may still go on at once.
        """
        try:
            await self._repetition.finish()
            await self._conclude()
        finally:
            self._close_now()
            await self._lease.give_up()

    async def _conclude(self) -> None:
        """Does what is left to do once nothing is begun any more."""

    def _close_now(self) -> None:
        """Closes the connections that nobody else has, without a farewell."""
