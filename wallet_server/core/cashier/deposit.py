"""A deposit: money that arrives from outside."""

from datetime import datetime
from enum import StrEnum

from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.results import DepositResult
from wallet_server.core.value import value


class DepositState(StrEnum):
    """The life of a deposit."""

    CREATED = "CREATED"
    APPROVED = "APPROVED"
    DECLINED = "DECLINED"
    EXPIRED = "EXPIRED"
    PARTIALLY_REVERSED = "PARTIALLY_REVERSED"
    CHARGED_BACK = "CHARGED_BACK"
    REVERSED = "REVERSED"


class ReversalKind(StrEnum):
    """Why a deposit is taken back: it was a mistake, or the payer's bank took it."""

    REVERSAL = "REVERSAL"
    CHARGEBACK = "CHARGEBACK"


@value
class Reversal:
    """A part of a deposit that was taken back by the command of that sequence.

    `debt` is what of it was not there, and the player owed then.
    """

    reversal_id: str
    amount: int
    kind: ReversalKind
    debt: int = 0
    sequence: int = 0
    reason_code: str = ""


def deposit_key(deposit_id: str) -> ItemKey:
    """Returns what a deposit is called among the wallet's items."""
    return ItemKey(ItemKind.DEPOSIT, deposit_id)


@value
class Deposit:
    """Money that arrives from outside, for a bucket, in minor units of its asset.

    `announced_bucket` is the one that it was announced for, where it was credited to another.
    `withdrawal_id` is the payout that it is paid from anew, if it is. `suspended` says that the
    money has come and waits in suspense, as the account was frozen; `suspend_sequence` is the
    command that put it there. Before it is approved it has an `expire_time` if the wallet policy
    says so.
    """

    deposit_id: str
    state: DepositState
    bucket: str
    asset_code: str
    amount: int
    sequence: int
    create_time: datetime
    method: str = ""
    withdrawal_id: str = ""
    approve_time: datetime | None = None
    approve_sequence: int = 0
    expire_time: datetime | None = None
    suspended: bool = False
    reversals: tuple[Reversal, ...] = ()
    reason_code: str = ""
    requirement_id: str = ""
    revision: int = 1
    announced_bucket: str = ""
    suspend_sequence: int = 0

    @property
    def outstanding(self) -> int:
        """What was not taken back of it."""
        return self.amount - self.reversed

    @property
    def result(self) -> DepositResult:
        """What is told of it."""
        return DepositResult(
            self.deposit_id,
            self.state.value,
            reversed=self.reversed,
            debt=sum(each.debt for each in self.reversals),
            requirement_id=self.requirement_id,
        )

    @property
    def reversed(self) -> int:
        """What was taken back of it."""
        return sum(each.amount for each in self.reversals)

    @property
    def key(self) -> ItemKey:
        """What it is called among the wallet's items."""
        return deposit_key(self.deposit_id)

    @property
    def is_live(self) -> bool:
        """Whether commands look at it though they do not name it: never."""
        return False

    @property
    def due_time(self) -> datetime | None:
        """When time has something to do about it. Money that has come never expires."""
        waits = self.state is DepositState.CREATED and not self.suspended
        return self.expire_time if waits else None
