"""Refusals for want of money or permission."""

from wallet_server.core.refusals.kinds import Declined, Forbidden, NotFound
from wallet_server.core.value import value


@value
class AccountBetBlocked(Forbidden):
    """The player may not bet: a time-out, or debt."""

    reason = "ACCOUNT_BET_BLOCKED"
    message = "the player is blocked from betting, which rules out {command}"

    command: str


@value
class AccountSelfExcluded(Forbidden):
    """The player is self-excluded."""

    reason = "ACCOUNT_SELF_EXCLUDED"
    message = "the player is self-excluded, which rules out {command}"

    command: str


@value
class AccountFrozen(Forbidden):
    """The player's account is frozen."""

    reason = "ACCOUNT_FROZEN"
    message = "the account is frozen, which rules out {command}"

    command: str


@value
class AccountClosed(Forbidden):
    """The player's account is closed."""

    reason = "ACCOUNT_CLOSED"
    message = "the account is closed, which rules out {command}"

    command: str


@value
class BucketNotDepositable(Declined):
    """The topology does not let deposits into the bucket."""

    reason = "BUCKET_NOT_DEPOSITABLE"
    message = "bucket {bucket} takes no deposits"

    bucket: str


@value
class BucketNotAdjustable(Declined):
    """The topology does not let operators adjust the bucket."""

    reason = "BUCKET_NOT_ADJUSTABLE"
    message = "bucket {bucket} may not be adjusted"

    bucket: str


@value
class BucketDraining(Declined):
    """The bucket is being emptied and takes no new money."""

    reason = "BUCKET_DRAINING"
    message = "bucket {bucket} is being emptied"

    bucket: str


@value
class BucketFrozen(Declined):
    """Nothing may be taken out of the bucket."""

    reason = "BUCKET_FROZEN"
    message = "bucket {bucket} is frozen"

    bucket: str


@value
class InsufficientFunds(Declined):
    """The sources that may pay hold less than is taken."""

    reason = "INSUFFICIENT_FUNDS"
    message = "{available} available, {required} required"

    required: int
    available: int


@value
class DepositNotFound(NotFound):
    """The wallet has no such deposit."""

    reason = "DEPOSIT_NOT_FOUND"
    message = "no deposit {deposit_id}"

    deposit_id: str


@value
class AmountExceedsDeposit(Declined):
    """More is to be taken back than is left of the deposit."""

    reason = "AMOUNT_EXCEEDS_DEPOSIT"
    message = "{left} left of the deposit, {required} required"

    required: int
    left: int


@value
class AmountExceedsDebt(Declined):
    """More is to be written off than is owed."""

    reason = "AMOUNT_EXCEEDS_DEBT"
    message = "{owed} owed, {required} required"

    required: int
    owed: int


@value
class PayoutNotRecyclable(Declined):
    """The withdrawal that the deposit names cannot be paid in anew.

    The wallet policy or the law says so, it is in another state, or the amounts differ.
    """

    reason = "PAYOUT_NOT_RECYCLABLE"
    message = "withdrawal {withdrawal_id}, which is {state}, cannot be paid in anew"

    withdrawal_id: str
    state: str
