"""Follows deposits: what they may come to, what they post, and what counts of them."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.simulation.ledger import Ledger, changes_of, is_debt, nonzero
from tests.simulation.player_audit import PlayerAudit
from tests.simulation.step import Step
from tests.simulation.usage_book import Counted
from tests.simulation.withdrawal_audit import WithdrawalAudit
from wallet_server.core.cashier.deposit import Deposit
from wallet_server.core.commands import (
    ApproveDeposit,
    CreateDeposit,
    DeclineDeposit,
    ReverseDeposit,
)
from wallet_server.core.config.wallet_policy import RecoveryScope

COME = frozenset({"APPROVED", "PARTIALLY_REVERSED", "CHARGED_BACK", "REVERSED"})
REVERSIBLE = frozenset({"APPROVED", "PARTIALLY_REVERSED"})


@dataclass
class DepositBook:
    """A deposit as its commands tell of it."""

    state: str
    bucket: str
    amount: int
    expires: datetime | None
    payout: str = ""
    suspended: bool = False
    reversals: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def left(self) -> int:
        """What of it was not taken back."""
        return self.amount - sum(self.reversals.values())


@dataclass
class DepositAudit:
    """All deposits of a wallet, and what they have done to `H:CASH` and `H:SUSPENSE`."""

    player: PlayerAudit
    withdrawals: WithdrawalAudit
    deposits: dict[str, DepositBook] = field(default_factory=dict[str, DepositBook])

    @property
    def cash(self) -> int:
        """I39: what deposits have done to the house's cash, which is negative for what came in."""
        return -sum(d.left for d in self.deposits.values() if d.state in COME or d.suspended)

    @property
    def suspense(self) -> int:
        """What waits for a frozen account to thaw."""
        return sum(d.amount for d in self.deposits.values() if d.suspended)

    def take(self, step: Step, ledger: Ledger) -> None:
        """Takes a recorded command in, and checks every deposit that it touched."""
        match step.command:
            case CreateDeposit():
                self.create(step.command, step)
            case ApproveDeposit():
                self.approve(step.command, step)
            case DeclineDeposit():
                self.decline(step.command, step)
            case ReverseDeposit():
                self.reverse(step.command, step, ledger)
            case _:
                assert not list(step.changed(Deposit))
        for _, item in step.changed(Deposit):
            assert isinstance(item, Deposit)
            self.check_item(item)

    def check_item(self, item: Deposit) -> None:
        book = self.deposits[item.deposit_id]
        assert item.state.value == book.state
        assert (item.amount, item.bucket) == (book.amount, book.bucket)
        assert (item.suspended, item.withdrawal_id) == (book.suspended, book.payout)
        assert {r.reversal_id: r.amount for r in item.reversals} == book.reversals

    def create(self, command: CreateDeposit, step: Step) -> None:
        if not step.applied:
            assert not step.answer.entries
            return
        assert command.deposit_id not in self.deposits
        book = self.new(command, step)
        self.deposits[command.deposit_id] = book
        self.count(command.deposit_id, book, step)
        if (
            command.method
            in step.configuration.wallet_policy.value.deposits.methods_approved_at_once
        ):
            self.credit(book, "H:CASH", step)
        else:
            assert not step.answer.entries

    def new(self, command: CreateDeposit | ApproveDeposit, step: Step) -> DepositBook:
        seconds = step.configuration.wallet_policy.value.deposits.expires_after_seconds
        expires = None
        if seconds is not None and isinstance(command, CreateDeposit):
            expires = step.now + timedelta(seconds=seconds)
        return DepositBook(
            "CREATED", command.bucket, command.amount.minor_units, expires, command.withdrawal_id
        )

    def approve(self, command: ApproveDeposit, step: Step) -> None:
        book = self.deposits.get(command.deposit_id)
        if step.said not in {"APPLIED", "REVIEW"}:
            return
        assert book is None or book.state == "CREATED"
        source = "H:SUSPENSE" if book is not None and book.suspended else "H:CASH"
        if book is None:
            book = self.new(command, step)
            self.deposits[command.deposit_id] = book
            self.count(command.deposit_id, book, step)
        book.bucket = command.bucket
        assert book.amount == command.amount.minor_units
        if step.said == "REVIEW":
            assert step.around.status == "FROZEN"
            assert not book.suspended
            book.suspended = True
            expected = {"H:CASH": -book.amount, "H:SUSPENSE": book.amount}
            assert nonzero(changes_of(step.answer.entries)) == expected
            return
        self.count(command.deposit_id, book, step)
        self.credit(book, source, step)

    def count(self, deposit_id: str, book: DepositBook, step: Step) -> None:
        """I40: an accepted deposit is within what limits it. A recycled payout counts nothing."""
        if book.payout:
            return
        name = (step.after.ref, deposit_id)
        self.player.give_back("DEPOSIT", name)
        self.player.check_accepted("DEPOSIT", [book.amount], step)
        counted = Counted(step.now, step.after.ref.currency_code, book.amount)
        self.player.count_own("DEPOSIT", name, counted)

    def credit(self, book: DepositBook, source: str, step: Step) -> None:
        """The money reaches its bucket; debt of its asset is repaid first if so decided."""
        book.state, book.suspended = "APPROVED", False
        topology = step.configuration.topology.value
        assert topology.bucket_by_code[book.bucket].depositable
        policy = step.configuration.wallet_policy.value
        owed = -step.balances_before[f"DEBT:{step.after.ref.currency_code}"]
        repaid = min(owed, book.amount) if policy.deposits_repay_debt else 0
        expected = Counter({source: -book.amount, f"bkt:{book.bucket}": book.amount - repaid})
        expected[f"DEBT:{step.after.ref.currency_code}"] += repaid
        if book.payout:
            expected.update(self.withdrawals.recycle(book.payout, book.amount, step))
        changes = changes_of(step.answer.entries)
        changes.subtract(expected)
        if book.payout:
            self.withdrawals.check_recycled(book.payout, nonzero(changes), step)
        else:
            assert step.releases or not nonzero(changes), changes

    def decline(self, command: DeclineDeposit, step: Step) -> None:
        book = self.deposits.get(command.deposit_id)
        if book is None:
            assert step.said == "DEPOSIT_NOT_FOUND"
            return
        is_due = book.expires is not None and book.expires <= step.now and not book.suspended
        if not step.applied:
            assert step.said in {"ALREADY_APPLIED", "ILLEGAL_TRANSITION"}
            assert book.state != "CREATED" or (command.expired and not is_due)
            return
        assert book.state == "CREATED"
        assert is_due or not command.expired
        expected = {"H:SUSPENSE": -book.amount, "H:CASH": book.amount} if book.suspended else {}
        assert nonzero(changes_of(step.answer.entries)) == expected
        book.state, book.suspended = "EXPIRED" if command.expired else "DECLINED", False
        self.player.give_back("DEPOSIT", (step.after.ref, command.deposit_id))

    def reverse(self, command: ReverseDeposit, step: Step, ledger: Ledger) -> None:
        book = self.deposits.get(command.deposit_id)
        if not step.applied:
            known = step.said in {"CURRENCY_MISMATCH", "AMOUNT_EXCEEDS_DEPOSIT"}
            known |= step.said == ("ILLEGAL_TRANSITION" if book else "DEPOSIT_NOT_FOUND")
            assert known, step.said
            return
        assert book is not None
        assert book.state in REVERSIBLE
        assert command.reversal_id not in book.reversals
        amount = book.left if command.amount is None else command.amount.minor_units
        assert 0 < amount <= book.left
        book.reversals[command.reversal_id] = amount
        whole = "CHARGED_BACK" if command.kind.value == "CHARGEBACK" else "REVERSED"
        book.state = "PARTIALLY_REVERSED" if book.left else whole
        if not step.releases:
            self.check_taken_back(book, amount, step, ledger)

    def check_taken_back(self, book: DepositBook, amount: int, step: Step, ledger: Ledger) -> None:
        """The bucket gives first, then own money as far as the policy lets it, and then debt."""
        changes = changes_of(step.answer.entries)
        assert changes.pop("H:CASH") == amount
        assert all(n < 0 for n in changes.values()), changes
        home = f"bkt:{book.bucket}"
        frozen = {f"bkt:{code}" for code in step.around.frozen}
        at_home = 0 if home in frozen else min(amount, step.balances_before[home])
        assert -changes.pop(home, 0) == at_home
        others = {account for account in changes if not is_debt(account)}
        assert others <= step.own_money
        scope = step.configuration.wallet_policy.value.recovery_scope
        assert scope is not RecoveryScope.DESTINATION_ONLY or not others
        if any(is_debt(account) for account in changes) and scope is RecoveryScope.ALL_CASH:
            order = step.configuration.topology.value.recovery_order
            left = [a for code in order if (a := f"bkt:{code}") not in frozen]
            assert not any(ledger.balances[account] for account in left)
