"""Reads of what a wallet has many of: bets, rounds with their wins, coupons, requirements."""

from collections.abc import Sequence
from dataclasses import dataclass

from wallet_server.core.bets.bet import Bet, BetState
from wallet_server.core.coupons.grant import CouponGrant
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.item_filter import ALL_ITEMS, ItemFilter
from wallet_server.core.items import ItemKind
from wallet_server.core.refusals import RoundNotFound, WinNotFound
from wallet_server.core.rolling.requirement import Requirement
from wallet_server.core.rounds.round import Round, round_key
from wallet_server.core.rounds.win import Win
from wallet_server.core.wallet import Wallet
from wallet_server.execution.errors import RefusedError
from wallet_server.execution.wallet_access import WalletAccess
from wallet_server.storage.bets_read import find_wins, list_bets
from wallet_server.storage.items_read import find_item, list_items


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round with its wins, in the order they came."""

    round: Round
    wins: Sequence[Win]


@dataclass(frozen=True, slots=True)
class CouponPage:
    """Grants by id, with the wallet whose accounts say what is left of them."""

    wallet: Wallet
    grants: Sequence[CouponGrant]


class WalletLists:
    """Lists what a wallet has; nothing in a filter is for all.

    Of what every page has: `after` is the key that the page before ended with, `limit` how
    many there may be. The wallet must have reached a `minimum_sequence`.
    """

    def __init__(self, access: WalletAccess) -> None:
        """Takes the way to wallets."""
        self._access = access

    async def bets(
        self,
        ref: WalletRef,
        *,
        after: BetKey | None,
        limit: int,
        provider_id: str = "",
        states: Sequence[BetState] = (),
        live_only: bool = False,
        minimum_sequence: int = 0,
    ) -> list[Bet]:
        """Returns bets by provider and reference, tombstones and declined bets included.

        Those are live that have open stake.
        """
        async with self._access.connection() as connection:
            await self._access.find(connection, ref, minimum_sequence)
            return await list_bets(
                connection,
                ref,
                after=after,
                limit=limit,
                provider_id=provider_id,
                states=states,
                live_only=live_only,
            )

    async def round(
        self, ref: WalletRef, provider_id: str, round_ref: str, minimum_sequence: int = 0
    ) -> RoundView:
        """Returns a round as it is now, with its wins."""
        async with self._access.snapshot() as connection:
            await self._access.find(connection, ref, minimum_sequence)
            found = await find_item(connection, ref, round_key(provider_id, round_ref))
            if not isinstance(found, Round):
                raise RefusedError(RoundNotFound(round_ref))
            wins = await find_wins(connection, ref, provider_id, found.win_refs)
        return RoundView(found, [wins[each] for each in found.win_refs if each in wins])

    async def win(self, ref: WalletRef, key: BetKey, minimum_sequence: int = 0) -> Win:
        """Returns a win as it is now."""
        async with self._access.connection() as connection:
            await self._access.find(connection, ref, minimum_sequence)
            wins = await find_wins(connection, ref, key.provider_id, [key.bet_ref])
        if key.bet_ref not in wins:
            raise RefusedError(WinNotFound(key.bet_ref))
        return wins[key.bet_ref]

    async def coupons(
        self,
        ref: WalletRef,
        *,
        after: str,
        limit: int,
        wanted: ItemFilter = ALL_ITEMS,
        minimum_sequence: int = 0,
    ) -> CouponPage:
        """Returns coupon grants by id."""
        async with self._access.snapshot() as connection:
            wallet = await self._access.find(connection, ref, minimum_sequence)
            found = await list_items(
                connection, ref, ItemKind.COUPON, wanted, after=after, limit=limit
            )
        return CouponPage(wallet, [each for each in found if isinstance(each, CouponGrant)])

    async def requirements(
        self,
        ref: WalletRef,
        *,
        after: str,
        limit: int,
        wanted: ItemFilter = ALL_ITEMS,
        minimum_sequence: int = 0,
    ) -> list[Requirement]:
        """Returns rolling requirements by id."""
        async with self._access.connection() as connection:
            await self._access.find(connection, ref, minimum_sequence)
            found = await list_items(
                connection, ref, ItemKind.REQUIREMENT, wanted, after=after, limit=limit
            )
        return [each for each in found if isinstance(each, Requirement)]
