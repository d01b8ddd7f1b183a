"""What a wallet keeps beside balances and bets: its items.

All are kept alike, so that a new kind needs no table and no statement of its own. A live
item is one that commands look at though they do not name it, such as a coupon that may
pay for any bet; a wallet's live items are loaded with it, others by their key.
"""

from typing import TypeAlias

from wallet_server.core.cashier.adjustment import Adjustment
from wallet_server.core.cashier.deposit import Deposit
from wallet_server.core.cashier.withdrawal import Withdrawal
from wallet_server.core.coupons.grant import CouponGrant
from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.promotions.promotion import Promotion
from wallet_server.core.rolling.requirement import Requirement
from wallet_server.core.rounds.round import Round
from wallet_server.core.transfers.edge_usage import EdgeUsage

Item: TypeAlias = (
    Adjustment | CouponGrant | Deposit | EdgeUsage | Promotion | Requirement | Round | Withdrawal
)

LIVE_ITEMS_MAX = 64
"""How many live items a wallet may have for another to be made: all are loaded with every command.

What a rollback or a void returns may revive coupons beyond it: that is never refused.
Withdrawals are bounded by the wallet policy instead: money must be able to leave.
"""

__all__ = ["LIVE_ITEMS_MAX", "Item", "ItemKey", "ItemKind"]
