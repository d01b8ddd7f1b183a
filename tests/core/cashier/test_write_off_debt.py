"""Forgiving debt."""

from dataclasses import replace

import pytest

from tests.core.cashier.deposits import DepositWorld
from tests.core.world import REF, vector
from wallet_server.core.accounts import debt
from wallet_server.core.cashier.adjustment import Adjustment, AdjustmentKind, AdjustmentState
from wallet_server.core.commands import Amount, WriteOffDebt
from wallet_server.core.config.wallet_policy import AdjustmentRules, WalletPolicy
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.refusals import (
    AmountExceedsDebt,
    CurrencyMismatch,
    TransactionPayloadMismatch,
)
from wallet_server.core.results import AdjustmentResult


def test_debt_is_written_off_against_the_account_of_adjustments() -> None:
    world = DepositWorld("SN 5, DEBT -70")

    assert world.write_off(70) == "APPLIED"
    assert world.posted == vector("DEBT +70, H:ADJUST -70")
    assert world.balances == {"SN": 5}
    assert world.result == AdjustmentResult("a1", "APPLIED")
    assert world.adjustment() == Adjustment(
        "a1",
        AdjustmentKind.DEBT,
        AdjustmentState.APPLIED,
        "EUR",
        70,
        "TEST",
        sequence=2,
        create_time=world.answer.answer_time,
        apply_sequence=2,
    )


def test_debt_may_be_written_off_in_parts_and_never_more_than_is_owed() -> None:
    world = DepositWorld("DEBT -70")

    assert world.write_off(30) == "APPLIED"
    assert world.write_off(41, adjustment_id="a2") == "AMOUNT_EXCEEDS_DEBT"
    assert world.refusal == AmountExceedsDebt(required=41, owed=40)
    assert world.write_off(40, adjustment_id="a2") == "APPLIED"
    assert world.write_off(1, adjustment_id="a3") == "AMOUNT_EXCEEDS_DEBT"
    assert world.refusal == AmountExceedsDebt(required=1, owed=0)


def test_a_known_write_off_is_a_replay_and_another_amount_a_conflict() -> None:
    world = DepositWorld("DEBT -70")
    world.write_off(30)
    before = world.wallet

    assert world.write_off(30) == "REPLAYED APPLIED"
    assert world.write_off(31) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("a1", "amount")
    assert world.wallet == before


def test_a_large_write_off_takes_a_second_person() -> None:
    policy = WalletPolicy(adjustments=AdjustmentRules(four_eyes_from=50))
    world = DepositWorld("DEBT -70", policy)

    assert world.write_off(50) == "ACTOR_REQUIRED"
    assert world.write_off(50, "ann") == "SELF_APPROVAL"
    assert world.write_off(50, "tom") == "APPROVAL_REQUIRED"
    assert world.write_off(50, "tom") == "SELF_APPROVAL"
    assert world.balances == {"DEBT": -70}
    assert world.write_off(50, "bea") == "APPLIED"
    assert world.balances == {"DEBT": -20}
    assert world.write_off(20, adjustment_id="a2") == "APPLIED"


def test_debt_that_was_repaid_meanwhile_is_not_written_off() -> None:
    policy = WalletPolicy(adjustments=AdjustmentRules(four_eyes_from=50), deposits_repay_debt=True)
    world = DepositWorld("DEBT -70", policy)
    world.write_off(70, "tom")
    world.approve(30)

    assert world.write_off(70, "bea") == "AMOUNT_EXCEEDS_DEBT"
    assert world.refusal == AmountExceedsDebt(required=70, owed=40)


def test_debt_is_owed_in_an_asset() -> None:
    world = DepositWorld("DEBT -70")
    wallet = world.wallet
    world.fold.wallets[REF] = replace(wallet, balances={**wallet.balances, debt("PTS"): -30})

    assert world.run(WriteOffDebt("a1", Amount("USD", 1), "TEST")) == "CURRENCY_MISMATCH"
    assert world.refusal == CurrencyMismatch("amount", "EUR", "USD")
    assert world.run(WriteOffDebt("a1", Amount("PTS", 31), "TEST")) == "AMOUNT_EXCEEDS_DEBT"
    assert world.run(WriteOffDebt("a1", Amount("PTS", 30), "TEST")) == "APPLIED"
    assert world.posted == {"DEBT:PTS": 30, "H:ADJUST": -30}
    assert world.balances == {"DEBT": -70}


@pytest.mark.parametrize("status", list(AccountStatus))
def test_debt_is_written_off_whatever_the_account_is(status: AccountStatus) -> None:
    world = DepositWorld("DEBT -70", status=status)

    assert world.write_off(70) == "APPLIED"
