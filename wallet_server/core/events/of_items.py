"""The events of items: what each is now, against what it was."""

from collections.abc import Iterator, Mapping

from wallet_server.core.accounts import Account
from wallet_server.core.cashier.adjustment import Adjustment
from wallet_server.core.cashier.deposit import Deposit
from wallet_server.core.cashier.withdrawal import Withdrawal
from wallet_server.core.coupons.grant import CouponGrant
from wallet_server.core.decision import Effects
from wallet_server.core.events.event import Done
from wallet_server.core.events.of_cashier import (
    adjustment_events,
    deposit_events,
    withdrawal_events,
)
from wallet_server.core.events.of_promotions import coupon_events, promotion_events
from wallet_server.core.events.of_rolling import requirement_events
from wallet_server.core.events.of_rounds import round_events
from wallet_server.core.items import Item
from wallet_server.core.promotions.promotion import Promotion
from wallet_server.core.rolling.requirement import Requirement
from wallet_server.core.rounds.round import Round
from wallet_server.core.transfers.edge_usage import EdgeUsage
from wallet_server.core.wallet import Wallet


def item_events(
    wallet: Wallet, effects: Effects, item: Item, balances: Mapping[Account, int]
) -> Iterator[Done]:
    """Yields what a command has done to an item: nothing for what is only counted.

    Args:
        wallet: The wallet before the command.
        effects: What the command has changed.
        item: The item as it is now.
        balances: What the wallet's accounts hold now.
    """
    before = wallet.items.get(item.key)
    match item:
        case Requirement():
            assert before is None or isinstance(before, Requirement)
            yield from requirement_events(before, item, effects, wallet)
        case CouponGrant():
            assert before is None or isinstance(before, CouponGrant)
            yield from coupon_events(before, item, balances)
        case Round():
            assert before is None or isinstance(before, Round)
            yield from round_events(before, item)
        case Deposit():
            assert before is None or isinstance(before, Deposit)
            yield from deposit_events(before, item)
        case Withdrawal():
            assert before is None or isinstance(before, Withdrawal)
            yield from withdrawal_events(before, item)
        case Promotion():
            assert before is None or isinstance(before, Promotion)
            yield from promotion_events(before, item)
        case Adjustment():
            assert before is None or isinstance(before, Adjustment)
            yield from adjustment_events(before, item)
        case EdgeUsage():
            return
