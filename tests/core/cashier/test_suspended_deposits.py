"""Money that arrives while the account is frozen."""

import pytest

from tests.core.cashier.deposits import DepositWorld
from tests.core.world import vector
from wallet_server.core.cashier.deposit import DepositState
from wallet_server.core.config.wallet_policy import DepositRules, WalletPolicy
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.results import DepositResult
from wallet_server.core.rolling.requirement import RollingTerms

FROZEN = AccountStatus.FROZEN
ACTIVE = AccountStatus.ACTIVE


def test_money_that_comes_to_a_frozen_account_waits_in_suspense() -> None:
    world = DepositWorld("SN 5", status=FROZEN)

    assert world.approve(100) == "REVIEW"
    assert world.posted == vector("H:CASH -100, H:SUSPENSE +100")
    assert world.balances == {"SN": 5}
    assert world.result == DepositResult("d1", "CREATED")
    assert world.deposited.state is DepositState.CREATED
    assert (world.deposited.suspended, world.deposited.suspend_sequence) == (True, 2)


def test_it_is_credited_when_it_is_approved_again_and_the_account_is_free() -> None:
    world = DepositWorld(status=FROZEN)
    world.approve(100)
    world.set_status(ACTIVE)

    assert world.approve(100) == "APPLIED"
    assert world.posted == vector("H:SUSPENSE -100, SN +100")
    assert world.result == DepositResult("d1", "APPROVED")
    assert world.deposited.state is DepositState.APPROVED
    assert (world.deposited.suspended, world.deposited.approve_sequence) == (False, 4)
    assert world.approve(100) == "REPLAYED APPLIED"


def test_nothing_more_happens_while_the_account_stays_frozen() -> None:
    world = DepositWorld(status=FROZEN)
    world.approve(100)
    before = world.wallet

    assert world.approve(100) == "REPLAYED REVIEW"
    assert world.create(100) == "REPLAYED REVIEW"
    assert world.approve(101) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.approve(100, "CN") == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.wallet == before


def test_what_waits_goes_back_to_its_payer_when_it_is_declined() -> None:
    world = DepositWorld(status=FROZEN)
    world.approve(100)

    assert world.decline() == "APPLIED"
    assert world.posted == vector("H:SUSPENSE -100, H:CASH +100")
    assert world.deposited.state is DepositState.DECLINED
    assert not world.deposited.suspended
    assert world.counted == {}


def test_money_that_has_come_never_expires() -> None:
    world = DepositWorld("", WalletPolicy(deposits=DepositRules(expires_after_seconds=1)))
    world.create(100)
    world.set_status(FROZEN)
    assert world.approve(100) == "REVIEW"
    assert world.deposited.due_time is None

    assert world.decline(expired=True) == "ALREADY_APPLIED"
    assert world.deposited.suspended


def test_an_announced_deposit_that_comes_meanwhile_waits_too() -> None:
    world = DepositWorld()
    world.create(100)
    world.set_status(FROZEN)

    assert world.approve(100, "CN") == "REVIEW"
    assert world.deposited.suspended
    world.set_status(ACTIVE)
    assert world.approve(100, "CN") == "APPLIED"
    assert world.balances == {"CN": 100}
    assert world.create(100) == "REPLAYED APPLIED"
    assert world.result == DepositResult("d1", "CREATED")


def test_it_may_be_credited_to_another_bucket_in_the_end() -> None:
    world = DepositWorld(status=FROZEN)
    world.approve(100)
    world.set_status(ACTIVE)

    assert world.approve(100, "CN") == "APPLIED"
    assert world.balances == {"CN": 100}
    assert world.deposited.bucket == "CN"


@pytest.mark.parametrize("status", [AccountStatus.SELF_EXCLUDED, AccountStatus.CLOSED])
def test_it_is_not_credited_where_the_account_takes_no_deposits(status: AccountStatus) -> None:
    world = DepositWorld(status=FROZEN)
    world.approve(100)
    world.set_status(status)

    assert world.approve(100) == f"ACCOUNT_{status.value}"
    assert world.deposited.suspended
    assert world.decline() == "APPLIED"


def test_only_what_the_topology_lets_in_is_put_in_suspense() -> None:
    world = DepositWorld(status=FROZEN)

    assert world.approve(100, "XX") == "BUCKET_UNKNOWN_IN_TOPOLOGY"
    assert world.approve(100, "SB") == "BUCKET_NOT_DEPOSITABLE"
    assert world.wallet.items == {}


def test_what_waits_opens_its_requirement_when_it_is_credited() -> None:
    policy = WalletPolicy(deposit_rolling=RollingTerms(10_000), deposits_repay_debt=True)
    world = DepositWorld("DEBT -30", policy, status=FROZEN)
    world.approve(100)
    assert world.balances == {"DEBT": -30}
    world.set_status(ACTIVE)

    world.approve(100)

    assert world.posted == vector("H:SUSPENSE -100, DEBT +30, SN +70")
    assert world.requirement("DEPOSIT:d1").required == 70


def test_what_waits_counts_for_limits_since_it_came() -> None:
    world = DepositWorld(status=FROZEN)

    world.approve(100)

    assert world.counted == {0: 100}
    world.set_status(ACTIVE)
    world.approve(100)
    assert world.counted == {0: 100}
