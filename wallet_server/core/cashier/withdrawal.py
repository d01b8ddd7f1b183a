"""A withdrawal: money that is held until it is paid out."""

from datetime import datetime
from enum import StrEnum

from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.results import WithdrawalResult
from wallet_server.core.value import value


class WithdrawalState(StrEnum):
    """The life of a withdrawal.

    HELD waits for a first person to look at it; PENDING_REVIEW for the end of the window in which
    persons may, or for more of them.
    """

    HELD = "HELD"
    PENDING_REVIEW = "PENDING_REVIEW"
    APPROVED = "APPROVED"
    SUBMITTED = "SUBMITTED"
    PAID = "PAID"
    PARTIALLY_PAID = "PARTIALLY_PAID"
    FAILED = "FAILED"
    REJECTED = "REJECTED"
    CANCELLED = "CANCELLED"
    RETURNED = "RETURNED"


OPEN_STATES = frozenset(
    {
        WithdrawalState.HELD,
        WithdrawalState.PENDING_REVIEW,
        WithdrawalState.APPROVED,
        WithdrawalState.SUBMITTED,
    }
)
"""The states in which the money is held."""


class ReviewQueue(StrEnum):
    """Who is to decide on a withdrawal: time, or a person."""

    AUTOMATIC = "AUTOMATIC"
    MANUAL = "MANUAL"


class QueueReason(StrEnum):
    """Why a person is to decide."""

    ABOVE_REQUEST_MAX = "ABOVE_REQUEST_MAX"
    WINDOW_EXCEEDED = "WINDOW_EXCEEDED"
    DEBT = "DEBT"
    ACCOUNT_STATUS = "ACCOUNT_STATUS"
    NO_AUTO_APPROVAL = "NO_AUTO_APPROVAL"


@value
class HoldLine:
    """What one bucket gave, in the order in which they gave."""

    bucket: str
    amount: int


@value
class Forfeit:
    """Bonus money that the player gave up, and the requirements that wait for the end."""

    bucket: str
    amount: int
    requirement_ids: tuple[str, ...] = ()


@value
class Approval:
    """That a person approved."""

    actor: str
    approve_time: datetime


def withdrawal_key(withdrawal_id: str) -> ItemKey:
    """Returns what a withdrawal is called among the wallet's items."""
    return ItemKey(ItemKind.WITHDRAWAL, withdrawal_id)


@value
class Withdrawal:
    """Money that is to be paid out, in minor units of the wallet's currency.

    `lines` are what buckets gave, `forfeits` what the player gave up for it. `approvals_needed`
    is how many persons it took when it was last looked at. In the queue AUTOMATIC time approves it
    at `review_time`; `automatic` says that it did. `paid` is what the provider paid. `forfeited`
    is what the house has of the forfeits, and of what came to their buckets while it waited.
    One that ended unpaid may have handed its forfeits on to a later one.
    """

    withdrawal_id: str
    state: WithdrawalState
    amount: int
    asset_code: str
    lines: tuple[HoldLine, ...]
    sequence: int
    create_time: datetime
    requester: str = ""
    accept_forfeiture: bool = False
    forfeits: tuple[Forfeit, ...] = ()
    forfeited: int = 0
    queue: ReviewQueue = ReviewQueue.MANUAL
    queue_reason: QueueReason | None = None
    review_time: datetime | None = None
    approvals: tuple[Approval, ...] = ()
    approvals_needed: int = 1
    automatic: bool = False
    payout_ref: str = ""
    paid: int = 0
    reason_code: str = ""
    deposit_id: str = ""
    end_sequence: int = 0
    revision: int = 1

    @property
    def key(self) -> ItemKey:
        """What it is called among the wallet's items."""
        return withdrawal_key(self.withdrawal_id)

    @property
    def result(self) -> WithdrawalResult:
        """What the answer to a command on it says."""
        return WithdrawalResult(
            self.withdrawal_id,
            self.state.value,
            approvals=len(self.approvals),
            approvals_needed=self.approvals_needed,
            queue=self.queue.value,
            queue_reason=self.queue_reason.value if self.queue_reason else "",
            forfeited=self.forfeited,
            paid=self.paid,
        )

    @property
    def is_open(self) -> bool:
        """Whether its money is held."""
        return self.state in OPEN_STATES

    @property
    def is_live(self) -> bool:
        """Whether commands look at it though they do not name it."""
        return self.is_open

    @property
    def due_time(self) -> datetime | None:
        """When time has something to do about it."""
        waits = self.state is WithdrawalState.PENDING_REVIEW
        return self.review_time if waits and self.queue is ReviewQueue.AUTOMATIC else None
