"""Refusals for want of money or permission."""

from dataclasses import dataclass

from wallet_server.core.refusals.kinds import Declined, Forbidden


@dataclass(frozen=True)
class AccountBetBlocked(Forbidden):
    """The player may not bet: a time-out, or debt."""

    reason = "ACCOUNT_BET_BLOCKED"
    message = "the player is blocked from betting, which rules out {command}"

    command: str


@dataclass(frozen=True)
class AccountSelfExcluded(Forbidden):
    """The player is self-excluded."""

    reason = "ACCOUNT_SELF_EXCLUDED"
    message = "the player is self-excluded, which rules out {command}"

    command: str


@dataclass(frozen=True)
class AccountFrozen(Forbidden):
    """The player's account is frozen."""

    reason = "ACCOUNT_FROZEN"
    message = "the account is frozen, which rules out {command}"

    command: str


@dataclass(frozen=True)
class AccountClosed(Forbidden):
    """The player's account is closed."""

    reason = "ACCOUNT_CLOSED"
    message = "the account is closed, which rules out {command}"

    command: str


@dataclass(frozen=True)
class BucketNotDepositable(Declined):
    """The topology does not let deposits into the bucket."""

    reason = "BUCKET_NOT_DEPOSITABLE"
    message = "bucket {bucket} takes no deposits"

    bucket: str


@dataclass(frozen=True)
class BucketNotAdjustable(Declined):
    """The topology does not let operators adjust the bucket."""

    reason = "BUCKET_NOT_ADJUSTABLE"
    message = "bucket {bucket} may not be adjusted"

    bucket: str


@dataclass(frozen=True)
class BucketDraining(Declined):
    """The bucket is being emptied and takes no new money."""

    reason = "BUCKET_DRAINING"
    message = "bucket {bucket} is being emptied"

    bucket: str


@dataclass(frozen=True)
class BucketFrozen(Declined):
    """Nothing may be taken out of the bucket."""

    reason = "BUCKET_FROZEN"
    message = "bucket {bucket} is frozen"

    bucket: str


@dataclass(frozen=True)
class InsufficientFunds(Declined):
    """The sources that may pay hold less than is taken."""

    reason = "INSUFFICIENT_FUNDS"
    message = "{available} available, {required} required"

    required: int
    available: int
