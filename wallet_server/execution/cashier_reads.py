"""Reads of the cashier: deposits, withdrawals, adjustments, and what may be withdrawn."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from wallet_server.core.cashier.adjustment import Adjustment
from wallet_server.core.cashier.deposit import Deposit, deposit_key
from wallet_server.core.cashier.explain_withdrawal import (
    UNREQUESTED,
    WithdrawalExplanation,
    explain_all,
    explain_withdrawal,
)
from wallet_server.core.cashier.withdrawal import Withdrawal, withdrawal_key
from wallet_server.core.commands import Amount, RequestWithdrawal
from wallet_server.core.ids import WalletRef
from wallet_server.core.item_filter import ALL_ITEMS, ItemFilter
from wallet_server.core.items import Item, ItemKey, ItemKind
from wallet_server.core.refusals import DepositNotFound, WithdrawalNotFound
from wallet_server.execution.errors import RefusedError
from wallet_server.execution.wallet_access import WalletAccess
from wallet_server.storage.items_read import find_item, list_items

CashierItem = TypeVar("CashierItem", Adjustment, Deposit, Withdrawal)

KINDS: Mapping[type[Item], ItemKind] = {
    Adjustment: ItemKind.ADJUSTMENT,
    Deposit: ItemKind.DEPOSIT,
    Withdrawal: ItemKind.WITHDRAWAL,
}


class CashierReads:
    """Answers questions about money that comes in and goes out.

    Of what every page has: `after` is the id that the page before ended with, `limit` how
    many there may be. The wallet must have reached a `minimum_sequence`.
    """

    def __init__(self, access: WalletAccess, now: Callable[[], datetime]) -> None:
        """Takes the way to wallets. `now` says what time it is."""
        self._access = access
        self._now = now

    async def deposit(self, ref: WalletRef, deposit_id: str, minimum_sequence: int = 0) -> Deposit:
        """Returns a deposit as it is now."""
        found = await self._item(ref, deposit_key(deposit_id), minimum_sequence)
        if not isinstance(found, Deposit):
            raise RefusedError(DepositNotFound(deposit_id))
        return found

    async def withdrawal(
        self, ref: WalletRef, withdrawal_id: str, minimum_sequence: int = 0
    ) -> Withdrawal:
        """Returns a withdrawal as it is now."""
        found = await self._item(ref, withdrawal_key(withdrawal_id), minimum_sequence)
        if not isinstance(found, Withdrawal):
            raise RefusedError(WithdrawalNotFound(withdrawal_id))
        return found

    async def items(
        self,
        ref: WalletRef,
        item_type: type[CashierItem],
        *,
        after: str,
        limit: int,
        wanted: ItemFilter = ALL_ITEMS,
        minimum_sequence: int = 0,
    ) -> list[CashierItem]:
        """Returns deposits, withdrawals, or adjustments that have a name of their own, by id.

        Those withdrawals are live whose money is held, and none of the others.
        """
        kind = KINDS[item_type]
        async with self._access.connection() as connection:
            await self._access.find(connection, ref, minimum_sequence)
            found = await list_items(connection, ref, kind, wanted, after=after, limit=limit)
        return [each for each in found if isinstance(each, item_type)]

    async def withdrawable(
        self,
        ref: WalletRef,
        amount: Amount | None,
        *,
        accept_forfeiture: bool,
        minimum_sequence: int = 0,
    ) -> WithdrawalExplanation:
        """Returns what may be withdrawn now, and what would become of a request for an amount.

        No amount is all that may be.
        """
        async with self._access.connection() as connection:
            wallet = await self._access.find_whole(connection, ref, minimum_sequence)
            configuration = await self._access.configuration(connection, ref.tenant_id)
        now = self._now()
        if amount is None:
            return explain_all(wallet, configuration, now, accept_forfeiture=accept_forfeiture)
        request = RequestWithdrawal(UNREQUESTED, amount, accept_forfeiture)
        return explain_withdrawal(request, wallet, configuration, now)

    async def _item(self, ref: WalletRef, key: ItemKey, minimum_sequence: int) -> Item | None:
        async with self._access.connection() as connection:
            await self._access.find(connection, ref, minimum_sequence)
            return await find_item(connection, ref, key)
