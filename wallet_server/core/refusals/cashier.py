"""Refusals for want of money or permission."""

from wallet_server.core.refusals.kinds import Declined, Forbidden
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
