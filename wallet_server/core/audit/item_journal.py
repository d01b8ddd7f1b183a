"""What a wallet's journal says of its items."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from wallet_server.core.accounts import OPEN_PREFIX, PROMO, Account, is_coupon_source
from wallet_server.core.answer import Answer, PostedEntry
from wallet_server.core.audit.cashier_journal import CashierJournal
from wallet_server.core.audit.difference import Check, Finding
from wallet_server.core.decision import Outcome
from wallet_server.core.results import PromotionResult

GRANT = "GrantCoupon"


@dataclass(slots=True)
class ItemJournal:
    """Adds up what was granted and credited, and what the house took back, in minor units.

    `granted` has, by the account of a grant, the command that granted it and how much;
    `taken` what was taken back of it by commands, and not by bets. `credited` and `reversed`
    have, by promotion, what the house paid for it and what it got back. `cashier` is what the
    journal says of money in and out.
    """

    granted: dict[Account, tuple[int, int]] = field(default_factory=dict[Account, tuple[int, int]])
    taken: Counter[Account] = field(default_factory=Counter[Account])
    credited: Counter[str] = field(default_factory=Counter[str])
    reversed: Counter[str] = field(default_factory=Counter[str])
    cashier: CashierJournal = field(default_factory=CashierJournal)

    def follow(
        self, answers: Sequence[Answer], entries: Sequence[PostedEntry]
    ) -> Iterator[Finding]:
        """Takes in what one command has recorded."""
        self.cashier.follow(answers, entries)
        for entry in entries:
            if not entry.bet_ref:  # What bets do with coupons is found where they are followed.
                yield from self._follow_coupons(entry)
        for answer in answers:
            if isinstance(answer.result, PromotionResult) and answer.outcome is Outcome.APPLIED:
                self._follow_promotion(answer.command, answer.result.promotion_id, entries)

    def _follow_coupons(self, entry: PostedEntry) -> Iterator[Finding]:
        """Beside bets, a coupon's value comes from the house, once, and only goes back there."""
        subject = f"#{entry.sequence}.{entry.ordinal}"
        moved = 0
        for change in entry.changes:
            account = change.account
            if not is_coupon_source(account.removeprefix(OPEN_PREFIX)):
                continue
            moved += change.change
            if not is_coupon_source(account) or (change.change > 0) != (entry.command == GRANT):
                message = f"{entry.command} may not move {change.change:+} of {account}"
                yield Finding(Check.COUPON, subject, message)
            elif entry.command != GRANT:
                self.taken[account] -= change.change
            elif account in self.granted:
                message = f"{account} was granted by #{self.granted[account][0]} already"
                yield Finding(Check.COUPON, subject, message)
            else:
                self.granted[account] = (entry.sequence, change.change)
        if moved and promoted(entry) < -moved:
            message = f"the house has {promoted(entry):+} for {moved:+} of coupons"
            yield Finding(Check.COUPON, subject, message)

    def _follow_promotion(
        self, command: str, promotion_id: str, entries: Sequence[PostedEntry]
    ) -> None:
        """Takes in what the house paid for a promotion, or got back."""
        got_back = sum(promoted(entry) for entry in entries)
        if command == "CreditPromotion":
            self.credited[promotion_id] -= got_back
        else:
            self.reversed[promotion_id] += got_back


def promoted(entry: PostedEntry) -> int:
    """Returns what the house's account of promotions gets by an entry, in minor units."""
    return sum(change.change for change in entry.changes if change.account == PROMO)
