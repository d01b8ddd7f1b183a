"""Reads of what wallets held, and why: from what the journal says."""

from collections.abc import Callable
from datetime import UTC, datetime

from wallet_server.core.accounts import Account
from wallet_server.core.history.explanation import BalanceExplanation, explain_balance
from wallet_server.core.history.past_wallet import PastWallet
from wallet_server.core.history.sums import Holding, Sum, SumKey, add_holdings, add_up
from wallet_server.core.ids import WalletRef
from wallet_server.core.refusals import RangeInvalid, TimeNotReached
from wallet_server.core.wallet import Wallet
from wallet_server.execution.errors import RefusedError, SequenceNotReachedError
from wallet_server.execution.wallet_access import WalletAccess
from wallet_server.storage.chapters import find_chapter, find_covered, sum_chapters
from wallet_server.storage.connections import Connection
from wallet_server.storage.history import last_entry_at, last_entry_time, sum_entries

Moment = int | datetime | None
"""After the command with a number, or at a time; none for as far as the wallet is."""


class PastReads:
    """Answers questions about the past of wallets."""

    def __init__(self, access: WalletAccess, now: Callable[[], datetime]) -> None:
        """Takes the way to wallets. `now` says what time it is."""
        self._access = access
        self._now = now

    async def wallet(self, ref: WalletRef, at: Moment, minimum_sequence: int = 0) -> PastWallet:
        """Returns what a wallet held at a moment."""
        async with self._access.snapshot_past(ref, self._latest(at)) as connection:
            wallet = await self._access.find(connection, ref, minimum_sequence)
            sequence = await self.sequence_at(connection, wallet, at)
            held = await holdings_at(connection, ref, sequence)
            time = await last_entry_time(connection, ref, sequence)
        return PastWallet(ref, sequence, time, held)

    async def explain(
        self,
        ref: WalletRef,
        account: Account,
        *,
        start: Moment = 0,
        end: Moment = None,
        minimum_sequence: int = 0,
    ) -> BalanceExplanation:
        """Returns why an account held at one moment what it did, since another."""
        async with self._access.snapshot_past(ref, self._latest(start, end)) as connection:
            wallet = await self._access.find(connection, ref, minimum_sequence)
            first = await self.sequence_at(connection, wallet, start)
            last = await self.sequence_at(connection, wallet, end)
            if first > last:
                last = await end_after(connection, ref, first, end, last)
            held = await holdings_at(connection, ref, first, account)
            since = await sums_between(connection, ref, account, first, last)
        return explain_balance(account, first, last, held.get(account), since)

    def _latest(self, *moments: Moment) -> datetime | None:
        """Returns the latest time among moments, none if none is a time.

        Raises:
            RefusedError: One of them is to come.
        """
        times = [each for each in moments if isinstance(each, datetime)]
        latest = max(times, default=None)
        if latest is not None and latest > self._now():
            raise RefusedError(TimeNotReached(latest.astimezone(UTC).isoformat()))
        return latest

    async def sequence_at(self, connection: Connection, wallet: Wallet, at: Moment) -> int:
        """Returns the sequence of the last command up to a moment.

        At a time, of the last that had moved something by then.
        """
        if at is None:
            return wallet.sequence
        if isinstance(at, int):
            if at > wallet.sequence:
                raise SequenceNotReachedError(at, wallet.sequence)
            return at
        return await last_entry_at(connection, wallet.ref, at, wallet.sequence)


async def end_after(
    connection: Connection, ref: WalletRef, first: int, end: Moment, last: int
) -> int:
    """Returns the last command of a range that seems to end before its first one.

    It does not where it ends at a time, and no command up to the first has moved anything since:
    of a time only commands are known that have. Then nothing has come to any account.

    Raises:
        RefusedError: It does.
    """
    if isinstance(end, datetime):
        time = await last_entry_time(connection, ref, first)
        if time is None or time <= end:
            return first
    raise RefusedError(RangeInvalid(first, last))


async def holdings_at(
    connection: Connection, ref: WalletRef, sequence: int, account: str = ""
) -> dict[Account, Holding]:
    """Returns what a wallet's accounts held after a command; if one is named, of it at least."""
    chapter = await find_chapter(connection, ref, sequence)
    sums = await sum_entries(
        connection, ref, after=chapter.sequence, upto=sequence, account=account
    )
    return add_holdings(chapter.holdings, sums)


async def sums_between(
    connection: Connection, ref: WalletRef, account: Account, after: int, upto: int
) -> dict[SumKey, Sum]:
    """Returns what came to an account by the commands between two: by chapters, where there are."""
    low, high = await find_covered(connection, ref, after, upto)
    return add_up(
        [
            await sum_entries(connection, ref, after=after, upto=low, account=account),
            await sum_chapters(connection, ref, account, after=low, upto=high),
            await sum_entries(connection, ref, after=high, upto=upto, account=account),
        ]
    )
