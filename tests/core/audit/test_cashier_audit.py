"""What the audit says of deposits, withdrawals, adjustments and what was counted of a player."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from wallet_server.core.accounts import ADJUST, CASH, SUSPENSE, Account, bucket, hold
from wallet_server.core.answer import AccountChange, Answer, PostedEntry
from wallet_server.core.audit.cashier_audit import CashierAudit
from wallet_server.core.audit.cashier_journal import CashierJournal
from wallet_server.core.audit.difference import Check
from wallet_server.core.audit.player_audit import find_player_problems, find_usage_problems
from wallet_server.core.cashier.adjustment import Adjustment, AdjustmentKind, AdjustmentState
from wallet_server.core.cashier.deposit import Deposit, DepositState
from wallet_server.core.cashier.withdrawal import (
    Approval,
    HoldLine,
    Withdrawal,
    WithdrawalState,
)
from wallet_server.core.decision import Outcome
from wallet_server.core.ids import WalletRef
from wallet_server.core.items import Item
from wallet_server.core.players.limit import Limit, LimitKind, LimitPeriod, PendingLimit
from wallet_server.core.players.player import ORDINARY_PLAYER, Player
from wallet_server.core.players.usage import Slot, Usage, UsageKind
from wallet_server.core.results import (
    AdjustmentResult,
    CommandResult,
    DepositResult,
    WithdrawalResult,
)
from wallet_server.core.rolling.requirement import (
    Requirement,
    RequirementOrigin,
    RequirementState,
    RollingTerms,
)
from wallet_server.core.wallet import Wallet

NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
REF = WalletRef("demo", "p", "EUR")
NORMAL, HELD = bucket("normal"), hold("w")

DEPOSITED = DepositResult("d", "APPROVED")
WITHDRAWN = WithdrawalResult("w", "PAID")
ADJUSTED = AdjustmentResult("a", "APPLIED")


class Told:
    """A wallet's journal, told command by command."""

    def __init__(self) -> None:
        """Nothing was told yet."""
        self.journal = CashierJournal()
        self.sequence = 0
        self.balances: dict[Account, int] = {}

    def tell(self, command: str, result: CommandResult | None, **changes: int) -> "Told":
        """Has a command post changes: of `cash`, `suspense`, `adjust`, `held` and buckets."""
        self.sequence += 1
        named = {"cash": CASH, "suspense": SUSPENSE, "adjust": ADJUST, "held": HELD}
        posted: list[AccountChange] = []
        for name, change in changes.items():
            account = named.get(name, bucket(name))
            posted.append(AccountChange(account, change, None))
            self.balances[account] = self.balances.get(account, 0) + change
        name = f"r{self.sequence}"
        entry = PostedEntry(self.sequence, 0, "EUR", tuple(posted), NOW, name, command)
        entries = (entry,) if posted else ()
        outcome = Outcome.APPLIED
        answer = Answer(name, self.sequence, command, b"\1", NOW, outcome, result=result)
        self.journal.follow([answer], entries)
        return self

    def find(self, *items: Item, player: Player = ORDINARY_PLAYER) -> set[Check]:
        """Returns what is wrong with these items."""
        balances = {a: b for a, b in self.balances.items() if a.startswith(("bkt:", "hold:"))}
        wallet = Wallet(REF, self.sequence, NOW, NOW, player=player, balances=balances)
        audit = CashierAudit(wallet, self.journal)
        found: list[Check] = []
        for item in items:
            if isinstance(item, Requirement):
                audit.take_requirement(item)
            else:
                assert isinstance(item, Adjustment | Deposit | Withdrawal)
                found += [each.check for each in audit.check(item)]
        return {*found, *(each.check for each in audit.finish())}


def paid_in(amount: int, *, at: datetime = NOW) -> Player:
    """Returns a player who has paid so much in, in the hour of a time."""
    start = at.replace(minute=0)
    usage = Usage(UsageKind.DEPOSIT, "EUR", (Slot(start, amount, amount),), since=at)
    return Player(usages=(usage,), revision=1)


DEPOSIT = Deposit(
    *("d", DepositState.APPROVED, "normal", "EUR", 100, 1, NOW),
    approve_time=NOW,
    approve_sequence=1,
)
SUSPENDED = replace(
    DEPOSIT,
    state=DepositState.CREATED,
    approve_time=None,
    approve_sequence=0,
    suspended=True,
    suspend_sequence=1,
)
REQUIREMENT = Requirement(
    *("q", RequirementState.RELEASED, "normal", "g", "EUR", 0),
    RollingTerms(0, release_target="free"),
    *(RequirementOrigin.DEPOSIT, "d", 1, 1, 1, 1, NOW),
)
WITHDRAWAL = Withdrawal(
    *("w", WithdrawalState.PAID, 100, "EUR", (HoldLine("normal", 100),), 1, NOW),
    approvals=(Approval("clerk", NOW),),
    paid=100,
    end_sequence=3,
)
PAID = (
    ("RequestWithdrawal", WITHDRAWN, {"normal": -100, "held": 100}),
    ("SubmitWithdrawal", WITHDRAWN, {}),
    ("ConfirmWithdrawal", WITHDRAWN, {"held": -100, "cash": 100}),
)


def told(*commands: tuple[str, CommandResult | None, dict[str, int]]) -> Told:
    journal = Told()
    for command, result, changes in commands:
        journal.tell(command, result, **changes)
    return journal


def test_a_deposit_is_credited_whole() -> None:
    journal = Told().tell("ApproveDeposit", DEPOSITED, cash=-100, normal=100)

    assert journal.find(DEPOSIT, player=paid_in(100)) == set()
    assert journal.find(DEPOSIT) == {Check.USAGE}
    assert journal.find() == {Check.DEPOSIT, Check.CASH}
    assert journal.find(replace(DEPOSIT, bucket="other"), player=paid_in(100)) == {Check.DEPOSIT}


def test_what_a_deposit_brought_may_go_on_at_once_where_a_requirement_was() -> None:
    journal = Told().tell("ApproveDeposit", DEPOSITED, cash=-100, free=100)

    assert journal.find(DEPOSIT, player=paid_in(100)) == {Check.DEPOSIT}
    assert journal.find(DEPOSIT, REQUIREMENT, player=paid_in(100)) == set()


def test_a_deposit_of_an_earlier_release_was_not_counted_and_not_told_of() -> None:
    journal = Told().tell("ApproveDeposit", None, cash=-100, normal=100)

    assert journal.find(DEPOSIT) == set()
    assert journal.find() == {Check.DEPOSIT, Check.CASH}


def test_a_deposit_of_another_name_explains_nothing() -> None:
    journal = Told().tell(
        "ApproveDeposit", DepositResult("other", "APPROVED"), cash=-100, normal=100
    )

    assert journal.find(DEPOSIT) == {Check.DEPOSIT}


def test_a_deposit_waits_in_suspense_and_is_credited_or_goes_back() -> None:
    parked = ("ApproveDeposit", DEPOSITED, {"cash": -100, "suspense": 100})
    credited = ("ApproveDeposit", DEPOSITED, {"suspense": -100, "normal": 100})
    declined = ("DeclineDeposit", DEPOSITED, {"suspense": -100, "cash": 100})
    approved = replace(*(DEPOSIT,), approve_sequence=2, suspend_sequence=1)
    sent_back = replace(SUSPENDED, state=DepositState.DECLINED, suspended=False)

    assert told(parked).find(SUSPENDED, player=paid_in(100)) == set()
    assert told(parked, credited).find(approved, player=paid_in(100)) == set()
    assert told(parked, declined).find(sent_back) == set()
    assert told(parked).find(sent_back) == {Check.DEPOSIT, Check.CASH}
    assert told(parked, credited).find(sent_back) == {Check.DEPOSIT, Check.CASH}


def test_a_withdrawal_is_held_and_paid() -> None:
    assert told(*PAID).find(WITHDRAWAL) == set()
    assert told(*PAID).find(replace(WITHDRAWAL, lines=(HoldLine("other", 100),))) == {
        Check.WITHDRAWAL
    }
    assert told(PAID[0], PAID[2]).find(WITHDRAWAL) == {Check.WITHDRAWAL}  # Never submitted.
    assert told(*PAID).find() == {Check.WITHDRAWAL, Check.CASH}
    assert told(PAID[0]).find() == {Check.WITHDRAWAL, Check.HOLD}


@pytest.mark.parametrize(
    "approvals",
    [(), (Approval("clerk", NOW),) * 2, (Approval("", NOW),), (Approval("p", NOW),)],
    ids=["nobody", "one twice", "somebody without a name", "the player"],
)
def test_a_withdrawal_is_not_approved_by(approvals: tuple[Approval, ...]) -> None:
    assert told(*PAID).find(replace(WITHDRAWAL, approvals=approvals)) == {Check.WITHDRAWAL}


def test_a_withdrawal_under_way_holds_all_of_it() -> None:
    waits = replace(WITHDRAWAL, state=WithdrawalState.HELD, paid=0, approvals=(), end_sequence=0)

    assert told(PAID[0]).find(waits) == set()
    assert told(PAID[0]).find(replace(waits, amount=99, lines=(HoldLine("normal", 99),))) == {
        Check.WITHDRAWAL,
        Check.HOLD,
    }


def test_a_deposit_that_is_paid_from_a_payout_on_its_way_takes_its_hold() -> None:
    journal = told(*PAID[:2], ("ApproveDeposit", DEPOSITED, {"held": -100, "normal": 100}))
    deposit = replace(DEPOSIT, withdrawal_id="w", approve_sequence=3)
    failed = replace(WITHDRAWAL, state=WithdrawalState.FAILED, paid=0, deposit_id="d")

    assert journal.find(deposit, failed) == set()
    assert journal.find(deposit, replace(failed, deposit_id="")) == {Check.WITHDRAWAL, Check.CASH}


def test_an_adjustment_is_posted_if_it_was_made() -> None:
    made = Adjustment(
        *("a", AdjustmentKind.BALANCE, AdjustmentState.APPLIED, "EUR", 5, "TEST", 1, NOW),
        bucket="normal",
        apply_sequence=1,
    )
    waits = replace(made, state=AdjustmentState.PENDING, apply_sequence=0)
    journal = Told().tell("AdjustBalance", ADJUSTED, adjust=-5, normal=5)

    assert journal.find(made) == set()
    assert journal.find(replace(made, amount=6)) == {Check.ADJUSTMENT}
    assert journal.find(waits) == {Check.ADJUSTMENT}
    assert Told().find(waits) == set()
    assert Told().find(replace(waits, approver="boss")) == {Check.ADJUSTMENT}


def test_a_plan_that_two_persons_changed_has_posted_nothing() -> None:
    plan = Adjustment(
        adjustment_id="a1",
        kind=AdjustmentKind.PLAN,
        state=AdjustmentState.APPLIED,
        asset_code="EUR",
        amount=0,
        reason_code="RETIRED",
        sequence=1,
        create_time=NOW,
        bucket="normal",
        author="clerk",
        approver="boss",
        apply_sequence=2,
    )

    assert Told().find(plan) == set()
    assert Told().find(replace(plan, approver="clerk")) == {Check.ADJUSTMENT}
    assert Told().find(replace(plan, apply_sequence=0)) == {Check.ADJUSTMENT}


def test_an_hour_counts_the_deposits_that_were_made_in_it() -> None:
    def find(player: Player, deposits: Iterable[Deposit], until: datetime = NOW) -> int:
        return len(list(find_usage_problems(player, "EUR", deposits, until)))

    announced = replace(SUSPENDED, create_time=NOW - HOUR)
    later = replace(announced, state=DepositState.APPROVED, approve_time=NOW)
    assert find(paid_in(100, at=NOW - HOUR), [announced]) == 0
    assert find(paid_in(100), [later]) == 0
    assert find(paid_in(100), [announced]) == 1  # What was before was not counted; it says more.
    assert find(paid_in(100), [replace(later, withdrawal_id="w")]) == 1
    assert find(ORDINARY_PLAYER, [replace(later, state=DepositState.DECLINED)]) == 0
    assert find(paid_in(100), [], until=NOW + timedelta(days=33)) == 0  # Too old to be kept.


def test_a_player_is_in_order() -> None:
    pending = PendingLimit(None, "EUR", NOW, NOW + HOUR)
    limit = Limit(LimitKind.LOSS, LimitPeriod.DAY, 5, "EUR", NOW, pending)
    other = replace(limit, kind=LimitKind.DEPOSIT, pending=None)
    player = Player(limits=(other, limit), revision=1)

    assert list(find_player_problems(player, NOW + HOUR)) == []
    assert len(list(find_player_problems(player, None))) == 1
    assert len(list(find_player_problems(replace(player, limits=(limit, other)), NOW + HOUR))) == 1
    assert len(list(find_player_problems(replace(player, revision=0), NOW + HOUR))) == 1
    slots = (Slot(NOW, 1, 1), Slot(NOW - HOUR, 1, 1))
    usage = Usage(UsageKind.STAKE, "EUR", slots)
    assert len(list(find_player_problems(replace(player, usages=(usage,)), NOW + HOUR))) == 1
