"""Reads of one wallet. They take no locks and wait for no command."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from wallet_server.core.answer import Answer
from wallet_server.core.bets.bet import Bet
from wallet_server.core.bets.explain import explain_funding
from wallet_server.core.bets.explanation import FundingExplanation
from wallet_server.core.cashier.withdrawable import WithdrawableMoney, withdrawable
from wallet_server.core.commands import AuthorizeBet
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.players.limit_views import LimitView, view_limits
from wallet_server.core.refusals import AnswerNotFound, BetNotFound
from wallet_server.core.wallet import Wallet
from wallet_server.execution.cashier_reads import CashierReads
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.errors import RefusedError
from wallet_server.execution.journal_reads import JournalReads
from wallet_server.execution.past_reads import PastReads
from wallet_server.execution.wallet_access import WalletAccess
from wallet_server.execution.wallet_lists import WalletLists
from wallet_server.storage.answers_read import find_answer
from wallet_server.storage.items_read import find_item
from wallet_server.storage.readers import Readers
from wallet_server.storage.wallets import find_bet


@dataclass(frozen=True, slots=True)
class WalletView:
    """A wallet with the configuration to show it by, and what follows from the two at a time.

    It has its live items, and the coupon grants that still have stake in open bets.
    """

    wallet: Wallet
    configuration: Configuration
    withdrawable: WithdrawableMoney
    limits: Sequence[LimitView] = ()


class WalletReader:
    """Answers questions about wallets from what is committed.

    `lists` has those of many things, `cashier` those of money that comes in and goes out, `journal`
    those of entries, and `past` those of what was.
    """

    def __init__(
        self,
        readers: Readers,
        configurations: ConfigurationCache,
        now: Callable[[], datetime],
        *,
        primary: "Readers | None" = None,
    ) -> None:
        """Takes the connections of reads.

        Where they are to a replica, which may be behind, `primary` has some to the database itself.
        `now` says what time it is.
        """
        self._access = WalletAccess(readers, configurations, primary=primary)
        self._now = now
        self.lists = WalletLists(self._access)
        self.cashier = CashierReads(self._access, now)
        self.journal = JournalReads(self._access, now)
        self.past = PastReads(self._access, now)

    async def wallet(self, ref: WalletRef, minimum_sequence: int = 0) -> WalletView:
        """Returns a wallet as it is now."""
        async with self._access.connection() as connection:
            wallet = await self._access.find_whole(connection, ref, minimum_sequence)
            configuration = await self._access.configuration(connection, ref.tenant_id)
        return view_of(wallet, configuration, self._now())

    async def bet(self, ref: WalletRef, key: BetKey, minimum_sequence: int = 0) -> Bet:
        """Returns a bet as it is now, tombstones and declined bets included."""
        async with self._access.connection() as connection:
            await self._access.find(connection, ref, minimum_sequence)
            bet = await find_bet(connection, ref, key)
        if bet is None:
            raise RefusedError(BetNotFound(key.bet_ref))
        return bet

    async def answer(self, ref: WalletRef, request_id: str) -> Answer:
        """Returns what was recorded under a request id, though a replica has not heard of it."""
        async with self._access.connection() as connection:
            answer = await find_answer(connection, ref, request_id)
        if answer is None:
            async with self._access.primary_connection() as connection:
                await self._access.find(connection, ref, minimum_sequence=0)
                answer = await find_answer(connection, ref, request_id)
        if answer is None:
            raise RefusedError(AnswerNotFound(request_id))
        return answer

    async def explain_funding(
        self, ref: WalletRef, bet: AuthorizeBet, minimum_sequence: int = 0
    ) -> FundingExplanation:
        """Returns how a bet would be funded now. Its reference must be `UNPLACED`."""
        async with self._access.snapshot() as connection:
            wallet = await self._access.find_whole(connection, ref, minimum_sequence)
            named = ItemKey(ItemKind.COUPON, bet.coupon_grant_id)
            if bet.coupon_grant_id and named not in wallet.items:  # It may be over.
                grant = await find_item(connection, ref, named)
                items = {**wallet.items, named: grant} if grant else wallet.items
                wallet = replace(wallet, items=items)
        async with self._access.connection() as connection:
            configuration = await self._access.configuration(connection, ref.tenant_id)
        return explain_funding(bet, wallet, configuration, self._now())


def view_of(wallet: Wallet, configuration: Configuration, now: datetime) -> WalletView:
    """Returns a wallet as it is shown at a time."""
    rules = configuration.wallet_policy.value.limits
    return WalletView(
        wallet,
        configuration,
        withdrawable(wallet, configuration, now),
        view_limits(wallet.player, wallet.ref.currency_code, rules, now),
    )
