"""Changing a balance by an operator's decision."""

from dataclasses import replace

from tests.core.cashier.test_deposits import draining
from tests.core.rules import TOPOLOGY
from tests.core.world import World, vector
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.refusals import InsufficientFunds


def test_an_adjustment_adds_or_takes_away_against_its_own_account() -> None:
    world = World("SN 50, SB 20")

    assert world.adjust(30) == "APPLIED"
    assert world.posted == vector("SN +30, H:ADJUST -30")
    assert world.adjust(-80) == "APPLIED"
    assert world.posted == vector("SN -80, H:ADJUST +80")
    assert world.balances == {"SB": 20}


def test_an_adjustment_never_takes_more_than_there_is() -> None:
    world = World("SN 50, SB 20, WD 100")

    assert world.adjust(-51) == "INSUFFICIENT_FUNDS"
    assert world.refusal == InsufficientFunds(required=51, available=50)
    assert world.balances == vector("SN 50, SB 20, WD 100")


def test_refusals_come_in_the_documented_order() -> None:
    closed = tuple(replace(each, adjustable=each.code != "SN") for each in draining("SN").buckets)
    world = World("SN 5, CB 5", replace(TOPOLOGY, buckets=closed), frozen="SN CB")

    assert world.adjust(1, "XX") == "BUCKET_UNKNOWN_IN_TOPOLOGY"
    assert world.adjust(1, "SN") == "BUCKET_NOT_ADJUSTABLE"
    assert world.adjust(-6, "CB") == "BUCKET_FROZEN"
    assert World("CB 5").adjust(1, "CB") == "BUCKET_NOT_ADJUSTABLE"


def test_a_draining_bucket_may_only_be_emptied() -> None:
    world = World("SN 5", draining("SN"))

    assert world.adjust(1) == "BUCKET_DRAINING"
    assert world.adjust(-5) == "APPLIED"
    assert world.balances == {}


def test_a_frozen_bucket_may_only_be_filled() -> None:
    world = World("SN 5", frozen="SN")

    assert world.adjust(-1) == "BUCKET_FROZEN"
    assert world.adjust(1) == "APPLIED"
    assert world.balances == {"SN": 6}


def test_an_adjustment_repays_no_debt() -> None:
    world = World("DEBT -30")

    world.adjust(50)

    assert world.balances == vector("SN 50, DEBT -30")


def test_an_adjustment_is_made_whatever_the_account_is() -> None:
    world = World("SN 5", status=AccountStatus.FROZEN)

    assert world.adjust(5) == "APPLIED"
    assert world.adjust(-10) == "APPLIED"


def test_an_adjustment_may_not_leave_the_range_of_the_books() -> None:
    world = World(f"SN {2**63 - 10}")

    assert world.adjust(10) == "AMOUNT_OUT_OF_RANGE"
    assert world.adjust(9) == "APPLIED"
