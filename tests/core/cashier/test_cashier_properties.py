"""What holds of deposits and adjustments, whatever happens to them and in whatever order."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.core.cashier.deposits import DepositWorld
from wallet_server.core.accounts import is_debt, is_house
from wallet_server.core.batch import Recorded
from wallet_server.core.cashier.deposit import Deposit, DepositState, ReversalKind
from wallet_server.core.commands import (
    Actor,
    AdjustBalance,
    Amount,
    ApproveDeposit,
    Command,
    CreateDeposit,
    DeclineDeposit,
    ReverseDeposit,
    SetAccountStatus,
    WriteOffDebt,
)
from wallet_server.core.config.wallet_policy import (
    AdjustmentRules,
    DepositRules,
    RecoveryScope,
    WalletPolicy,
)
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.rolling.requirement import RollingTerms

AMOUNTS = st.builds(Amount, st.just("EUR"), st.integers(1, 120))
CHANGES = st.builds(Amount, st.just("EUR"), st.integers(-120, 120).filter(bool))
IDS = st.sampled_from(["d1", "d2"])
BUCKETS = st.sampled_from(["SN", "CN"])
STATUSES = st.sampled_from([AccountStatus.ACTIVE, AccountStatus.FROZEN, AccountStatus.CLOSED])
PERSONS = st.builds(Actor, st.sampled_from(["tom", "bea", ""]))
REASON = st.just("TEST")

POLICIES = st.builds(
    WalletPolicy,
    recovery_scope=st.sampled_from(RecoveryScope),
    deposits_repay_debt=st.booleans(),
    deposit_rolling=st.sampled_from([None, RollingTerms(20_000), RollingTerms(0, "WD")]),
    deposits=st.just(DepositRules(("CASH",), expires_after_seconds=1)),
    adjustments=st.just(AdjustmentRules(four_eyes_from=60)),
)
"""What is announced with one command expires with the next, a second later."""

COMMANDS: st.SearchStrategy[Command] = st.one_of(
    st.builds(CreateDeposit, IDS, BUCKETS, AMOUNTS, method=st.sampled_from(["", "CASH"])),
    st.builds(ApproveDeposit, IDS, BUCKETS, AMOUNTS, method=st.just("")),
    st.builds(DeclineDeposit, IDS, REASON, st.booleans()),
    st.builds(
        ReverseDeposit,
        IDS,
        st.sampled_from(["r1", "r2", "r3"]),
        st.none() | AMOUNTS,
        st.sampled_from(ReversalKind),
    ),
    st.builds(
        AdjustBalance,
        BUCKETS,
        CHANGES,
        REASON,
        adjustment_id=st.sampled_from(["a1", "a2", ""]),
        actor=PERSONS,
    ),
    st.builds(WriteOffDebt, st.just("a3"), AMOUNTS, REASON, actor=PERSONS),
    st.builds(SetAccountStatus, STATUSES, REASON),
)


@given(POLICIES, st.lists(COMMANDS, max_size=25), st.sampled_from(["", "SN", "SN CN WD"]))
def test_deposits_alone_explain_what_came_in(
    policy: WalletPolicy, commands: list[Command], frozen: str
) -> None:
    world = DepositWorld("WD 40", policy, frozen=frozen)
    posted: Counter[str] = Counter()

    for command in commands:
        world.run(command)
        if isinstance(world.last, Recorded):
            for entry in world.answer.entries:
                posted.update({change.account: change.change for change in entry.changes})
        check_balances(world)

    deposits = [each for each in world.wallet.items.values() if isinstance(each, Deposit)]
    assert posted["H:CASH"] == -sum(came_in(each) for each in deposits)
    assert posted["H:SUSPENSE"] == sum(each.amount for each in deposits if each.suspended)
    assert sum(posted.values()) == 0
    assert world.counted.get(0, 0) == sum(counts(each) for each in deposits)


def check_balances(world: DepositWorld) -> None:
    for account, balance in world.wallet.balances.items():
        assert not is_house(account)
        assert balance <= 0 if is_debt(account) else balance >= 0


def came_in(deposit: Deposit) -> int:
    """Returns what of a deposit the house has got from payment providers."""
    never = deposit.state in {DepositState.DECLINED, DepositState.EXPIRED}
    is_awaited = deposit.state is DepositState.CREATED and not deposit.suspended
    return 0 if never or is_awaited else deposit.outstanding


def counts(deposit: Deposit) -> int:
    """Returns what a deposit counts for limits: what did not arrive counts nothing."""
    never = deposit.state in {DepositState.DECLINED, DepositState.EXPIRED}
    return 0 if never else deposit.amount


@given(
    POLICIES,
    st.integers(1, 200),
    st.integers(0, 200),
    st.dictionaries(st.sampled_from(["CN", "WD", "SB"]), st.integers(1, 200)),
    st.integers(0, 300),
    st.data(),
)
def test_a_reversal_takes_what_is_there_and_moves_exactly_its_amount(
    policy: WalletPolicy,
    amount: int,
    spent: int,
    others: dict[str, int],
    owed: int,
    data: st.DataObject,
) -> None:
    world = DepositWorld("", policy)
    world.approve(amount)
    left = {"SN": max(0, amount - spent), "DEBT": -owed, **others}
    world.change(balances=", ".join(f"{name} {held}" for name, held in left.items() if held))
    before = world.balances
    taken = data.draw(st.integers(1, amount))

    assert world.take_back(taken) == "APPLIED"

    posted = world.posted
    assert posted["H:CASH"] == taken
    assert sum(posted.values()) == 0
    check_balances(world)
    assert world.balances.get("SB", 0) == before.get("SB", 0)
    debt = world.deposited.reversals[0].debt
    assert posted.get("DEBT", 0) == -debt
    # Debt arises only where the bucket itself is empty.
    assert not debt or world.balances.get("SN", 0) == 0


@given(POLICIES, st.lists(COMMANDS, max_size=12), COMMANDS)
def test_a_command_that_was_carried_out_changes_nothing_when_it_is_repeated(
    policy: WalletPolicy, commands: list[Command], last: Command
) -> None:
    world = DepositWorld("SN 100, DEBT -100", policy)
    for command in commands:
        world.run(command)
    first = world.run(last)
    items, balances, player = world.wallet.items, world.wallet.balances, world.wallet.player

    again = world.run(last)

    if is_done(first) and not is_unnamed(world):
        assert is_done(again) or again == "REPLAYED REVIEW", (first, again)
        assert (world.wallet.items, world.wallet.balances) == (items, balances)
        assert world.wallet.player == player


def is_done(outcome: str) -> bool:
    return outcome in {"APPLIED", "ALREADY_APPLIED", "REVIEW", "REPLAYED APPLIED"}


def is_unnamed(world: DepositWorld) -> bool:
    """Tells whether the last command was an adjustment without a name, and so another one."""
    return world.result is None
