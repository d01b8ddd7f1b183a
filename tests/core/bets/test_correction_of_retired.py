"""Corrections of bets whose buckets have retired since."""

from dataclasses import replace

from tests.core.bets.corrections import without, won
from tests.core.bets.invariants import check_explained
from tests.core.rules import SPORTS, TOPOLOGY
from tests.core.world import World, vector


def test_a_retired_bucket_is_credited_and_debited_at_its_successor() -> None:
    world = World("SB 20, SN 80, CN 1000")
    world.authorize(100)
    world.configure(without("SN", "CN"), SPORTS)

    world.settle(240)
    assert world.posted == vector("SB +48, CN +192, O:SB -20, O:SN -80, GAME -140")
    check_explained(world.bet(), world)
    world.settle(80, version=2)
    assert world.posted == vector("SB -32, CN -128, GAME +160")
    check_explained(world.bet(), world)
    world.roll_back()
    assert world.posted == vector("SB +4, CN +16, GAME -20")
    assert world.balances == vector("SB 20, CN 1080")
    check_explained(world.bet(), world)


def test_what_was_paid_before_a_bucket_retired_is_taken_back_from_its_successor() -> None:
    world = won()
    world.change(balances="SB 48, CN 100, WD 50")
    world.configure(without("SN", "CN"), SPORTS)

    world.settle(80, version=2)

    assert world.posted == vector("SB -32, CN -100, WD -28, GAME +160")
    check_explained(world.bet(), world)


def test_the_successor_of_a_bucket_that_is_retired_stands_in_for_it() -> None:
    world = won(replace(TOPOLOGY, recovery_order=("CN",)))
    world.change(balances="SB 48, SN 100, WD 200")
    world.configure(without("CN", "WD"), SPORTS)

    world.settle(80, version=2)

    assert world.posted == vector("SB -32, SN -100, WD -28, GAME +160")
    check_explained(world.bet(), world)


def test_a_successor_that_a_promotion_restricts_does_not_stand_in() -> None:
    world = won(replace(TOPOLOGY, recovery_order=("CN",)))
    world.change(balances="SB 48, SN 100, CB 200")
    world.configure(without("CN", "CB"), SPORTS)

    world.settle(80, version=2)

    assert world.posted == vector("SB -32, SN -100, DEBT -28, GAME +160")


def test_debt_that_was_repaid_comes_back_to_the_successor_of_a_retired_bucket() -> None:
    world = won()
    world.change(balances="SB 48")
    world.settle(80, version=2)
    world.change(balances="SB 16")
    world.configure(without("SN", "CN"), SPORTS)

    assert world.settle(240, version=3) == "APPLIED"

    assert world.posted == vector("SB +32, CN +128, GAME -160")
    check_explained(world.bet(), world)
