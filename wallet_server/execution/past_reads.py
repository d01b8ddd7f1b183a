"""Reads of what wallets held, and why: from what the journal says."""

from collections.abc import Callable
from datetime import UTC, datetime

from wallet_server.core.accounts import Account
from wallet_server.core.history.explanation import BalanceExplanation, explain_balance
from wallet_server.core.history.past_wallet import PastWallet
from wallet_server.core.history.sums import Sum, SumKey, holdings_of
from wallet_server.core.ids import WalletRef
from wallet_server.core.refusals import RangeInvalid, TimeNotReached
from wallet_server.core.wallet import Wallet
from wallet_server.execution.errors import RefusedError, SequenceNotReachedError
from wallet_server.execution.wallet_access import WalletAccess
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
        async with self._access.snapshot() as connection:
            wallet = await self._access.find(connection, ref, minimum_sequence)
            sequence = await self.sequence_at(connection, wallet, at)
            sums = await sum_entries(connection, ref, after=0, upto=sequence)
            time = await last_entry_time(connection, ref, sequence)
        return PastWallet(ref, sequence, time, holdings_of(sums))

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
        async with self._access.snapshot() as connection:
            wallet = await self._access.find(connection, ref, minimum_sequence)
            first = await self.sequence_at(connection, wallet, start)
            last = await self.sequence_at(connection, wallet, end)
            if first > last:
                raise RefusedError(RangeInvalid(first, last))
            before = await self._sums(connection, ref, account, 0, first)
            since = await self._sums(connection, ref, account, first, last)
        return explain_balance(account, first, last, before, since)

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
        if at > self._now():
            raise RefusedError(TimeNotReached(at.astimezone(UTC).isoformat()))
        return await last_entry_at(connection, wallet.ref, at, wallet.sequence)

    async def _sums(
        self, connection: Connection, ref: WalletRef, account: Account, after: int, upto: int
    ) -> dict[SumKey, Sum]:
        if after == upto:
            return {}
        return await sum_entries(connection, ref, after=after, upto=upto, account=account)
