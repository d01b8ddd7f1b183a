"""What holds of deposits and adjustments, whatever happens to them and in whatever order."""

from collections import Counter
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from tests.core.cashier.deposits import CHARGEBACK, REVERSAL, DepositWorld
from wallet_server.core.accounts import is_debt, is_house
from wallet_server.core.batch import Recorded
from wallet_server.core.cashier.deposit import Deposit, DepositState
from wallet_server.core.config.wallet_policy import (
    AdjustmentRules,
    DepositRules,
    RecoveryScope,
    WalletPolicy,
)
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.rolling.requirement import RollingTerms

AMOUNTS = st.integers(1, 120)
IDS = st.sampled_from(["d1", "d2"])
BUCKETS = st.sampled_from(["SN", "CN"])
STATUSES = st.sampled_from([AccountStatus.ACTIVE, AccountStatus.FROZEN, AccountStatus.CLOSED])
PERSONS = st.sampled_from(["tom", "bea", ""])

Action = Callable[[DepositWorld], str]

POLICIES = st.builds(
    WalletPolicy,
    recovery_scope=st.sampled_from(RecoveryScope),
    deposits_repay_debt=st.booleans(),
    deposit_rolling=st.sampled_from([None, RollingTerms(20_000), RollingTerms(0, "WD")]),
    deposits=st.just(DepositRules(("CASH",), expires_after_seconds=1)),
    adjustments=st.just(AdjustmentRules(four_eyes_from=60)),
)

ACTIONS: st.SearchStrategy[Action] = st.one_of(
    st.builds(
        lambda amount, code, name, method: (
            lambda world: world.create(amount, code, name, method=method)
        ),
        AMOUNTS,
        BUCKETS,
        IDS,
        st.sampled_from(["", "CASH"]),
    ),
    st.builds(
        lambda amount, code, name: lambda world: world.approve(amount, code, name),
        AMOUNTS,
        BUCKETS,
        IDS,
    ),
    st.builds(
        lambda name, expired: lambda world: world.decline(name, expired=expired),
        IDS,
        st.booleans(),
    ),
    st.builds(
        lambda amount, reversal, kind, name: (
            lambda world: world.take_back(amount, reversal, kind=kind, deposit_id=name)
        ),
        st.none() | AMOUNTS,
        st.sampled_from(["r1", "r2", "r3"]),
        st.sampled_from([REVERSAL, CHARGEBACK]),
        IDS,
    ),
    st.builds(
        lambda amount, person, name: (
            lambda world: world.put_right(amount, person, adjustment_id=name)
        ),
        st.integers(-120, 120).filter(bool),
        PERSONS,
        st.sampled_from(["a1", "a2", ""]),
    ),
    st.builds(
        lambda amount, person: lambda world: world.write_off(amount, person, adjustment_id="a3"),
        AMOUNTS,
        PERSONS,
    ),
    st.builds(lambda status: lambda world: world.set_status(status), STATUSES),
)


@given(POLICIES, st.lists(ACTIONS, max_size=25), st.sampled_from(["", "SN", "SN CN WD"]))
def test_deposits_alone_explain_what_came_in(
    policy: WalletPolicy, actions: list[Action], frozen: str
) -> None:
    world = DepositWorld("WD 40", policy, frozen=frozen)
    posted: Counter[str] = Counter()

    for action in actions:
        action(world)
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


@given(POLICIES, st.lists(ACTIONS, max_size=12), ACTIONS)
def test_a_command_that_was_carried_out_changes_nothing_when_it_is_repeated(
    policy: WalletPolicy, actions: list[Action], last: Action
) -> None:
    world = DepositWorld("SN 100, DEBT -100", policy)
    for action in actions:
        action(world)
    first = last(world)
    items, balances, player = world.wallet.items, world.wallet.balances, world.wallet.player

    again = last(world)

    if is_done(first) and not is_unnamed(world):
        assert is_done(again) or again == "REPLAYED REVIEW", (first, again)
        assert (world.wallet.items, world.wallet.balances) == (items, balances)
        assert world.wallet.player == player


def is_done(outcome: str) -> bool:
    return outcome in {"APPLIED", "ALREADY_APPLIED", "REVIEW", "REPLAYED APPLIED"}


def is_unnamed(world: DepositWorld) -> bool:
    """Tells whether the last command was an adjustment without a name, and so another one."""
    return world.result is None
