"""What is told of anything but bets: the thing as it is since, and what it was before.

Amounts are in minor units of the thing's asset. A `previous_state` is empty for what is new.
"""

from wallet_server.core.answer import AccountChange
from wallet_server.core.cashier.adjustment import Adjustment
from wallet_server.core.cashier.deposit import Deposit
from wallet_server.core.cashier.withdrawal import Withdrawal
from wallet_server.core.config.topology import BucketStatus
from wallet_server.core.config.version import DocumentKind
from wallet_server.core.coupons.grant import CouponGrant
from wallet_server.core.players.limit import Limit, LimitKind, LimitPeriod
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.promotions.promotion import Promotion
from wallet_server.core.rolling.requirement import Requirement
from wallet_server.core.rounds.round import Round
from wallet_server.core.rounds.win import Win
from wallet_server.core.value import value


@value
class WinChanged:
    """Something happened to a win. `changes` are all that the command did in the books for it."""

    win: Win
    previous_state: str = ""
    changes: tuple[AccountChange, ...] = ()


@value
class RoundChanged:
    """A round was closed or cancelled, or goes on after that."""

    round: Round
    previous_state: str = ""


@value
class TransferCompleted:
    """Money was moved along an edge; `moved_remaining` is in the source's asset."""

    source: str
    target: str
    source_asset_code: str
    source_amount: int
    target_asset_code: str
    target_amount: int
    requirement_id: str = ""
    moved_remaining: int = 0


@value
class RequirementChanged:
    """Something happened to a requirement, beside its progress.

    `released_now` and `forfeited_now` are what the command did, `previous_required` what the
    requirement asked before: zero for a new one.
    """

    requirement: Requirement
    previous_state: str = ""
    released_now: int = 0
    forfeited_now: int = 0
    previous_required: int = 0


@value
class RollingSplit:
    """A transfer took a part of a requirement along: what stayed, what went, and how much."""

    parent: Requirement
    child: Requirement
    moved_remaining: int


@value
class CouponChanged:
    """Something happened to a grant; what it can still pay, and what bets hold of it."""

    coupon: CouponGrant
    previous_state: str = ""
    remaining: int = 0
    open_stake: int = 0


@value
class PromotionChanged:
    """Something happened to a promotion; `reversed_now` is what the command took back."""

    promotion: Promotion
    previous_state: str = ""
    reversed_now: int = 0


@value
class BonusForfeited:
    """Bonus money was given up, and so many requirements ended with it."""

    bucket: str
    forfeited: int
    cancelled_count: int = 0


@value
class DepositChanged:
    """Something happened to a deposit; `reversed_now` is what the command took back."""

    deposit: Deposit
    previous_state: str = ""
    reversed_now: int = 0


@value
class WithdrawalChanged:
    """Something happened to a withdrawal."""

    withdrawal: Withdrawal
    previous_state: str = ""


@value
class AdjustmentChanged:
    """An adjustment that has a name was proposed or made."""

    adjustment: Adjustment
    previous_state: str = ""


@value
class DebtChanged:
    """What the player owes changed by a positive amount; `owed` is what it is now."""

    asset_code: str
    amount: int
    owed: int


@value
class AccountStatusChanged:
    """What the player may do changed."""

    status: AccountStatus
    previous_status: AccountStatus


@value
class LimitChanged:
    """Something happened to a limit. Without `limit` there is none now, without `previous` before.

    `limit` and `previous` are of the same kind and period.
    """

    kind: LimitKind
    period: LimitPeriod
    limit: Limit | None = None
    previous: Limit | None = None


@value
class BucketDrained:
    """A bucket was emptied into its successor, and so many items name that one now."""

    drain_id: str
    bucket: str
    successor: str
    asset_code: str
    amount: int
    items_count: int = 0


@value
class EntryPosted:
    """An entry was posted that no event of a bet or a win tells of.

    `provider_id` and `bet_ref` are empty where it belongs to none.
    """

    ordinal: int
    asset_code: str
    provider_id: str = ""
    bet_ref: str = ""
    changes: tuple[AccountChange, ...] = ()


@value
class VersionActivated:
    """A version of a tenant's configuration is active, in place of the previous: zero for none.

    `key` is the provider type of a policy, the provider of a profile, and else empty.
    """

    kind: DocumentKind
    key: str
    version: int
    previous_version: int = 0


@value
class BucketStatusChanged:
    """A bucket takes nothing new any more, or everything again, in all wallets of a tenant."""

    bucket: str
    status: BucketStatus
    previous_status: BucketStatus


@value
class BucketRetired:
    """A bucket's code is out of use: what still belongs to it goes to the successor."""

    bucket: str
    successor: str
    previous_status: BucketStatus
