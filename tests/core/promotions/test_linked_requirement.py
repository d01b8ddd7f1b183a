"""What becomes of a promotion's rolling requirements when the promotion is taken back."""

from dataclasses import replace

from tests.core.promotions.promotions import FIVE_TIMES, PROMO_TOPOLOGY, PromoWorld
from tests.core.world import vector
from wallet_server.core.results import PromotionResult
from wallet_server.core.rolling.requirement import ReleaseMode, RequirementOrigin, RequirementState


def test_with_all_of_the_value_goes_the_requirement() -> None:
    world = PromoWorld("SB 5", PROMO_TOPOLOGY)
    world.credit(50, rolling=FIVE_TIMES)

    world.reverse()

    assert world.requirement().state is RequirementState.CANCELLED
    assert not world.requirement().is_live
    assert world.answer.result == PromotionResult(
        "p1", "REVERSED", 50, requirement_id="PROMOTION:p1"
    )


def test_with_a_part_of_the_value_goes_its_part_of_the_wagering() -> None:
    world = PromoWorld("", PROMO_TOPOLOGY)
    world.credit(50, rolling=FIVE_TIMES)
    world.authorize(21)

    world.reverse()

    # 29 of 50 were taken back: 21 / 50 of 250 are left to wager.
    assert (world.requirement().required, world.requirement().remaining) == (105, 105)
    assert world.requirement().state is RequirementState.ACTIVE
    world.roll_back()
    world.reverse()
    assert world.requirement().state is RequirementState.CANCELLED


def test_what_was_wagered_stays_wagered_and_the_rest_is_rounded_up() -> None:
    world = PromoWorld("", PROMO_TOPOLOGY)
    world.credit(50, rolling=FIVE_TIMES)
    requirement = replace(world.requirement(), progress=99)
    items = {**world.wallet.items, requirement.key: requirement}
    world.fold.wallets[world.wallet.ref] = replace(world.wallet, items=items)
    world.change(balances="SB 20")

    world.reverse()

    # 151 x 30 / 50 is 90.6.
    assert (world.requirement().progress, world.requirement().remaining) == (99, 91)
    assert world.requirement().revision == requirement.revision + 1


def test_a_requirement_that_is_over_stays_as_it_is() -> None:
    world = PromoWorld("", PROMO_TOPOLOGY)
    world.credit(50, rolling=FIVE_TIMES)
    released = replace(world.requirement(), state=RequirementState.RELEASED)
    items = {**world.wallet.items, released.key: released}
    world.fold.wallets[world.wallet.ref] = replace(world.wallet, items=items)

    world.reverse()

    assert world.requirement() == released


def test_debt_ends_the_requirement_too() -> None:
    world = PromoWorld("", PROMO_TOPOLOGY)
    world.credit(50, rolling=FIVE_TIMES)
    world.change(balances="SB 20")

    world.reverse("DEBT")

    assert world.requirement().state is RequirementState.CANCELLED


def with_child(world: PromoWorld) -> None:
    """Makes the wallet one in which a transfer has taken a part of the requirement along."""
    parent = replace(world.requirement(), required=150)
    child = replace(parent, requirement_id="child", bucket="CN", required=100)
    other = replace(parent, requirement_id="other", origin_id="p2")
    deposit = replace(parent, requirement_id="deposit", origin=RequirementOrigin.DEPOSIT)
    items = {each.key: each for each in (parent, child, other, deposit)}
    world.fold.wallets[world.wallet.ref] = replace(
        world.wallet, items={**world.wallet.items, **items}
    )


def test_what_transfers_have_made_of_the_requirement_shares_its_fate() -> None:
    world = PromoWorld("", PROMO_TOPOLOGY)
    world.credit(50, "SN", rolling=FIVE_TIMES)
    with_child(world)
    world.change(balances="SN 30, CN 20")

    world.reverse("PARTIAL")
    names = ("PROMOTION:p1", "child", "other", "deposit")
    assert [world.requirement(each).remaining for each in names] == [60, 40, 150, 150]

    world.reverse("DEBT")
    assert world.balances == {}
    ended = [world.requirement(each).state is RequirementState.CANCELLED for each in names]
    assert ended == [True, True, False, False]
    assert world.requirement("child").end_sequence == world.answer.sequence


def test_what_waited_for_the_requirement_is_released_when_it_goes() -> None:
    by_itself = replace(FIVE_TIMES, release_mode=ReleaseMode.AUTOMATIC)
    world = PromoWorld("", PROMO_TOPOLOGY)
    world.credit(50, promotion_id="p1", rolling=FIVE_TIMES)
    world.credit(20, promotion_id="p2", rolling=by_itself)
    second = world.requirement("PROMOTION:p2")
    fulfilled = replace(second, state=RequirementState.FULFILLED, progress=second.required)
    items = {**world.wallet.items, fulfilled.key: fulfilled}
    world.fold.wallets[world.wallet.ref] = replace(world.wallet, items=items)

    assert world.reverse() == "APPLIED"
    assert world.posted == vector("SB -70, WD +20, H:PROMO +50")
    assert world.requirement("PROMOTION:p2").state is RequirementState.RELEASED
