"""Follows withdrawals: who may decide on them, where their money is, and what it comes to."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tests.simulation.bonus_audit import BonusAudit
from tests.simulation.ledger import Ledger, changes_of, nonzero
from tests.simulation.player_audit import PlayerAudit
from tests.simulation.review_audit import check_person, first_review, reasons_to_wait
from tests.simulation.step import Step
from tests.simulation.withdrawable import check_request
from wallet_server.core.cashier.withdrawal import Withdrawal
from wallet_server.core.commands import (
    ApproveWithdrawal,
    CancelWithdrawal,
    ConfirmWithdrawal,
    FailWithdrawal,
    RejectWithdrawal,
    RequestWithdrawal,
    ReturnWithdrawal,
    SubmitWithdrawal,
)
from wallet_server.core.commands.actor import Actor
from wallet_server.core.rolling.requirement import Requirement

Command = (
    ApproveWithdrawal
    | CancelWithdrawal
    | ConfirmWithdrawal
    | FailWithdrawal
    | RejectWithdrawal
    | ReturnWithdrawal
    | SubmitWithdrawal
)
OPEN = frozenset({"HELD", "PENDING_REVIEW", "APPROVED", "SUBMITTED"})
STARTS: Mapping[type[Command], frozenset[str]] = {
    ApproveWithdrawal: frozenset({"HELD", "PENDING_REVIEW"}),
    RejectWithdrawal: frozenset({"HELD", "PENDING_REVIEW", "APPROVED"}),
    CancelWithdrawal: frozenset({"HELD", "PENDING_REVIEW"}),
    SubmitWithdrawal: frozenset({"APPROVED"}),
    ConfirmWithdrawal: frozenset({"SUBMITTED"}),
    FailWithdrawal: frozenset({"SUBMITTED"}),
    ReturnWithdrawal: frozenset({"PAID"}),
}
ENDS: Mapping[type[Command], str] = {
    RejectWithdrawal: "REJECTED",
    CancelWithdrawal: "CANCELLED",
    FailWithdrawal: "FAILED",
}
DONE = {
    ApproveWithdrawal: frozenset({"APPROVED"}),
    RejectWithdrawal: frozenset({"REJECTED"}),
    CancelWithdrawal: frozenset({"CANCELLED"}),
    SubmitWithdrawal: frozenset({"SUBMITTED"}),
    ConfirmWithdrawal: frozenset({"PAID", "PARTIALLY_PAID"}),
    FailWithdrawal: frozenset({"FAILED"}),
    ReturnWithdrawal: frozenset({"RETURNED"}),
}


@dataclass
class WithdrawalBook:
    """A withdrawal as its commands tell of it."""

    amount: int
    lines: list[tuple[str, int]]
    requester: str
    state: str
    consents: bool
    review_time: datetime | None = None
    approvers: list[str] = field(default_factory=list[str])
    paid: int = 0


@dataclass
class WithdrawalAudit:
    """All withdrawals of a wallet, and what they have done to `H:CASH`."""

    player: PlayerAudit
    withdrawals: dict[str, WithdrawalBook] = field(default_factory=dict[str, WithdrawalBook])
    bonus: BonusAudit = field(default_factory=BonusAudit)
    requirements: Mapping[str, Requirement] = field(default_factory=dict[str, Requirement])
    cash: int = 0

    def take(self, step: Step, requirements: Mapping[str, Requirement]) -> None:
        """Takes a recorded command in. The requirements are as they were before it."""
        self.requirements = requirements
        if isinstance(step.command, RequestWithdrawal):
            self.request(step.command, step)
        elif isinstance(step.command, Command):
            self.decide(step.command, step)

    def check(self, step: Step, ledger: Ledger) -> None:
        """I34: what is held is what withdrawals under way are of."""
        for _, item in step.changed(Withdrawal):
            assert isinstance(item, Withdrawal)
            self.check_item(item)
        held = {a: n for a, n in ledger.balances.items() if a.startswith("hold:") and n}
        assert held == {
            f"hold:{w}": b.amount for w, b in self.withdrawals.items() if b.state in OPEN
        }
        if self.is_last:
            self.bonus.check_nothing_waits(step)

    def check_item(self, item: Withdrawal) -> None:
        """I34, I35: the money is in the hold, paid, or back where it came from."""
        book = self.withdrawals[item.withdrawal_id]
        assert item.state.value == book.state
        assert [(line.bucket, line.amount) for line in item.lines] == book.lines
        assert item.amount == book.amount == sum(amount for _, amount in book.lines)
        assert [each.actor for each in item.approvals] == book.approvers
        assert item.paid == book.paid
        assert item.due_time == (book.review_time if book.state == "PENDING_REVIEW" else None)

    def request(self, command: RequestWithdrawal, step: Step) -> None:
        under_way = sum(book.state in OPEN for book in self.withdrawals.values())
        check_request(command, step, self.requirements, under_way)
        if not step.applied:
            return
        assert command.withdrawal_id not in self.withdrawals
        (item,) = [
            new
            for old, new in step.changed(Withdrawal)
            if old is None and isinstance(new, Withdrawal)
        ]
        assert item.withdrawal_id == command.withdrawal_id
        state, review_time, reason = first_review(command.amount.minor_units, step)
        assert reason == ("" if item.queue_reason is None else item.queue_reason.value)
        book = WithdrawalBook(
            command.amount.minor_units,
            [(line.bucket, line.amount) for line in item.lines],
            command.actor.name,
            state,
            command.accept_forfeiture,
            review_time,
        )
        self.withdrawals[command.withdrawal_id] = book
        expected = Counter({f"bkt:{code}": -amount for code, amount in book.lines})
        expected[f"hold:{command.withdrawal_id}"] += book.amount
        expected.update(self.bonus.give_up(command, step, self.requirements))
        assert step.releases or nonzero(changes_of(step.answer.entries)) == nonzero(expected)

    def decide(self, command: Command, step: Step) -> None:
        """Brings a withdrawal to where a command has put it, and checks that it may be there."""
        book = self.withdrawals.get(command.withdrawal_id)
        if book is None:
            assert step.said in {"WITHDRAWAL_NOT_FOUND", "ACTOR_REQUIRED"}
            return
        if isinstance(command, ApproveWithdrawal) and command.automatic:
            self.approve_by_time(book, step)
            assert not step.answer.entries
            return
        if step.said == "ALREADY_APPLIED":
            assert book.state in DONE[type(command)]
        elif step.said == "ILLEGAL_TRANSITION":
            assert book.state not in STARTS[type(command)] | DONE[type(command)]
        if not step.applied:
            assert not step.answer.entries
            return
        assert book.state in STARTS[type(command)]  # I37
        self.follow(command, book, step)

    def follow(self, command: Command, book: WithdrawalBook, step: Step) -> None:
        hold = f"hold:{command.withdrawal_id}"
        expected = Counter[str]()
        match command:
            case ApproveWithdrawal():
                self.approve(command.actor, book, step)
            case SubmitWithdrawal():
                book.state = "SUBMITTED"
            case ConfirmWithdrawal():
                book.paid = book.amount if command.paid is None else command.paid.minor_units
                assert 0 < book.paid <= book.amount
                rest = book.amount - book.paid
                book.state = "PARTIALLY_PAID" if rest else "PAID"
                self.cash += book.paid
                expected = back_to_lines(book, rest)
                expected.update({hold: -book.amount, "H:CASH": book.paid})
            case ReturnWithdrawal():
                book.state = "RETURNED"
                self.cash -= book.paid
                expected = back_to_lines(book, book.paid)
                expected["H:CASH"] -= book.paid
            case _:
                if isinstance(command, CancelWithdrawal):
                    check_may_cancel(step)
                book.state = ENDS[type(command)]
                expected = back_to_lines(book, book.amount)
                expected[hold] -= book.amount
        self.check_posted(book, expected, step)

    def check_posted(self, book: WithdrawalBook, expected: Counter[str], step: Step) -> None:
        """What is posted beside the withdrawal's own money is bonus that goes or comes back."""
        changes = changes_of(step.answer.entries)
        changes.subtract(expected)
        if book.state in OPEN or book.state == "RETURNED":
            assert step.releases or not nonzero(changes), changes
            return
        self.end_bonus(book, nonzero(changes), step)

    def approve(self, actor: Actor, book: WithdrawalBook, step: Step) -> None:
        """Takes in that a person has approved."""
        done = check_person(actor, book.amount, book.requester, book.approvers, step)
        book.approvers.append(actor.name)
        book.state = "APPROVED" if done else "PENDING_REVIEW"
        book.review_time = None

    def approve_by_time(self, book: WithdrawalBook, step: Step) -> None:
        """I38: what is due is approved, or left to persons, who know why."""
        due = book.state == "PENDING_REVIEW" and book.review_time is not None
        if not due or (book.review_time or step.now) > step.now:
            assert step.said == "ALREADY_APPLIED"
            return
        (item,) = [new for _, new in step.changed(Withdrawal)]
        assert isinstance(item, Withdrawal)
        reason = "" if item.queue_reason is None else item.queue_reason.value
        assert reason in reasons_to_wait(book.amount, self.player, step)
        assert step.said == ("REVIEW" if reason else "APPLIED")
        book.review_time = None
        if not reason:
            assert item.automatic
            self.player.approve(book.amount, step)
            book.state = "APPROVED"

    def recycle(self, payout: str, amount: int, step: Step) -> Counter[str]:
        """Takes in that a payout is paid in anew. Returns what that posts beside the deposit."""
        book = self.withdrawals[payout]
        assert step.configuration.wallet_policy.value.deposits.recycles_payouts
        assert book.amount == amount
        if book.state == "PAID":
            book.state = "RETURNED"
            return Counter()
        assert book.state == "SUBMITTED"
        check_may_cancel(step)
        book.state = "FAILED"
        self.cash += amount
        return Counter({f"hold:{payout}": -amount, "H:CASH": amount})

    def check_recycled(self, payout: str, changes: Mapping[str, int], step: Step) -> None:
        """Checks what else a deposit has posted that is paid from a payout."""
        book = self.withdrawals[payout]
        if book.state == "FAILED":
            self.end_bonus(book, changes, step)
        else:
            assert step.releases or not changes

    def end_bonus(self, book: WithdrawalBook, changes: Mapping[str, int], step: Step) -> None:
        is_paid = book.state == "PAID"
        self.bonus.end(changes, step, self.requirements, is_paid=is_paid, is_last=self.is_last)

    @property
    def is_last(self) -> bool:
        """Whether no withdrawal is under way for which bonus money was given up."""
        return not any(b.consents and b.state in OPEN for b in self.withdrawals.values())


def back_to_lines(book: WithdrawalBook, amount: int) -> Counter[str]:
    """What goes back goes to the last that gave first."""
    back = Counter[str]()
    for code, given in reversed(book.lines):
        back[f"bkt:{code}"] += min(amount, given)
        amount -= min(amount, given)
    assert amount == 0
    return back


def check_may_cancel(step: Step) -> None:
    policy = step.configuration.wallet_policy.value
    assert policy.withdrawals.reversible
    assert policy.jurisdiction != "UK"
