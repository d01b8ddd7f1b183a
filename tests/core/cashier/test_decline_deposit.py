"""Ending deposits that do not arrive."""

from dataclasses import replace
from datetime import timedelta

from tests.core.cashier.deposits import DepositWorld
from tests.core.world import START
from wallet_server.core.cashier.deposit import DepositState
from wallet_server.core.config.wallet_policy import DepositRules, WalletPolicy
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.refusals import DepositNotFound, IllegalTransition
from wallet_server.core.results import DepositResult

QUICK = WalletPolicy(deposits=DepositRules(expires_after_seconds=3))
"""A deposit that is announced with the first command, a second after the start, expires at 4."""


def test_a_declined_deposit_is_over_and_moves_nothing() -> None:
    world = DepositWorld()
    world.create(100)

    assert world.decline() == "APPLIED"
    assert world.posted == {}
    assert world.result == DepositResult("d1", "DECLINED")
    assert world.deposited.state is DepositState.DECLINED
    assert (world.deposited.reason_code, world.deposited.revision) == ("TEST", 2)
    assert world.approve(100) == "ILLEGAL_TRANSITION"
    assert world.refusal == IllegalTransition("d1", "DECLINED", "ApproveDeposit")
    assert world.balances == {}


def test_declining_again_changes_nothing() -> None:
    world = DepositWorld()
    world.create(100)
    world.decline()
    before = world.deposited

    assert world.decline() == "ALREADY_APPLIED"
    assert world.result == DepositResult("d1", "DECLINED")
    assert world.deposited == before


def test_only_what_is_not_approved_can_be_declined() -> None:
    world = DepositWorld()

    assert world.decline() == "DEPOSIT_NOT_FOUND"
    assert world.refusal == DepositNotFound("d1")
    world.approve(100)
    assert world.decline() == "ILLEGAL_TRANSITION"
    assert world.refusal == IllegalTransition("d1", "APPROVED", "DeclineDeposit")
    world.take_back(40)
    assert world.decline() == "ILLEGAL_TRANSITION"
    world.take_back(reversal_id="r2")
    assert world.decline() == "ILLEGAL_TRANSITION"
    assert world.balances == {}


def test_a_deposit_is_declined_whatever_the_account_is() -> None:
    world = DepositWorld()
    world.create(100)
    world.set_status(AccountStatus.FROZEN)

    assert world.decline() == "APPLIED"


def test_a_deposit_expires_at_its_time_and_not_before() -> None:
    world = DepositWorld("", QUICK)
    world.create(100)

    assert world.decline(expired=True) == "ALREADY_APPLIED"  # At 2 seconds.
    assert world.decline(expired=True) == "ALREADY_APPLIED"  # At 3.
    assert world.deposited.state is DepositState.CREATED
    assert world.decline(expired=True) == "APPLIED"  # At 4: the interval is half-open.
    assert world.deposited.state is DepositState.EXPIRED
    assert world.deposited.due_time is None
    assert world.decline(expired=True) == "ALREADY_APPLIED"


def test_an_expired_deposit_is_neither_approved_nor_declined() -> None:
    world = DepositWorld("", QUICK)
    world.create(100)
    world.put(replace(world.deposited, expire_time=START))
    world.decline(expired=True)

    assert world.approve(100) == "ILLEGAL_TRANSITION"
    assert world.decline() == "ILLEGAL_TRANSITION"
    assert world.refusal == IllegalTransition("d1", "EXPIRED", "DeclineDeposit")
    assert world.create(100) == "REPLAYED APPLIED"
    assert world.result == DepositResult("d1", "CREATED")


def test_the_scheduler_leaves_alone_what_is_approved_or_never_expires() -> None:
    world = DepositWorld("", QUICK)
    world.create(100)
    world.approve(100)
    for _ in range(5):
        assert world.decline(expired=True) == "ALREADY_APPLIED"
    assert world.balances == {"SN": 100}

    world = DepositWorld()
    world.create(100)
    assert world.decline(expired=True) == "ALREADY_APPLIED"
    assert world.deposited.state is DepositState.CREATED


def test_a_deposit_is_approved_after_its_time_while_nobody_has_ended_it() -> None:
    world = DepositWorld("", QUICK)
    world.create(100)
    world.put(replace(world.deposited, expire_time=START - timedelta(hours=1)))

    assert world.approve(100) == "APPLIED"
    assert world.balances == {"SN": 100}
