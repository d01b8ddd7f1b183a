"""What deposits and adjustments keep and say, down to the fields that few look at."""

from dataclasses import replace

from tests.core.rules import TOPOLOGY
from tests.core.world import World
from wallet_server.core.commands import AdjustBalance, Amount, ApproveDeposit
from wallet_server.core.config.topology import BucketStatus, Topology
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.core.decision import Replay
from wallet_server.core.item_key import ItemKind
from wallet_server.core.refusals import (
    BucketDraining,
    BucketFrozen,
    BucketNotAdjustable,
    BucketNotDepositable,
    BucketUnknownInTopology,
    CurrencyMismatch,
)
from wallet_server.core.results import DepositResult
from wallet_server.core.rolling.requirement import RollingTerms

TO_BE_WAGERED = WalletPolicy(
    deposits_repay_debt=True, deposit_rolling=RollingTerms(multiplier_bp=10_000)
)


def draining(code: str) -> Topology:
    buckets = tuple(
        replace(each, status=BucketStatus.DRAINING) if each.code == code else each
        for each in TOPOLOGY.buckets
    )
    return replace(TOPOLOGY, buckets=buckets)


def test_refusals_of_adjustments_name_the_bucket() -> None:
    world = World("SN 10", frozen="SN")

    assert world.adjust(5, "XX") == "BUCKET_UNKNOWN_IN_TOPOLOGY"
    assert world.refusal == BucketUnknownInTopology("XX")
    assert world.adjust(5, "CB") == "BUCKET_NOT_ADJUSTABLE"
    assert world.refusal == BucketNotAdjustable("CB")
    assert world.adjust(-5) == "BUCKET_FROZEN"
    assert world.refusal == BucketFrozen("SN")
    world = World("SN 10", draining("SN"))
    assert world.adjust(5) == "BUCKET_DRAINING"
    assert world.refusal == BucketDraining("SN")
    assert world.run(AdjustBalance("SN", Amount("USD", 5), "TEST")) == "CURRENCY_MISMATCH"
    assert world.refusal == CurrencyMismatch("amount", "EUR", "USD")


def test_refusals_of_deposits_name_the_bucket() -> None:
    world = World()

    assert world.deposit(5, "XX") == "BUCKET_UNKNOWN_IN_TOPOLOGY"
    assert world.refusal == BucketUnknownInTopology("XX")
    assert world.deposit(5, "SB") == "BUCKET_NOT_DEPOSITABLE"
    assert world.refusal == BucketNotDepositable("SB")
    world = World("", draining("SN"))
    assert world.deposit(5) == "BUCKET_DRAINING"
    assert world.refusal == BucketDraining("SN")


def test_entries_of_deposits_are_in_the_asset_of_their_bucket() -> None:
    world = World()
    assert world.deposit(5) == "APPLIED"
    assert world.entry.asset_code == "EUR"

    world = World("", TO_BE_WAGERED)
    assert world.deposit(5) == "APPLIED"
    assert world.entry.asset_code == "EUR"


def test_a_deposit_that_only_repays_debt_opens_nothing() -> None:
    world = World("DEBT -10", TO_BE_WAGERED)

    assert world.deposit(10) == "APPLIED"

    assert world.balances == {}
    assert [key.kind for key in world.wallet.items] == [ItemKind.DEPOSIT]


def test_a_deposit_that_comes_again_is_answered_by_the_first() -> None:
    world = World()
    assert world.deposit(5) == "APPLIED"
    first = world.answer.sequence
    assert world.adjust(1) == "APPLIED"

    assert world.deposit(5) == "REPLAYED APPLIED"
    assert world.last == Replay(first, result=DepositResult("d1", "APPROVED"))
    dollars = ApproveDeposit("d1", "SN", Amount("USD", 5))
    assert world.run(dollars) == "CURRENCY_MISMATCH"
    assert world.refusal == CurrencyMismatch("amount", "EUR", "USD")
