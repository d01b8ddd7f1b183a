"""What corrections took elsewhere or left as debt, given back and repaid later."""

from tests.core.bets.corrections import won
from tests.core.bets.invariants import check_explained
from tests.core.rules import auto, policy
from tests.core.world import World, vector


def test_what_was_taken_elsewhere_is_given_back_first() -> None:
    world = won()
    world.change(balances="SB 48, SN 52, WD 30")
    world.settle(80, version=2)

    world.settle(240, version=3)

    assert world.posted == vector("SB +32, SN +52, WD +30, DEBT +46, GAME -160")
    assert world.balances == vector("SB 48, SN 52, WD 30")
    assert world.bet().substitutions == ()


def test_what_was_taken_elsewhere_is_given_back_as_far_as_the_new_result_goes() -> None:
    world = won()
    world.change(balances="SB 48, SN 52, WD 30")
    world.settle(80, version=2)

    world.settle(140, version=3)

    # The new target is SB 28, SN 112: SN is to give 80 of its 192, and still has but the 52.
    assert world.posted == vector("SB +12, WD +2, DEBT +46, GAME -60")
    assert world.balances == vector("SB 28, WD 2")
    check_explained(world.bet(), world)


def test_a_later_credit_of_another_bet_repays_the_debt() -> None:
    """E32."""
    world = won()
    world.change(balances="SB 48, SN 152")
    world.authorize(100, "b2")
    world.change(balances="SB 48, SN 52, WD 30, O:SB 0, O:SN 100")
    world.settle(80, version=2)

    world.change(balances="SB 16, DEBT -46, O:SB 48, O:SN 52")
    world.settle(100, "b2")

    # Shares 48 and 52: bonus repays nothing, and SN 46 of its 52.
    assert world.posted == vector("SB +48, SN +6, DEBT +46, O:SB -48, O:SN -52")


def test_debt_that_was_repaid_meanwhile_comes_back_where_the_shortfall_arose() -> None:
    world = won()
    world.change(balances="SB 48, SN 52")
    world.settle(80, version=2)
    assert world.balances == vector("SB 16, DEBT -76")
    world.change(balances="SB 16, DEBT -10")

    world.settle(240, version=3)

    # Of the 76, only 10 are still owed; the player paid the other 66, and gets them in SN.
    assert world.posted == vector("SB +32, SN +118, DEBT +10, GAME -160")
    assert world.balances == vector("SB 48, SN 118")
    check_explained(world.bet(), world)


def test_debt_of_several_buckets_comes_back_to_the_first_of_them() -> None:
    world = won()
    world.change(balances="")
    world.settle(80, version=2)
    assert world.balances == vector("DEBT -160")
    world.change(balances="")

    world.settle(240, version=3)

    assert world.posted == vector("SN +160, GAME -160")
    check_explained(world.bet(), world)


def test_debt_comes_back_to_its_own_bucket_and_not_to_one_that_others_stood_in_for() -> None:
    world = won()
    world.change(balances="CN 128")
    world.settle(80, version=2)
    assert world.posted == vector("CN -128, DEBT -32, GAME +160")
    world.change(balances="")

    world.settle(240, version=3)

    # CN stood in for SN, and the debt was for SB.
    assert world.posted == vector("CN +128, SB +32, GAME -160")
    check_explained(world.bet(), world)


def test_a_correction_up_and_down_again_ends_where_it_would_have() -> None:
    world = won()
    world.change(balances="SB 48, SN 52")
    world.settle(80, version=2)
    world.change(balances="SB 16")
    world.settle(240, version=3)
    assert world.balances == vector("SB 48, SN 128")

    world.settle(80, version=4)

    assert world.balances == vector("SB 16")
    check_explained(world.bet(), world)


def test_a_settlement_repays_debt_with_own_money_only_and_in_the_order_of_buckets() -> None:
    rules = policy("SPORTS", auto("SB", "WD", "SN"))
    world = World("SB 10, WD 10, SN 10, DEBT -25", rules)
    world.authorize(30)

    world.settle(60)

    # Each is credited 20: all of SN's and 5 of WD's repay the debt, and bonus nothing.
    assert world.posted == vector(
        "SB +20, WD +15, DEBT +25, O:SB -10, O:WD -10, O:SN -10, GAME -30"
    )
    assert world.balances == vector("SB 20, WD 15")
    check_explained(world.bet(), world)


def test_a_refund_repays_debt_as_any_credit_of_a_settlement_does() -> None:
    world = World("SN 40, DEBT -25")
    world.authorize(40)

    world.settle(0, refund=40)

    assert world.balances == vector("SN 15")


def test_rollbacks_and_unsettles_repay_nothing() -> None:
    world = World("SN 100")
    world.authorize(60)
    world.change(balances="SN 40, O:SN 60, DEBT -25")
    world.roll_back()
    assert world.balances == vector("SN 100, DEBT -25")

    world = World("SB 50, SN 50")
    world.authorize(100)
    world.settle(0)
    world.change(balances="DEBT -25")
    world.unsettle(2)
    assert world.balances == vector("O:SB 50, O:SN 50, DEBT -25")
    world.roll_back()
    assert world.balances == vector("SB 50, SN 50, DEBT -25")


def test_what_an_unsettle_gives_back_repays_no_debt_either() -> None:
    world = won()
    world.change(balances="SB 48, SN 100, CN 28")
    world.settle(80, version=2)
    assert world.posted == vector("SB -32, SN -100, CN -28, GAME +160")
    world.change(balances="SB 16, SN 500, DEBT -25")

    world.unsettle(3)

    # CN gets back the 28 that it gave for SN, which has enough by now.
    assert world.posted == vector("SB -16, SN -92, CN +28, O:SB +20, O:SN +80, GAME -20")


def test_debt_that_a_win_repaid_is_owed_again_when_the_win_is_taken_back() -> None:
    world = World("SN 40, DEBT -25")
    world.authorize(40)
    world.settle(90)
    assert world.balances == vector("SN 65")

    world.settle(0, version=2)

    assert world.balances == vector("DEBT -25")
    assert world.posted == vector("SN -65, DEBT -25, GAME +90")
    world.roll_back()
    assert world.balances == vector("SN 40, DEBT -25")
