"""What may be withdrawn: worked out again from the topology and the requirements."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.simulation.step import Step
from wallet_server.core.cashier.withdrawal import Withdrawal
from wallet_server.core.commands import RequestWithdrawal
from wallet_server.core.config.topology import (
    OWN_MONEY,
    BucketType,
    LockMode,
    Withdrawable,
)
from wallet_server.core.refusals import InsufficientWithdrawable, RollingOpen
from wallet_server.core.rolling.requirement import Requirement

UNDONE = frozenset({"PENDING", "ACTIVE", "SUSPENDED"})


@dataclass(frozen=True)
class Ways:
    """What each bucket lets out, in the withdraw order, and what rolling keeps in."""

    free: dict[str, int]
    locked: int
    remaining: int

    @property
    def total(self) -> int:
        return sum(self.free.values())


def ways_out(step: Step, requirements: Mapping[str, Requirement]) -> Ways:
    """I29: returns what may leave the wallet as it was before the command."""
    topology = step.configuration.topology.value
    free: dict[str, int] = {}
    locked = remaining = 0
    for code in topology.withdraw_order:
        bucket = topology.bucket_by_code[code]
        held = step.balances_before[f"bkt:{code}"]
        if bucket.withdrawable is Withdrawable.NEVER or code in step.around.frozen or not held:
            continue
        keepers = [r for r in requirements.values() if r.bucket == code and keeps(r, bucket, step)]
        if keepers:
            locked += held
            remaining += sum(each.remaining for each in keepers)
        else:
            free[code] = held
    return Ways(free, locked, remaining)


def keeps(requirement: Requirement, bucket: BucketType, step: Step) -> bool:
    """Tells whether a requirement keeps a bucket's money in.

    Own money is kept where the topology says so, and while there is time to wager; what a
    promotion has restricted until that is done, and if its release moves it, until that.
    """
    state = requirement.state.value
    if bucket.bucket_class in OWN_MONEY:
        ends = requirement.expire_time
        over = ends is not None and ends <= step.now
        return bucket.lock_mode is LockMode.BINARY and state in UNDONE and not over
    moves = requirement.terms.release_target or requirement.terms.conversion_cap is not None
    return state in UNDONE or (state == "FULFILLED" and bool(moves))


def check_request(
    command: RequestWithdrawal,
    step: Step,
    requirements: Mapping[str, Requirement],
    under_way: int,
) -> None:
    """A request is granted from what may leave, in order, or refused with what there is."""
    policy = step.configuration.wallet_policy.value
    rules, amount = policy.withdrawals, command.amount.minor_units
    ways = ways_out(step, requirements)
    owed = -step.balances_before[f"DEBT:{step.after.ref.currency_code}"]
    match step.said:
        case "APPLIED":
            assert rules.minimum <= amount <= (rules.maximum or amount)
            assert not (owed and rules.debt.value == "REFUSE")
            assert under_way < rules.pending_max
            check_lines(command, ways, step)
        case "BELOW_MINIMUM":
            assert amount < rules.minimum
        case "ABOVE_MAXIMUM":
            assert rules.maximum is not None
            assert amount > rules.maximum
        case "DEBT_OUTSTANDING":
            assert owed
        case "PENDING_WITHDRAWAL_LIMIT":
            assert under_way >= rules.pending_max
        case "ROLLING_OPEN":
            expected = RollingOpen(ways.remaining, ways.total, ways.locked)
            assert step.answer.refusal == expected
            assert amount > ways.total
            assert ways.locked
        case "INSUFFICIENT_WITHDRAWABLE":
            assert step.answer.refusal == InsufficientWithdrawable(amount, ways.total)
            assert amount > ways.total
            assert not ways.locked
        case "BONUS_FORFEITURE_REQUIRED":
            assert rules.bonus.value == "FORFEIT_BONUS"
            assert not command.accept_forfeiture
        case _:
            assert step.said in {"ACCOUNT_FROZEN", "CURRENCY_MISMATCH", "TOO_MANY_LIVE_ITEMS"}


def check_lines(command: RequestWithdrawal, ways: Ways, step: Step) -> None:
    """Each bucket gives all it may before the next one gives anything."""
    left = command.amount.minor_units
    expected: list[tuple[str, int]] = []
    for code, held in ways.free.items():
        if given := min(left, held):
            expected.append((code, given))
        left -= given
    assert left == 0
    item = next(new for old, new in step.changed(Withdrawal) if old is None)
    assert isinstance(item, Withdrawal)
    assert [(line.bucket, line.amount) for line in item.lines] == expected
