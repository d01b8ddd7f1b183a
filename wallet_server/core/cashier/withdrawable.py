"""What of a wallet may be withdrawn, and why the rest may not."""

from datetime import datetime
from enum import StrEnum

from wallet_server.core.accounts import bucket
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.config.topology import (
    OWN_MONEY,
    BucketType,
    LockMode,
    Topology,
    Withdrawable,
)
from wallet_server.core.rolling.requirement import Requirement, RequirementState
from wallet_server.core.value import value
from wallet_server.core.wallet import Wallet

LOCKING_STATES = frozenset(
    {RequirementState.PENDING, RequirementState.ACTIVE, RequirementState.SUSPENDED}
)
"""The states in which something must still be wagered, or may have to be."""


class LockReason(StrEnum):
    """Why a bucket's money may not be withdrawn."""

    NOT_WITHDRAWABLE = "NOT_WITHDRAWABLE"
    BUCKET_FROZEN = "BUCKET_FROZEN"
    ROLLING_OPEN = "ROLLING_OPEN"


@value
class WithdrawablePart:
    """What of one bucket may be withdrawn: all of it or nothing, for a reason.

    `held` is what it has, `withdrawable` and `locked` add up to that. `remaining` is what must
    still be wagered where rolling is the reason. All are in minor units.
    """

    bucket: str
    held: int
    reason: LockReason | None = None
    remaining: int = 0

    @property
    def withdrawable(self) -> int:
        """What may be withdrawn of it."""
        return self.held if self.reason is None else 0

    @property
    def locked(self) -> int:
        """What may not be withdrawn of it."""
        return 0 if self.reason is None else self.held


@value
class WithdrawableMoney:
    """What may be withdrawn, by buckets of the wallet's currency in the topology's order."""

    parts: tuple[WithdrawablePart, ...]

    @property
    def total(self) -> int:
        """All that may be withdrawn."""
        return sum(each.withdrawable for each in self.parts)

    @property
    def locked_by_rolling(self) -> int:
        """What open requirements lock."""
        return sum(each.locked for each in self._locked_parts)

    @property
    def remaining(self) -> int:
        """What must still be wagered for that."""
        return sum(each.remaining for each in self._locked_parts)

    @property
    def _locked_parts(self) -> list[WithdrawablePart]:
        """The parts that open requirements lock, as far as there is anything to lock."""
        reason = LockReason.ROLLING_OPEN
        return [each for each in self.parts if each.reason is reason and each.locked]

    def part(self, code: str) -> WithdrawablePart | None:
        """Returns what is said of a bucket, if it is of the wallet's currency."""
        return next((each for each in self.parts if each.bucket == code), None)


def withdrawable(wallet: Wallet, configuration: Configuration, now: datetime) -> WithdrawableMoney:
    """Returns what may be withdrawn at a time. All live items must be among the wallet's."""
    topology = configuration.topology.value
    return WithdrawableMoney(
        tuple(
            part_of(each, wallet, topology, now) for each in topology.buckets if not each.asset_code
        )
    )


def part_of(
    bucket_type: BucketType, wallet: Wallet, topology: Topology, now: datetime
) -> WithdrawablePart:
    """Returns what of one bucket may be withdrawn.

    Money that no withdrawal may take is not, whatever else is so; nor is what is frozen.
    """
    code = bucket_type.code
    held = wallet.balance(bucket(code))
    never = bucket_type.withdrawable is Withdrawable.NEVER
    if never or code not in topology.withdraw_order:
        return WithdrawablePart(code, held, LockReason.NOT_WITHDRAWABLE)
    if code in wallet.frozen_buckets:
        return WithdrawablePart(code, held, LockReason.BUCKET_FROZEN)
    locking = [
        each
        for each in wallet.items.values()
        if isinstance(each, Requirement) and locks(each, bucket_type, now)
    ]
    if locking:
        remaining = sum(each.remaining for each in locking)
        return WithdrawablePart(code, held, LockReason.ROLLING_OPEN, remaining)
    return WithdrawablePart(code, held)


def locks(requirement: Requirement, bucket_type: BucketType, now: datetime) -> bool:
    """Tells whether a requirement keeps a bucket's money from being withdrawn.

    The player's own money is locked only where the topology says BINARY, and no longer than the
    requirement has time; any other money until its requirements are fulfilled, and where their
    release moves money or has a cap, until they are released.
    """
    if requirement.bucket != bucket_type.code:
        return False
    if bucket_type.bucket_class in OWN_MONEY:
        binary = bucket_type.lock_mode is LockMode.BINARY
        return binary and requirement.state in LOCKING_STATES and not requirement.is_past(now)
    if requirement.state is RequirementState.FULFILLED:
        return requirement.moves_money
    return requirement.state in LOCKING_STATES
