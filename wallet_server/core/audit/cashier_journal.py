"""What a wallet's journal says of money that came in, went out or was put right."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from wallet_server.core.accounts import CASH, Account
from wallet_server.core.answer import Answer, PostedEntry
from wallet_server.core.cashier.adjustment import adjustment_key
from wallet_server.core.cashier.deposit import deposit_key
from wallet_server.core.cashier.withdrawal import withdrawal_key
from wallet_server.core.decision import Outcome
from wallet_server.core.item_key import ItemKey
from wallet_server.core.results import AdjustmentResult, DepositResult, WithdrawalResult
from wallet_server.core.value import value

Changes: TypeAlias = Mapping[Account, int]

DEPOSIT_COMMANDS = frozenset(
    {"CreateDeposit", "ApproveDeposit", "DeclineDeposit", "ReverseDeposit"}
)
NOTHING: Changes = {}


@value
class Posted:
    """What a command has posted, by asset. `key` is the item that its answer tells of, if any."""

    sequence: int
    command: str
    changes: Mapping[str, Changes]
    key: ItemKey | None

    def of(self, asset_code: str) -> Changes:
        """Returns the changes in an asset."""
        return self.changes.get(asset_code, NOTHING)


@dataclass(slots=True)
class CashierJournal:
    """The commands on deposits, withdrawals and named adjustments that have posted something.

    `posted` has them by their number, and `counted` the deposits that the player's limits may
    know: an earlier release did not count them, and said nothing of them. `submitted` are the
    withdrawals that were handed to a payment provider. `cash` is what the house's account of
    payment providers came to, by asset, in minor units.
    """

    posted: dict[int, Posted] = field(default_factory=dict[int, Posted])
    counted: set[str] = field(default_factory=set[str])
    submitted: set[ItemKey] = field(default_factory=set[ItemKey])
    cash: Counter[str] = field(default_factory=Counter[str])

    def follow(self, answers: Sequence[Answer], entries: Sequence[PostedEntry]) -> None:
        """Takes in what one command has recorded."""
        for entry in entries:
            for change in entry.changes:
                if change.account == CASH:
                    self.cash[entry.asset_code] += change.change
        for answer in answers:
            if answer.outcome in (Outcome.APPLIED, Outcome.REVIEW):
                self._take(answer, entries)

    def _take(self, answer: Answer, entries: Sequence[PostedEntry]) -> None:
        key = key_of(answer)
        if isinstance(answer.result, DepositResult):
            self.counted.add(answer.result.deposit_id)
        if answer.command == "SubmitWithdrawal" and key is not None:
            self.submitted.add(key)
        if entries and (key is not None or answer.command in DEPOSIT_COMMANDS):
            changes: dict[str, Counter[Account]] = {}
            for entry in entries:
                of_asset = changes.setdefault(entry.asset_code, Counter())
                for change in entry.changes:
                    of_asset[change.account] += change.change
            posted = Posted(answer.sequence, answer.command, changes, key)
            self.posted[answer.sequence] = posted


def key_of(answer: Answer) -> ItemKey | None:
    """Returns the deposit, withdrawal or adjustment that an answer tells of, if it does."""
    match answer.result:
        case DepositResult(deposit_id=deposit_id):
            return deposit_key(deposit_id)
        case WithdrawalResult(withdrawal_id=withdrawal_id):
            return withdrawal_key(withdrawal_id)
        case AdjustmentResult(adjustment_id=adjustment_id):
            return adjustment_key(adjustment_id)
        case _:
            return None
