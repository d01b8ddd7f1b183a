"""Announcing money that is on its way."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.cashier.deposits import DepositWorld
from tests.core.promotions.promotions import with_bucket
from tests.core.world import START, vector
from wallet_server.core.cashier.deposit import Deposit, DepositState, deposit_key
from wallet_server.core.commands import Amount, CreateDeposit
from wallet_server.core.config.topology import BucketStatus
from wallet_server.core.config.wallet_policy import DepositRules, WalletPolicy
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.refusals import TransactionPayloadMismatch
from wallet_server.core.results import DepositResult
from wallet_server.core.rolling.requirement import RollingTerms

COUNTER = WalletPolicy(deposits=DepositRules(methods_approved_at_once=("CASH", "CARD")))


def test_an_announced_deposit_moves_nothing() -> None:
    world = DepositWorld("SN 5")

    assert world.create(100, method="BANK") == "APPLIED"
    assert world.posted == {}
    assert world.balances == {"SN": 5}
    assert world.result == DepositResult("d1", "CREATED")
    at = world.answer.answer_time
    assert world.deposited == Deposit(
        "d1", DepositState.CREATED, "SN", "EUR", 100, 2, at, method="BANK"
    )


def test_an_announced_deposit_expires_when_the_wallet_policy_says_so() -> None:
    policy = WalletPolicy(deposits=DepositRules(expires_after_seconds=3600))
    world = DepositWorld("", policy)

    world.create(100)

    assert world.deposited.expire_time == START + timedelta(seconds=1 + 3600)
    assert world.deposited.due_time == world.deposited.expire_time


def test_cash_at_the_counter_is_credited_at_once() -> None:
    world = DepositWorld("", COUNTER)

    assert world.create(100, method="CASH") == "APPLIED"
    assert world.posted == vector("SN +100, H:CASH -100")
    assert world.result == DepositResult("d1", "APPROVED")
    deposit = world.deposited
    assert (deposit.sequence, deposit.approve_sequence) == (2, 2)
    assert deposit.approve_time == deposit.create_time
    assert deposit.due_time is None


def test_what_the_wallet_policy_does_not_trust_waits() -> None:
    world = DepositWorld("", COUNTER)

    world.create(100, method="BANK")
    world.create(100, deposit_id="d2")

    assert world.balances == {}


def test_a_deposit_that_is_credited_at_once_must_be_wagered_as_any() -> None:
    policy = replace(COUNTER, deposit_rolling=RollingTerms(multiplier_bp=20_000))
    world = DepositWorld("", policy)

    world.create(100, method="CARD")

    assert world.requirement("DEPOSIT:d1").required == 200
    assert world.result == DepositResult("d1", "APPROVED", requirement_id="DEPOSIT:d1")


def test_refusals_come_in_the_documented_order() -> None:
    world = DepositWorld(
        "", with_bucket("CN", status=BucketStatus.DRAINING), status=AccountStatus.CLOSED
    )

    assert world.create(1, "XX") == "BUCKET_UNKNOWN_IN_TOPOLOGY"
    assert world.run(CreateDeposit("d1", "SB", Amount("USD", 1))) == "CURRENCY_MISMATCH"
    assert world.create(1, "SB") == "ACCOUNT_CLOSED"
    world.set_status(AccountStatus.ACTIVE)
    assert world.create(1, "SB") == "BUCKET_NOT_DEPOSITABLE"
    assert world.create(1, "CN") == "BUCKET_DRAINING"
    assert world.wallet.items == {}


@pytest.mark.parametrize("status", [AccountStatus.FROZEN, AccountStatus.SELF_EXCLUDED])
def test_nothing_is_announced_for_an_account_that_takes_no_deposits(status: AccountStatus) -> None:
    world = DepositWorld("", COUNTER, status=status)

    assert world.create(100) == f"ACCOUNT_{status.value}"
    assert world.create(100, method="CASH") == f"ACCOUNT_{status.value}"
    assert deposit_key("d1") not in world.wallet.items


def test_a_known_deposit_with_the_same_content_is_a_replay() -> None:
    world = DepositWorld("", COUNTER)
    world.create(100, method="BANK")
    before = world.wallet

    assert world.create(100, method="BANK") == "REPLAYED APPLIED"
    assert world.result == DepositResult("d1", "CREATED")
    assert world.create(100) == "REPLAYED APPLIED"
    assert world.wallet == before


def test_the_announcement_is_replayed_as_it_was_whatever_came_after() -> None:
    world = DepositWorld("", COUNTER)
    world.create(100)
    world.approve(100, "CN")
    world.create(70, deposit_id="d2", method="CASH")
    world.take_back(deposit_id="d2")

    assert world.create(100) == "REPLAYED APPLIED"
    assert world.result == DepositResult("d1", "CREATED")
    assert world.create(70, deposit_id="d2", method="CASH") == "REPLAYED APPLIED"
    assert world.result == DepositResult("d2", "APPROVED")
    assert world.create(100, "CN") == "TRANSACTION_PAYLOAD_MISMATCH"


def test_an_announcement_after_the_approval_is_a_replay_of_that() -> None:
    world = DepositWorld()
    world.approve(100)

    assert world.create(100) == "REPLAYED APPLIED"
    assert world.result == DepositResult("d1", "APPROVED")
    assert world.balances == {"SN": 100}


def test_a_known_deposit_with_other_content_is_a_conflict() -> None:
    world = DepositWorld()
    world.create(100, method="CARD")

    assert world.create(101) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("d1", "amount")
    assert world.create(100, "CN") == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("d1", "bucket")
    assert world.create(100, method="CASH") == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("d1", "method")
    assert world.run(CreateDeposit("d1", "SN", Amount("USD", 100))) == "CURRENCY_MISMATCH"
    assert world.create(100, method="CARD", payout="w1") == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("d1", "withdrawal_id")
