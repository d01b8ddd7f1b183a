"""What holds for withdrawals whatever happens (I29, I34 to I38)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.cashier.withdrawal_world import BY_TIME, WithdrawalWorld, ruled, withdrawing
from tests.core.rolling.rolling_world import requirement
from tests.core.world import START
from wallet_server.core.accounts import CASH, hold, is_debt, is_house
from wallet_server.core.cashier.withdrawal import OPEN_STATES, Withdrawal, WithdrawalState
from wallet_server.core.commands.actor import Actor
from wallet_server.core.config.topology import LockMode, Withdrawable
from wallet_server.core.config.wallet_policy import (
    ApprovalLevel,
    BonusOnWithdrawal,
    WithdrawalRules,
)
from wallet_server.core.rolling.requirement import RequirementState

STEPS_COUNT = 60
NAMES = ("w1", "w2", "w3", "w4", "w5", "w6")
PEOPLE = ("ann", "agent", "M", "O", "P")
BETS = ("b1", "b2", "b3")
LOCKING = {RequirementState.PENDING, RequirementState.ACTIVE, RequirementState.SUSPENDED}
STEPS = (
    *("request",) * 6,
    *("go_on",) * 14,
    *("by_time",) * 6,
    *("approve", "submit", "confirm", "reject", "cancel", "fail", "return"),
    *("place", "settle", "settle", "roll_back", "wait", "wait", "freeze", "end_rolling"),
)
NEXT_STEPS = {
    WithdrawalState.HELD: ("approve",),
    WithdrawalState.PENDING_REVIEW: ("approve", "by_time"),
    WithdrawalState.APPROVED: ("submit",),
    WithdrawalState.SUBMITTED: ("confirm", "confirm", "fail"),
    WithdrawalState.PAID: ("return",),
}

RULES = st.builds(
    WithdrawalRules,
    minimum=st.sampled_from([1, 20]),
    bonus=st.sampled_from(BonusOnWithdrawal),
    auto_approval=st.sampled_from([None, BY_TIME.auto_approval]),
    approval_levels=st.sampled_from([(), (ApprovalLevel(minimum=30, approvals=2),)]),
)


@settings(max_examples=300)
@given(
    st.integers(0, 2**32 - 1),
    RULES,
    st.sampled_from(LockMode),
    st.sampled_from([Withdrawable.NEVER, Withdrawable.AFTER_ROLLING]),
)
def test_withdrawals_stay_consistent(
    seed: int, rules: WithdrawalRules, lock_mode: LockMode, bonus_leaves: Withdrawable
) -> None:
    random = Random(seed)
    shape = withdrawing(lock_mode, ("WD", "SN", "SB", "CN"), SB=bonus_leaves)
    expiring = requirement("RQ1", "SB", 60, amount=40, order=0)
    world = WithdrawalWorld(
        "WD 90, SN 80, CN 70, SB 60",
        shape,
        ruled(rules),
        items=(
            replace(expiring, expire_time=START + timedelta(hours=random.randint(1, 40))),
            requirement("RQ2", "SB", 90, amount=20, order=1),
            requirement("RQ3", "SN", 50, amount=30, order=1),
        ),
    )
    history = History(world)
    for version in range(1, STEPS_COUNT):
        take_step(world, random, version)
        history.note()
        audit(world)
    history.audit()


def take_step(world: WithdrawalWorld, random: Random, version: int) -> None:
    """Takes a step drawn by chance, whether it can be taken or not."""
    step, name = random.choice(STEPS), random.choice(NAMES)
    if step == "wait":
        world.later(hours=random.randint(1, 8))
    elif step == "freeze":
        world.change(frozen=random.choice(["", "", "SB", "WD"]))
    elif step == "end_rolling":
        world.cancel(random.choice(["RQ1", "RQ2", "RQ3"]), expired=random.random() < 0.7)
    elif step == "place":
        world.place(random.randint(1, 80), random.choice(BETS))
    elif step == "settle":
        world.settle(random.choice([0, 30, 200]), random.choice(BETS), version=version)
    elif step == "roll_back":
        world.roll_back(random.choice(BETS))
    elif step == "go_on":
        go_on(world, random)
    else:
        take_withdrawal_step(world, random, step, name)


def go_on(world: WithdrawalWorld, random: Random) -> None:
    """Takes the next step of a withdrawal that has one."""
    found = [each for each in withdrawals(world) if each.state in NEXT_STEPS]
    if found:
        chosen = random.choice(found)
        step = random.choice(NEXT_STEPS[chosen.state])
        take_withdrawal_step(world, random, step, chosen.withdrawal_id)


def take_withdrawal_step(world: WithdrawalWorld, random: Random, step: str, name: str) -> None:
    match step:
        case "request":
            asked = random.choice([1, 25, 60, world.money.total // 2, world.money.total + 1])
            accept = random.random() < 0.8
            world.request(asked, name, accept=accept, actor=Actor("agent"))
        case "approve":
            world.approve(name, Actor(random.choice(PEOPLE)))
        case "by_time":
            world.let_time_approve(name)
        case "submit":
            world.submit(name)
        case "confirm":
            world.confirm(random.choice([None, None, None, 1, 30]), name)
        case "reject":
            world.reject(name)
        case "cancel":
            world.cancel_withdrawal(name)
        case "fail":
            world.fail(name)
        case _:
            world.give_back(name)


def withdrawals(world: WithdrawalWorld) -> list[Withdrawal]:
    return [each for each in world.wallet.items.values() if isinstance(each, Withdrawal)]


def audit(world: WithdrawalWorld) -> None:
    """Checks what must hold of a wallet at any time."""
    wallet = world.wallet
    for account, balance in wallet.balances.items():
        assert not is_house(account)
        assert balance == 0 or (balance < 0) is is_debt(account)
    for each in withdrawals(world):
        assert sum(line.amount for line in each.lines) == each.amount
        assert wallet.balance(hold(each.withdrawal_id)) == (each.amount if each.is_open else 0)
        audit_approvals(each)
    audit_suspension(world)
    audit_withdrawable(world)


def audit_approvals(found: Withdrawal) -> None:
    """Whoever approved, they were enough, distinct, and had nothing to gain."""
    people = [each.actor for each in found.approvals]
    assert len(set(people)) == len(people)
    assert not {"ann", "agent"} & set(people)
    if found.state not in {
        WithdrawalState.HELD,
        WithdrawalState.PENDING_REVIEW,
        WithdrawalState.REJECTED,
        WithdrawalState.CANCELLED,
    }:
        assert found.automatic or len(people) == found.approvals_needed


def audit_suspension(world: WithdrawalWorld) -> None:
    """A requirement waits while a withdrawal that is under way holds its bonus, and only then."""
    held = {
        name
        for each in withdrawals(world)
        if each.is_open
        for forfeit in each.forfeits
        for name in forfeit.requirement_ids
    }
    for each in world.requirements:
        if each.is_open:
            is_held = each.requirement_id in held
            assert (each.state is RequirementState.SUSPENDED) is is_held, each


def audit_withdrawable(world: WithdrawalWorld) -> None:
    """No locked money counts (I29)."""
    topology = world.fold.configurations["demo"].topology.value
    for part in world.money.parts:
        assert part.withdrawable + part.locked == part.held
        if topology.bucket_by_code[part.bucket].lock_mode is LockMode.BINARY:
            open_ones = [
                each
                for each in world.requirements
                if each.bucket == part.bucket and each.state in LOCKING
            ]
            assert not open_ones or part.withdrawable == 0
        if part.bucket in world.wallet.frozen_buckets:
            assert part.withdrawable == 0


class History:
    """What happened to a wallet's withdrawals, and what the house got."""

    def __init__(self, world: WithdrawalWorld) -> None:
        self.world = world
        self.start = sum(world.wallet.balances.values())
        self.house = 0
        self.seen = world.wallet.sequence
        self.before: dict[str, Withdrawal] = {}
        self.automatic: list[tuple[datetime, int]] = []

    def note(self) -> None:
        """Takes in what the last step has done."""
        if self.world.wallet.sequence == self.seen:
            return
        self.seen = self.world.wallet.sequence
        changes = [c for entry in self.world.answer.entries for c in entry.changes]
        self.house += sum(c.change for c in changes if is_house(c.account))
        assert self.start == sum(self.world.wallet.balances.values()) + self.house
        paid = sum(c.change for c in changes if c.account == CASH)
        for each in withdrawals(self.world):
            self.note_change(each, paid)
        self.before = {each.withdrawal_id: each for each in withdrawals(self.world)}

    def note_change(self, after: Withdrawal, paid: int) -> None:
        """Checks how one withdrawal came from what it was: nothing of it is lost."""
        before = self.before.get(after.withdrawal_id)
        if before is None or before.state is after.state:
            return
        if after.state in {WithdrawalState.PAID, WithdrawalState.PARTIALLY_PAID}:
            assert before.state is WithdrawalState.SUBMITTED
            assert paid == after.paid <= after.amount
            assert (after.paid == after.amount) is (after.state is WithdrawalState.PAID)
        elif after.state is WithdrawalState.RETURNED:
            assert before.state is WithdrawalState.PAID
            assert paid == -after.amount
        elif after.state not in OPEN_STATES:
            assert before.is_open
            assert paid == after.paid == 0
        elif after.state is WithdrawalState.APPROVED and after.automatic:
            self.automatic.append((self.world.now, after.amount))

    def audit(self) -> None:
        """Time never approves more than the cap, in any window (I38)."""
        rules = BY_TIME.auto_approval
        assert rules is not None
        for total in self.windows(timedelta(seconds=rules.window_seconds)):
            assert total <= rules.window_max

    def windows(self, length: timedelta) -> Iterator[int]:
        """Yields what time approved in each window that ends with an approval."""
        for end, _ in self.automatic:
            inside = [amount for at, amount in self.automatic if end - length < at <= end]
            yield from accumulate(inside)
