"""Taking deposits back."""

from dataclasses import replace

import pytest

from tests.core.cashier.deposits import CHARGEBACK, REVERSAL, DepositWorld
from tests.core.promotions.promotions import PROMO_TOPOLOGY
from tests.core.world import vector
from wallet_server.core.cashier.deposit import DepositState, Reversal, ReversalKind
from wallet_server.core.commands import Amount, ReverseDeposit, TransferFunds
from wallet_server.core.config.topology import RetiredBucket
from wallet_server.core.config.wallet_policy import RecoveryScope, WalletPolicy
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.refusals import (
    AmountExceedsDeposit,
    DepositNotFound,
    IllegalTransition,
    TransactionPayloadMismatch,
)
from wallet_server.core.results import DepositResult
from wallet_server.core.rolling.requirement import ReleaseMode, RequirementState, RollingTerms

TWICE = WalletPolicy(deposit_rolling=RollingTerms(multiplier_bp=20_000))


def test_e51_chargeback_after_spending() -> None:
    world = DepositWorld("", WalletPolicy(debt_blocks_bets=True))
    world.approve(100)
    world.authorize(70)
    world.settle(0)

    assert world.take_back(kind=CHARGEBACK) == "APPLIED"
    assert world.posted == vector("SN -30, DEBT -70, H:CASH +100")
    assert world.balances == {"DEBT": -70}
    assert world.result == DepositResult("d1", "CHARGED_BACK", reversed=100, debt=70)
    assert world.deposited.reversals == (Reversal("r1", 100, CHARGEBACK, debt=70, sequence=5),)
    assert world.authorize(1, "b2") == "ACCOUNT_BET_BLOCKED"


@pytest.mark.parametrize(
    ("kind", "state"),
    [(CHARGEBACK, DepositState.CHARGED_BACK), (REVERSAL, DepositState.REVERSED)],
)
def test_a_deposit_that_is_taken_back_whole_is_over(
    kind: ReversalKind, state: DepositState
) -> None:
    world = DepositWorld()
    world.approve(100)

    assert world.take_back(kind=kind) == "APPLIED"
    assert world.balances == {}
    assert world.deposited.state is state
    assert world.take_back(1, "r2", kind=kind) == "ILLEGAL_TRANSITION"
    assert world.refusal == IllegalTransition("d1", state.value, "ReverseDeposit")


def test_a_deposit_may_be_taken_back_in_parts() -> None:
    world = DepositWorld()
    world.approve(100)

    assert world.take_back(40) == "APPLIED"
    assert world.deposited.state is DepositState.PARTIALLY_REVERSED
    assert world.result == DepositResult("d1", "PARTIALLY_REVERSED", reversed=40)
    assert world.take_back(61, "r2") == "AMOUNT_EXCEEDS_DEPOSIT"
    assert world.refusal == AmountExceedsDeposit(required=61, left=60)
    assert world.take_back(60, "r2", kind=CHARGEBACK) == "APPLIED"
    assert world.deposited.state is DepositState.CHARGED_BACK
    assert world.balances == {}
    assert (world.deposited.reversed, world.deposited.revision) == (100, 3)


def test_only_what_was_approved_can_be_taken_back() -> None:
    world = DepositWorld("SN 100")

    assert world.take_back() == "DEPOSIT_NOT_FOUND"
    assert world.refusal == DepositNotFound("d1")
    world.create(50)
    assert world.take_back() == "ILLEGAL_TRANSITION"
    world.decline()
    assert world.take_back() == "ILLEGAL_TRANSITION"
    assert world.refusal == IllegalTransition("d1", "DECLINED", "ReverseDeposit")
    assert world.run(ReverseDeposit("d1", "r1", Amount("USD", 1))) == "CURRENCY_MISMATCH"
    assert world.balances == {"SN": 100}


def test_the_same_reversal_is_a_replay_under_any_request() -> None:
    world = DepositWorld()
    world.approve(100)
    world.take_back(40)
    world.take_back(reversal_id="r2", kind=CHARGEBACK)
    before = world.wallet

    assert world.take_back(40) == "REPLAYED APPLIED"
    assert world.result == DepositResult("d1", "PARTIALLY_REVERSED", reversed=40)
    assert world.take_back(reversal_id="r2", kind=CHARGEBACK) == "REPLAYED APPLIED"
    assert world.result == DepositResult("d1", "CHARGED_BACK", reversed=100)
    assert world.take_back(60, "r2", kind=CHARGEBACK) == "REPLAYED APPLIED"
    assert world.wallet == before


def test_a_reversal_that_says_something_else_is_a_conflict() -> None:
    world = DepositWorld()
    world.approve(100)
    world.take_back(40, reason_code="FRAUD")

    assert world.take_back(41, reason_code="FRAUD") == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("r1", "amount")
    assert world.take_back(reason_code="FRAUD") == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("r1", "amount")
    assert world.take_back(40, kind=CHARGEBACK) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("r1", "kind")
    assert world.take_back(40) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("r1", "reason_code")
    assert world.balances == {"SN": 60}


def test_other_buckets_of_own_money_stand_in_and_bonus_never_does() -> None:
    world = DepositWorld("CN 20, WD 30, SB 500")
    world.approve(100)
    world.change(balances="SN 10, CN 20, WD 30, SB 500")

    assert world.take_back() == "APPLIED"
    assert world.posted == vector("SN -10, CN -20, WD -30, DEBT -40, H:CASH +100")
    assert world.balances == vector("SB 500, DEBT -40")


def test_the_wallet_policy_says_which_buckets_stand_in() -> None:
    world = DepositWorld("WD 500", WalletPolicy(recovery_scope=RecoveryScope.DESTINATION_ONLY))
    world.approve(100)
    world.change(balances="SN 10, WD 500")

    world.take_back()

    assert world.posted == vector("SN -10, DEBT -90, H:CASH +100")


def test_a_frozen_bucket_gives_nothing() -> None:
    world = DepositWorld("CN 500", frozen="SN CN")
    world.approve(100)

    world.take_back()

    assert world.posted == vector("DEBT -100, H:CASH +100")
    assert world.balances == vector("SN 100, CN 500, DEBT -100")


def test_for_a_retired_bucket_its_successor_gives() -> None:
    world = DepositWorld("SN 5")
    world.approve(100, "CN")
    buckets = tuple(each for each in PROMO_TOPOLOGY.buckets if each.code != "CN")
    world.configure(
        replace(
            PROMO_TOPOLOGY,
            buckets=buckets,
            transfer_edges=(),
            recovery_order=("SN", "WD"),
            retired_buckets=(RetiredBucket("CN", "SN"),),
        )
    )
    world.change(balances="SN 105")

    assert world.take_back() == "APPLIED"
    assert world.posted == vector("SN -100, H:CASH +100")


def test_the_last_of_its_successors_gives_for_a_retired_bucket() -> None:
    world = DepositWorld()
    world.approve(100, "CN")
    buckets = tuple(each for each in PROMO_TOPOLOGY.buckets if each.code not in {"CN", "SN"})
    retired = (RetiredBucket("CN", "SN"), RetiredBucket("SN", "WD"))
    shape = replace(PROMO_TOPOLOGY, buckets=buckets, transfer_edges=(), recovery_order=("WD",))
    world.configure(replace(shape, retired_buckets=retired))
    world.change(balances="WD 105")

    assert world.take_back() == "APPLIED"
    assert world.posted == vector("WD -100, H:CASH +100")


def test_what_a_deposit_has_repaid_becomes_debt_anew() -> None:
    world = DepositWorld("DEBT -30", WalletPolicy(deposits_repay_debt=True))
    world.approve(100)
    assert world.balances == {"SN": 70}

    world.take_back()

    assert world.posted == vector("SN -70, DEBT -30, H:CASH +100")
    assert world.balances == {"DEBT": -30}


def test_a_deposit_is_taken_back_whatever_the_account_is() -> None:
    for status in AccountStatus:
        world = DepositWorld()
        world.approve(100)
        world.set_status(status)
        assert world.take_back() == "APPLIED"


def test_a_deposit_taken_back_whole_takes_its_requirement_along() -> None:
    world = DepositWorld("", TWICE)
    world.approve(100)
    world.authorize(30)
    world.settle(30)

    world.take_back()

    requirement = world.requirement("DEPOSIT:d1")
    assert requirement.state is RequirementState.CANCELLED
    assert (requirement.forfeited, requirement.tail) == (0, False)
    assert world.posted == vector("SN -100, H:CASH +100")


def test_a_deposit_taken_back_in_part_asks_for_less_wagering_in_proportion() -> None:
    world = DepositWorld("", TWICE)
    world.approve(100)
    world.authorize(50)
    world.settle(50)
    assert world.requirement("DEPOSIT:d1").remaining == 150

    world.take_back(67)

    # 150 x 33 / 100 = 49.5, rounded up.
    assert world.requirement("DEPOSIT:d1").remaining == 50
    assert world.requirement("DEPOSIT:d1").state is RequirementState.ACTIVE


def test_what_a_transfer_has_made_of_the_requirement_goes_too() -> None:
    world = DepositWorld("", TWICE)
    world.approve(100)
    world.run(TransferFunds("SN", "CN", Amount("EUR", 40)))
    assert world.posted == vector("SN -40, CN +40")

    world.take_back()

    assert world.posted == vector("SN -60, CN -40, H:CASH +100")
    open_requirements = [
        item
        for item in world.wallet.items.values()
        if item.key.kind.value == "REQUIREMENT" and item.is_live
    ]
    assert open_requirements == []


def test_what_is_released_stays_so_and_stands_in() -> None:
    terms = RollingTerms(0, release_target="WD", release_mode=ReleaseMode.AUTOMATIC)
    world = DepositWorld("", WalletPolicy(deposit_rolling=terms))
    world.approve(100)
    assert world.balances == {"WD": 100}

    world.take_back()

    assert world.requirement("DEPOSIT:d1").state is RequirementState.RELEASED
    assert world.posted == vector("WD -100, H:CASH +100")


def test_a_reversal_frees_no_limit() -> None:
    world = DepositWorld()
    world.approve(100)

    world.take_back()

    assert world.counted == {0: 100}


def test_a_reversal_may_not_leave_the_range_of_the_books() -> None:
    world = DepositWorld()
    world.approve(10)
    world.change(balances=f"DEBT {-(2**63) + 5}")

    assert world.take_back() == "AMOUNT_OUT_OF_RANGE"
    assert world.take_back(5) == "APPLIED"
