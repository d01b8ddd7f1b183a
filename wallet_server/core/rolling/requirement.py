"""A rolling requirement: what must be wagered before a bucket's money is free."""

from datetime import datetime
from enum import StrEnum

from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.value import value


class RequirementState(StrEnum):
    """The life of a requirement."""

    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    FULFILLED = "FULFILLED"
    RELEASED = "RELEASED"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"
    TRANSFERRED = "TRANSFERRED"


OPEN_STATES = frozenset(
    {
        RequirementState.PENDING,
        RequirementState.ACTIVE,
        RequirementState.SUSPENDED,
        RequirementState.FULFILLED,
    }
)
"""The states in which a requirement is not over."""


class ReleaseMode(StrEnum):
    """Whether a fulfilled requirement releases by itself, or waits for `CompleteRolling`."""

    AUTOMATIC = "AUTOMATIC"
    ON_COMMAND = "ON_COMMAND"


class RequirementOrigin(StrEnum):
    """What opened a requirement."""

    DEPOSIT = "DEPOSIT"
    PROMOTION = "PROMOTION"
    WIN = "WIN"
    TRANSFER = "TRANSFER"


@value
class RollingTerms:
    """What a requirement asks and promises, as callers and policies say it.

    The multiplier is in hundredths of a percent of the value it is for: 10,000 is once.
    `release_target` is where the bucket's money goes on release; empty where release only
    unlocks it. `conversion_cap` is the most that is released, in minor units; what exceeds
    it is the house's. `group_wide`: stakes count that any bucket of the wallet group paid,
    and not only those of the bucket that got the value. `provider_types` are those that
    count; none for all. It expires so many seconds after it is opened; none for never.
    """

    multiplier_bp: int
    release_target: str = ""
    conversion_cap: int | None = None
    release_mode: ReleaseMode = ReleaseMode.ON_COMMAND
    group_wide: bool = False
    provider_types: tuple[str, ...] = ()
    expires_after_seconds: int | None = None


@value
class Requirement:
    """A requirement on a bucket, in minor units of its asset.

    `required` is what is asked for, less what transfers have moved to children;
    `progress` what has been counted; `released` what was released so far. `bucket` is the
    one that is locked; stakes that it paid count, or those of its whole wallet group where
    `group_wide`. `tail` says that it is over, and yet what open bets still return to the
    bucket is dealt with by it: passed on within the cap (RELEASED) or forfeited
    (CANCELLED, EXPIRED). `opened_sequence` is the command that opened it or, for the child
    of a transfer, its first ancestor: bets placed since count. `end_sequence` is the command
    that ended it; zero while it is open. `revision` counts its changes.

    `amount` is the value that it was opened for, and `forfeited` what was forfeited with it.
    `ended_bonus` says that its end forfeited its bucket's restricted money, and was not only the
    end of the wagering. What a RELEASED requirement has `remaining` is what corrections took away
    since: the shortfall after release. `passed` is what corrections of bets that it counted have
    asked of its children, after it was TRANSFERRED to them. `former_buckets` were emptied into its
    bucket while it was on them: their stake counts for it as that of its bucket does.

    Requirements of the same origin are a family: a transfer's child has its parent's.
    """

    requirement_id: str
    state: RequirementState
    bucket: str
    wallet_group: str
    asset_code: str
    required: int
    terms: RollingTerms
    origin: RequirementOrigin
    origin_id: str
    topology_version: int
    wallet_policy_version: int
    sequence: int
    opened_sequence: int
    create_time: datetime
    expire_time: datetime | None = None
    progress: int = 0
    released: int = 0
    parent_id: str = ""
    tail: bool = False
    revision: int = 1
    amount: int = 0
    forfeited: int = 0
    passed: int = 0
    end_sequence: int = 0
    ended_bonus: bool = False
    former_buckets: tuple[str, ...] = ()

    @property
    def remaining(self) -> int:
        """What must still be wagered."""
        return max(0, self.required - self.progress)

    @property
    def family(self) -> tuple[RequirementOrigin, str]:
        """What first opened it, or the first of those that it is split from."""
        return (self.origin, self.origin_id)

    @property
    def cap_left(self) -> int | None:
        """What may still be released; none where there is no limit."""
        cap = self.terms.conversion_cap
        return None if cap is None else max(0, cap - self.released)

    @property
    def moves_money(self) -> bool:
        """Whether its release does more than unlock the bucket."""
        target = self.terms.release_target
        return target not in {"", self.bucket} or self.terms.conversion_cap is not None

    @property
    def is_open(self) -> bool:
        """Whether it is not over."""
        return self.state in OPEN_STATES

    @property
    def key(self) -> ItemKey:
        """What it is called among the wallet's items."""
        return ItemKey(ItemKind.REQUIREMENT, self.requirement_id)

    @property
    def is_live(self) -> bool:
        """Whether commands look at it though they do not name it."""
        return self.is_open or self.tail

    def is_past(self, now: datetime) -> bool:
        """Tells whether its time has passed, whatever has become of it."""
        return self.expire_time is not None and self.expire_time <= now

    @property
    def due_time(self) -> datetime | None:
        """When time has something to do about it."""
        waits = self.state in {RequirementState.PENDING, RequirementState.ACTIVE}
        return self.expire_time if waits else None


@value
class Contribution:
    """What a funding line of a bet has counted for a requirement so far, in all."""

    line: int
    requirement_id: str
    counted: int
