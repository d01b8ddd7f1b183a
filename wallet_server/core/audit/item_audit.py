"""What must hold of a wallet's items, beside its journal, bets and balances."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wallet_server.core.audit.cashier_audit import CashierAudit
from wallet_server.core.audit.coupon_audit import CouponAudit
from wallet_server.core.audit.difference import Check, Finding
from wallet_server.core.audit.item_journal import ItemJournal
from wallet_server.core.audit.promotion_audit import PromotionAudit
from wallet_server.core.bets.bet import Bet
from wallet_server.core.cashier.adjustment import Adjustment
from wallet_server.core.cashier.deposit import Deposit
from wallet_server.core.cashier.withdrawal import Withdrawal
from wallet_server.core.coupons.grant import CouponGrant
from wallet_server.core.items import Item
from wallet_server.core.promotions.promotion import Promotion
from wallet_server.core.rolling.requirement import Requirement
from wallet_server.core.rounds.round import Round
from wallet_server.core.transfers.edge_usage import EdgeUsage
from wallet_server.core.wallet import Wallet


@dataclass(slots=True)
class ItemAudit:
    """What a wallet's journal and bets say of its items, and then what the items say."""

    coupons: CouponAudit
    promotions: PromotionAudit
    cashier: CashierAudit
    live_count: int = 0

    @classmethod
    def of(cls, wallet: Wallet, journal: ItemJournal) -> "ItemAudit":
        """Returns the audit of a wallet whose journal was followed."""
        cashier = CashierAudit(wallet, journal.cashier)
        return cls(CouponAudit(wallet, journal), PromotionAudit(journal), cashier)

    def take_bet(self, bet: Bet) -> None:
        """Takes in what a bet says."""
        self.coupons.take_bet(bet)
        self.promotions.take_bet(bet)

    def check(self, item: Item) -> Iterator[Finding]:
        """Checks an item."""
        self.live_count += item.is_live
        match item:
            case CouponGrant():
                return self.coupons.check(item)
            case Requirement():
                self.cashier.take_requirement(item)
                return self.promotions.check_requirement(item)
            case Promotion():
                return self.promotions.check_promotion(item)
            case EdgeUsage() | Round():  # Rounds are checked with all that names them.
                return iter(())
            case Adjustment() | Deposit() | Withdrawal():
                return self.cashier.check(item)

    def finish(self, live_items: int) -> Iterator[Finding]:
        """Compares what is kept of all items with what there is."""
        if live_items != self.live_count:
            message = f"{live_items} are stored as live, {self.live_count} are"
            yield Finding(Check.LIVE_ITEMS, "", message)
        yield from self.coupons.finish()
        yield from self.promotions.finish()
        yield from self.cashier.finish()


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
