"""What must hold of a wallet's items, beside its bets and balances."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from wallet_server.core.accounts import (
    COUPON_PREFIX,
    Account,
    coupon,
    is_coupon_source,
    open_stake,
)
from wallet_server.core.audit.difference import Check, Finding
from wallet_server.core.bets.bet import Bet
from wallet_server.core.coupons.grant import CouponGrant, CouponState
from wallet_server.core.ids import BetKey
from wallet_server.core.items import Item
from wallet_server.core.promotions.promotion import Promotion
from wallet_server.core.rolling.requirement import Requirement
from wallet_server.core.rounds.round import Round
from wallet_server.core.rounds.win import CashOutRef, Win
from wallet_server.core.wallet import Wallet


@dataclass(slots=True)
class ItemAudit:
    """What a wallet's bets say of its items, and then what the items say themselves.

    `rounds` has the round of every bet and win that has one, and `counted` what all bets
    count for each requirement.
    """

    wallet: Wallet
    live_count: int = 0
    rounds: dict[BetKey, str] = field(default_factory=dict[BetKey, str])
    counted: Counter[str] = field(default_factory=Counter[str])
    grants: set[Account] = field(default_factory=set[Account])

    def take_bet(self, bet: Bet) -> None:
        """Takes in what a bet says."""
        if bet.round_ref:
            self.rounds[bet.key] = bet.round_ref
        for each in bet.contributions:
            self.counted[each.requirement_id] += each.counted

    def take_win(self, win: Win | CashOutRef) -> None:
        """Takes in what a win says."""
        if isinstance(win, Win) and win.round_ref:
            self.rounds[win.key] = win.round_ref

    def check(self, item: Item) -> Iterator[Finding]:
        """Checks an item."""
        self.live_count += item.is_live
        match item:
            case CouponGrant():
                yield from self._check_grant(item)
            case Round():
                yield from self._check_round(item)
            case Requirement():
                yield from self._check_requirement(item)
            case Promotion():
                yield from find_promotion_problems(item)
            case _:
                return

    def _check_grant(self, grant: CouponGrant) -> Iterator[Finding]:
        """A grant holds no more than it was granted, and nothing once it is over."""
        self.grants.add(coupon(grant.grant_id))
        left = self.wallet.balance(coupon(grant.grant_id))
        held = left + self.wallet.balance(open_stake(coupon(grant.grant_id)))
        if held > grant.amount:
            message = f"it holds {held} of {grant.amount}"
            yield Finding(Check.COUPON, grant.grant_id, message)
        if left and grant.state not in {CouponState.ISSUED, CouponState.ACTIVE}:
            message = f"{grant.state.value}, and yet {left} are left"
            yield Finding(Check.COUPON, grant.grant_id, message)

    def _check_round(self, found: Round) -> Iterator[Finding]:
        """The bets and wins of a round say that they are in it."""
        for ref in (*found.bet_refs, *found.win_refs):
            said = self.rounds.get(BetKey(found.provider_id, ref), "")
            if said and said != found.round_ref:
                message = f"{ref} says that it is in round {said}"
                yield Finding(Check.ROUND, found.key.item_id, message)

    def _check_requirement(self, found: Requirement) -> Iterator[Finding]:
        """Its progress is what bets count for it; what was released is within its cap."""
        counted = self.counted[found.requirement_id]
        if found.is_open and found.progress != counted:
            message = f"its progress is {found.progress}, bets count {counted}"
            yield Finding(Check.REQUIREMENT, found.requirement_id, message)
        cap = found.terms.conversion_cap
        if found.progress < 0 or found.required < 0 or found.released < 0:
            yield Finding(Check.REQUIREMENT, found.requirement_id, "an amount is negative")
        if cap is not None and found.released > cap:
            message = f"{found.released} were released of at most {cap}"
            yield Finding(Check.REQUIREMENT, found.requirement_id, message)

    def finish(self, live_items: int) -> Iterator[Finding]:
        """Compares what is kept of all items with what there is."""
        if live_items != self.live_count:
            message = f"{live_items} are stored as live, {self.live_count} are"
            yield Finding(Check.LIVE_ITEMS, "", message)
        for account, balance in self.wallet.balances.items():
            if is_coupon_source(account) and balance and account not in self.grants:
                grant_id = account.removeprefix(COUPON_PREFIX)
                yield Finding(Check.COUPON, grant_id, "it is not on record, and holds something")


def find_promotion_problems(promotion: Promotion) -> Iterator[Finding]:
    """Yields if more was taken back of a promotion than there was."""
    taken = promotion.reversed
    if not 0 <= taken <= promotion.amount or promotion.unrecovered < 0:
        message = f"{taken} of {promotion.amount} were taken back"
        yield Finding(Check.PROMOTION, promotion.promotion_id, message)


def find_column_problems(
    item: Item, state: str, columns: Mapping[str, object]
) -> Iterator[Finding]:
    """Yields the columns of an item's row that say otherwise than its document.

    `state` is the one that the document's row must have.
    """
    expected: Mapping[str, object] = {
        "kind": item.key.kind.value,
        "item_id": item.key.item_id,
        "state": state,
        "is_live": item.is_live,
        "sequence": item.sequence,
        "revision": item.revision,
        "create_time": item.create_time,
        "due_time": item.due_time,
    }
    for name, value in expected.items():
        if columns[name] != value:
            subject = f"{item.key.kind.value} {item.key.item_id}"
            message = f"{name} is {columns[name]}, the document says {value}"
            yield Finding(Check.ITEM_COLUMNS, subject, message)
