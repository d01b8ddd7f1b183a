"""How deposits count for the player's limits."""

from datetime import timedelta

from tests.core.cashier.deposits import DepositWorld
from tests.core.world import START
from wallet_server.core.config.wallet_policy import (
    DefaultLimit,
    DepositRules,
    LimitRules,
    WalletPolicy,
)
from wallet_server.core.players.limit import LimitKind, LimitPeriod
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.refusals import DepositLimit

A_DAY = LimitRules(defaults=(DefaultLimit(LimitKind.DEPOSIT, LimitPeriod.DAY, "EUR", 100),))
LIMITED = WalletPolicy(limits=A_DAY, deposits=DepositRules(methods_approved_at_once=("CASH",)))


def at(world: DepositWorld, hours: int) -> None:
    """Lets the next command come so many hours, and a second, after the start."""
    world.requests = int(timedelta(hours=hours).total_seconds())


def test_a_deposit_counts_since_it_was_announced() -> None:
    world = DepositWorld("", LIMITED)

    assert world.create(70) == "APPLIED"
    assert world.counted == {0: 70}
    assert world.create(31, deposit_id="d2") == "DEPOSIT_LIMIT"
    assert world.refusal == DepositLimit(limit=100, used=70, remaining=30, period="DAY")
    assert world.approve(31, deposit_id="d2") == "DEPOSIT_LIMIT"
    assert world.create(30, deposit_id="d2", method="CASH") == "APPLIED"
    assert world.counted == {0: 100}
    assert world.balances == {"SN": 30}


def test_an_announced_deposit_counts_once_when_it_is_approved() -> None:
    world = DepositWorld("", LIMITED)
    world.create(100)

    assert world.approve(100) == "APPLIED"
    assert world.counted == {0: 100}


def test_from_its_approval_on_a_deposit_counts_there() -> None:
    world = DepositWorld("", LIMITED)
    world.create(60)
    at(world, 5)

    assert world.approve(60) == "APPLIED"
    assert world.counted == {5: 60}
    assert world.wallet.update_time == START + timedelta(hours=5, seconds=1)


def test_the_limit_is_looked_at_again_when_a_deposit_is_approved() -> None:
    world = DepositWorld("", LIMITED)
    world.create(60)
    at(world, 30)
    # A day and six hours later nothing of the first counts any more.
    assert world.approve(50, deposit_id="d2") == "APPLIED"

    assert world.approve(60) == "DEPOSIT_LIMIT"
    assert world.refusal == DepositLimit(limit=100, used=50, remaining=50, period="DAY")
    assert world.counted == {0: 60, 30: 50}
    assert world.balances == {"SN": 50}


def test_a_deposit_that_does_not_arrive_gives_back_what_it_counted() -> None:
    world = DepositWorld("", LIMITED)
    world.create(60)
    world.create(40, deposit_id="d2")
    at(world, 2)

    assert world.decline() == "APPLIED"
    assert world.counted == {0: 40}
    assert world.approve(60, deposit_id="d3") == "APPLIED"
    assert world.counted == {0: 40, 2: 60}


def test_a_deposit_that_waits_in_suspense_counts_since_it_was_announced() -> None:
    world = DepositWorld("", LIMITED)
    world.create(60)
    at(world, 1)
    world.set_status(AccountStatus.FROZEN)
    assert world.approve(60) == "REVIEW"
    assert world.counted == {0: 60}
    assert world.approve(41, deposit_id="d2") == "DEPOSIT_LIMIT"
    at(world, 3)
    world.set_status(AccountStatus.ACTIVE)

    assert world.approve(60) == "APPLIED"
    assert world.counted == {3: 60}


def test_a_refused_deposit_counts_nothing() -> None:
    world = DepositWorld("", LIMITED)

    world.approve(101)
    world.create(50, "SB")

    assert world.counted == {}
