"""Crediting money that has arrived."""

from dataclasses import replace

from tests.core.cashier.deposits import DepositWorld
from tests.core.rules import TOPOLOGY
from tests.core.world import World, vector
from wallet_server.core.batch import Recorded
from wallet_server.core.cashier.deposit import Deposit, DepositState, deposit_key
from wallet_server.core.config.topology import BucketStatus, RetiredBucket, Topology
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.refusals import InsufficientFunds, TransactionPayloadMismatch
from wallet_server.core.results import DepositResult


def draining(code: str) -> Topology:
    buckets = tuple(
        replace(each, status=BucketStatus.DRAINING) if each.code == code else each
        for each in TOPOLOGY.buckets
    )
    return replace(TOPOLOGY, buckets=buckets)


def test_a_deposit_is_credited_against_what_payment_providers_owe() -> None:
    world = World("SB 5")

    assert world.deposit(100) == "APPLIED"
    assert world.posted == vector("SN +100, H:CASH -100")
    assert world.balances == vector("SN 100, SB 5")
    assert isinstance(world.last, Recorded)
    at = world.answer.answer_time
    deposit = Deposit(
        "d1",
        DepositState.APPROVED,
        "SN",
        "EUR",
        100,
        sequence=2,
        create_time=at,
        approve_time=at,
        approve_sequence=2,
    )
    assert world.wallet.items == {deposit_key("d1"): deposit}
    assert world.answer.result == DepositResult("d1", "APPROVED")


def test_a_deposit_goes_only_where_the_topology_lets_it() -> None:
    world = World("SN 5")

    assert world.deposit(100, "SB") == "BUCKET_NOT_DEPOSITABLE"
    assert world.deposit(100, "XX") == "BUCKET_UNKNOWN_IN_TOPOLOGY"
    assert world.balances == {"SN": 5}
    assert world.wallet.items == {}


def test_refusals_come_in_the_documented_order() -> None:
    world = World("", draining("CN"), status=AccountStatus.CLOSED)

    assert world.deposit(1, "XX") == "BUCKET_UNKNOWN_IN_TOPOLOGY"
    assert world.deposit(1, "SB") == "ACCOUNT_CLOSED"
    world.change(status=AccountStatus.ACTIVE)
    assert world.deposit(1, "SB") == "BUCKET_NOT_DEPOSITABLE"
    assert world.deposit(1, "CN") == "BUCKET_DRAINING"
    world.deposit(1, "SN")
    world.change(status=AccountStatus.CLOSED)
    assert world.deposit(2, "SN") == "TRANSACTION_PAYLOAD_MISMATCH"


def test_a_known_deposit_with_the_same_content_is_a_replay() -> None:
    world = World()
    world.deposit(100)
    before = world.wallet

    assert world.deposit(100) == "REPLAYED APPLIED"
    assert world.wallet == before


def test_a_known_deposit_is_replayed_whatever_the_status_is_by_now() -> None:
    world = World()
    world.deposit(100)
    world.change(status=AccountStatus.FROZEN)

    assert world.deposit(100) == "REPLAYED APPLIED"


def test_a_known_deposit_with_other_content_is_a_conflict() -> None:
    world = World()
    world.deposit(100)

    assert world.deposit(101) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("d1", "amount")
    assert world.deposit(100, "CN") == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("d1", "bucket")
    assert world.balances == {"SN": 100}


def test_another_deposit_of_the_same_amount_is_another_deposit() -> None:
    world = World()
    world.deposit(100)

    assert world.deposit(100, deposit_id="d2") == "APPLIED"
    assert world.balances == {"SN": 200}


def test_a_refused_deposit_is_not_remembered_by_its_id() -> None:
    world = World("", status=AccountStatus.CLOSED)
    world.deposit(100)
    world.change(status=AccountStatus.ACTIVE)

    assert world.deposit(100) == "APPLIED"


def test_an_announced_deposit_is_credited_when_it_comes() -> None:
    world = DepositWorld()
    world.create(100, method="CARD")

    assert world.approve(100) == "APPLIED"
    assert world.posted == vector("SN +100, H:CASH -100")
    deposit = world.deposited
    assert (deposit.state, deposit.method) == (DepositState.APPROVED, "CARD")
    assert (deposit.sequence, deposit.approve_sequence, deposit.revision) == (2, 3, 2)
    assert world.approve(100) == "REPLAYED APPLIED"
    assert world.approve(100, method="CARD") == "REPLAYED APPLIED"
    assert world.result == DepositResult("d1", "APPROVED")
    assert world.balances == {"SN": 100}


def test_an_announced_deposit_may_go_to_another_bucket() -> None:
    world = DepositWorld()
    world.create(100)

    assert world.approve(100, "SB") == "BUCKET_NOT_DEPOSITABLE"
    assert world.approve(100, "CN") == "APPLIED"
    assert world.balances == {"CN": 100}
    assert (world.deposited.bucket, world.deposited.announced_bucket) == ("CN", "SN")
    assert world.approve(100) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("d1", "bucket")


def test_an_announced_deposit_must_be_what_was_announced() -> None:
    world = DepositWorld()
    world.create(100, method="CARD")

    assert world.approve(99) == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("d1", "amount")
    assert world.approve(100, method="CASH") == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("d1", "method")
    assert world.approve(100, payout="w1") == "TRANSACTION_PAYLOAD_MISMATCH"
    assert world.refusal == TransactionPayloadMismatch("d1", "withdrawal_id")
    assert world.balances == {}


def test_an_approval_is_replayed_as_it_was_whatever_came_after() -> None:
    world = DepositWorld()
    world.approve(100)
    world.take_back(40)

    assert world.approve(100) == "REPLAYED APPLIED"
    assert world.result == DepositResult("d1", "APPROVED")
    world.take_back(reversal_id="r2")
    assert world.approve(100) == "REPLAYED APPLIED"
    assert world.balances == {}


def test_a_deposit_leaves_debt_alone_unless_the_wallet_policy_says_otherwise() -> None:
    world = World("DEBT -30")

    world.deposit(100)

    assert world.balances == vector("SN 100, DEBT -30")


def test_a_deposit_repays_debt_first_where_the_wallet_policy_says_so() -> None:
    world = World("DEBT -30", WalletPolicy(deposits_repay_debt=True))

    world.deposit(20)
    assert world.posted == vector("DEBT +20, H:CASH -20")
    world.deposit(100, deposit_id="d2")
    assert world.posted == vector("DEBT +10, SN +90, H:CASH -100")
    world.deposit(5, deposit_id="d3")
    assert world.posted == vector("SN +5, H:CASH -5")
    assert world.balances == vector("SN 95")


def test_a_frozen_bucket_still_takes_deposits() -> None:
    world = World("SN 1", frozen="SN")

    assert world.deposit(100) == "APPLIED"
    assert world.balances == {"SN": 101}


def test_a_deposit_may_not_leave_the_range_of_the_books() -> None:
    world = World(f"SN {2**63 - 10}")
    before = world.wallet

    assert world.deposit(10) == "AMOUNT_OUT_OF_RANGE"
    assert world.wallet == before
    assert world.deposit(9) == "APPLIED"


def test_a_retired_bucket_takes_no_deposits() -> None:
    buckets = tuple(each for each in TOPOLOGY.buckets if each.code != "CN")
    retired = replace(TOPOLOGY, buckets=buckets, retired_buckets=(RetiredBucket("CN", "SN"),))

    assert World("", retired).deposit(5, "CN") == "BUCKET_UNKNOWN_IN_TOPOLOGY"


def test_what_is_deposited_can_be_played() -> None:
    world = World()

    assert world.authorize(40) == "INSUFFICIENT_FUNDS"
    assert world.refusal == InsufficientFunds(required=40, available=0)
    world.deposit(40)
    assert world.authorize(40, "b2") == "APPLIED"
