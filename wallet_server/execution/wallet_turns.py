"""Turns at the wallets of batches: which are taken, waited for, and given up.

`contention.py` says why.
"""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from wallet_server.core.ids import WalletRef
from wallet_server.core.task import Task
from wallet_server.execution.contention import Meetings, turn_key, turn_keys
from wallet_server.execution.lane import Join, Waiting
from wallet_server.execution.settings import EngineSettings
from wallet_server.storage.lane_connections import LaneConnections
from wallet_server.storage.turns import give_up_turns, mark_contended, take_turns, try_turns

logger = logging.getLogger(__name__)

TURNS_WALLETS_MIN = 4
"""How many wallets a batch must have to take turns where others are only expected."""

PUT_OFF_MAX = 3
"""How often a command is put off before its batch waits for the turn at its wallet."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What runs now of a batch, what is put off, and whether the turns of the former are taken."""

    batch: list[Waiting]
    put_off: Sequence[Waiting] = ()
    holds_turns: bool = False


class WalletTurns:
    """Takes turns for one lane, whose batches come one after the other."""

    def __init__(self, connections: LaneConnections, settings: EngineSettings) -> None:
        """Takes them on the connection that loads."""
        self._connections = connections
        self._settings = settings
        self._meetings = Meetings(settings.contended_wallet_seconds)

    def of(self, tasks: Sequence[Task], *, held: bool = False) -> list[WalletRef]:
        """Returns the wallets to take turns for: all or none.

        All if others were met lately, or will be: a batch of some size meets somebody
        sooner or later, and then has to run again; or if their turns are held already.
        """
        wallets = list({task.wallet for task in tasks})
        if held or self._meetings.are_recent(asyncio.get_running_loop().time()):
            return wallets
        expects = self._settings.expects_peers and self._settings.contended_wallet_locks
        return wallets if expects and len(wallets) >= TURNS_WALLETS_MIN else []

    async def choose(self, batch: list[Waiting], turns: Sequence[WalletRef], join: Join) -> Chosen:
        """Takes the turns of a batch: those that are free, and puts off whose are not.

        If none is free, or somebody was put off too often, it waits for all, and takes in who
        came to the same wallets meanwhile.
        """
        must_wait = any(waiting.put_off_count >= PUT_OFF_MAX for waiting in batch)
        try:
            await self._connections.ensure_open()
            held = await self._hold(turn_keys(turns), must_wait=must_wait)
        except Exception as error:  # noqa: BLE001 - running the batch tells what is wrong.
            logger.warning("no turns were taken: %s", type(error).__name__)
            return Chosen(batch)
        if held is None:
            self._meetings.note(asyncio.get_running_loop().time())
            return Chosen(self._joined(batch, turns, join), holds_turns=True)
        ready = [each for each in batch if turn_key(each.task.wallet) in held]
        put_off = [each for each in batch if turn_key(each.task.wallet) not in held]
        if put_off:
            self._meetings.note(asyncio.get_running_loop().time())
        for each in put_off:
            each.put_off_count += 1
        return Chosen(ready, put_off, holds_turns=True)

    async def _hold(self, keys: Sequence[int], *, must_wait: bool) -> frozenset[int] | None:
        """Takes the turns that nobody has. If there is none, or it must wait, it waits for all.

        Returns the keys of those that it took at once; none if it has waited for all.
        """
        loader = self._connections.loader
        try:
            if not must_wait and (held := await try_turns(loader, keys)):
                return held
            await take_turns(loader, keys)
        except Exception:
            await self.give_up()
            raise
        return None

    def _joined(
        self, batch: list[Waiting], turns: Sequence[WalletRef], join: Join
    ) -> list[Waiting]:
        """Returns a batch with all who wait for the same wallets, as far as there is room."""
        wallets = frozenset(turns)
        room = self._settings.batch_commands_max - len(batch)
        return batch + join(lambda waiting: waiting.task.wallet in wallets, room)

    async def take(self, turns: Sequence[WalletRef]) -> None:
        """Waits for the turns at wallets."""
        await take_turns(self._connections.loader, turn_keys(turns))

    async def give_up(self) -> None:
        """Ends the turns. A connection on which that fails is closed, which ends them too."""
        try:
            await give_up_turns(self._connections.loader)
        except Exception as error:  # noqa: BLE001 - whatever it was, the turns must end.
            logger.warning("closing a connection to end its turns: %s", type(error).__name__)
            self._connections.close_now()

    def learn_of_others(
        self,
        moved: Iterable[WalletRef],
        contended: AbstractSet[WalletRef],
        turns: Sequence[WalletRef],
    ) -> tuple[AbstractSet[WalletRef], bool]:
        """Takes note of wallets that others have changed, or are known to work on.

        Returns those of which the others must be told, and whether a turn must be
        taken that has not been.
        """
        if not self._settings.contended_wallet_locks:
            return set(), False
        untold = set(moved) - contended
        met = contended | untold
        if met:
            self._meetings.note(asyncio.get_running_loop().time())
        return untold, not met <= set(turns)

    async def tell_others(self, wallets: Iterable[WalletRef]) -> None:
        """Marks wallets as contended, if that takes no time: it makes nothing right or wrong."""
        seconds = self._settings.contended_wallet_seconds
        for wallet in wallets:
            try:
                await mark_contended(self._connections.loader, wallet, seconds)
            except Exception as error:  # noqa: BLE001 - the batch stands, whatever this was.
                logger.warning("others were not told of a wallet: %s", type(error).__name__)
