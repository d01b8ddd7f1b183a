"""What holds of promotions whatever is done with them, and in whatever order."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.core.promotions.promotions import FIVE_TIMES, PROMO_TOPOLOGY, PromoWorld
from wallet_server.core.accounts import PROMO
from wallet_server.core.promotions.promotion import Promotion, PromotionState
from wallet_server.core.refusals import PromotionValueSpent
from wallet_server.core.rolling.requirement import Requirement, RequirementState

IDS = st.sampled_from(["p1", "p2", "p3"])
CODES = st.sampled_from(["SN", "SB", "PT"])
AMOUNTS = st.integers(1, 100)
MODES = st.sampled_from(["STRICT", "PARTIAL", "DEBT"])

CREDIT = st.tuples(st.just("credit"), AMOUNTS, CODES, IDS, st.booleans())
REVERSE = st.tuples(st.just("reverse"), MODES, IDS)
SPEND = st.tuples(st.just("spend"), AMOUNTS, CODES)
FORFEIT = st.tuples(st.just("forfeit"))
REFS = st.sampled_from(["b1", "b2", "b3"])
BET = st.tuples(st.just("bet"), AMOUNTS, REFS)
SETTLE = st.tuples(st.just("settle"), st.integers(0, 150), REFS)
ROLL_BACK = st.tuples(st.just("roll back"), REFS)
STEPS = st.lists(st.one_of(CREDIT, REVERSE, SPEND, FORFEIT, BET, SETTLE, ROLL_BACK), max_size=25)


def play(world: PromoWorld, step: tuple[object, ...]) -> None:
    """Does one step; what an operator takes away by adjustment stands for what is lost."""
    match step:
        case ("credit", int(amount), str(code), str(name), bool(rolls)):
            world.credit(amount, code, name, rolling=FIVE_TIMES if rolls else None)
        case ("reverse", str(mode), str(name)):
            world.reverse(mode, name)
        case ("spend", int(amount), str(code)):
            world.adjust(-amount, code) if code != "PT" else None
        case ("bet", int(stake), str(ref)):
            world.authorize(stake, ref)
        case ("settle", int(payout), str(ref)):
            world.settle(payout, ref)
        case ("roll back", str(ref)):
            world.roll_back(ref)
        case _:
            world.forfeit()


def promotions(world: PromoWorld) -> list[Promotion]:
    return [each for each in world.wallet.items.values() if isinstance(each, Promotion)]


def live(promotion: Promotion) -> int:
    return promotion.amount if promotion.state is PromotionState.CREDITED else 0


@given(STEPS)
def test_what_was_credited_is_live_or_reversed_or_unrecovered(
    steps: list[tuple[object, ...]],
) -> None:
    world = PromoWorld("SN 30, CN 20", PROMO_TOPOLOGY)
    for step in steps:
        play(world, step)
        for each in promotions(world):
            assert each.reversed + each.unrecovered + live(each) == each.amount
            assert min(each.reversed, each.unrecovered) >= 0
            done = each.state is PromotionState.REVERSED
            assert done == (each.amount > 0 and each.reversed == each.amount)


@given(STEPS)
def test_the_house_gets_back_what_is_reversed_and_what_is_forfeited(
    steps: list[tuple[object, ...]],
) -> None:
    world = PromoWorld("SN 30, CN 20", PROMO_TOPOLOGY)
    house: Counter[str] = Counter()
    for step in steps:
        play(world, step)
        for recorded in world.fold.recorded[-1:]:
            for entry in recorded.answer.entries:
                assert sum(each.change for each in entry.changes) == 0
        for account, amount in world.balances.items():
            assert amount <= 0 if account.startswith("DEBT") else amount >= 0
    for recorded in world.fold.recorded:
        for entry in recorded.answer.entries:
            for each in entry.changes:
                if each.account == PROMO:
                    house[entry.command] += each.change
    assert house["CreditPromotion"] == -sum(each.amount for each in promotions(world))
    assert house["ReversePromotion"] == sum(each.reversed for each in promotions(world))
    assert house["ForfeitBonus"] >= 0


@given(STEPS, MODES)
def test_a_reversal_that_is_repeated_does_nothing_more(
    steps: list[tuple[object, ...]], mode: str
) -> None:
    world = PromoWorld("SN 30, CN 20", PROMO_TOPOLOGY)
    for step in steps:
        play(world, step)
    first = world.reverse(mode)
    before = world.wallet

    again = world.reverse(mode)

    assert again == (first if first == "PROMOTION_VALUE_SPENT" else "ALREADY_APPLIED")
    assert (world.wallet.balances, world.wallet.items) == (before.balances, before.items)


@given(STEPS)
def test_strict_takes_all_or_nothing(steps: list[tuple[object, ...]]) -> None:
    world = PromoWorld("SN 30, CN 20", PROMO_TOPOLOGY)
    for step in steps:
        play(world, step)
    before = world.balances

    if world.reverse("STRICT") == "PROMOTION_VALUE_SPENT":
        assert isinstance(world.refusal, PromotionValueSpent)
        assert world.refusal.available < world.refusal.requested
        assert world.balances == before
    else:
        assert world.promotion().state in {PromotionState.REVERSED, PromotionState.TOMBSTONED}


@given(AMOUNTS, st.lists(st.tuples(st.integers(0, 60), MODES), max_size=5))
def test_wagering_falls_with_the_value_and_ends_with_it(
    amount: int, reversals: list[tuple[int, str]]
) -> None:
    world = PromoWorld("", PROMO_TOPOLOGY)
    world.credit(amount, "SB", rolling=FIVE_TIMES)
    for held, mode in reversals:
        world.change(balances=f"SB {held}")
        before = world.requirement()
        world.reverse(mode)
        after: Requirement = world.requirement()
        assert after.remaining <= before.remaining
        assert after.progress == before.progress
        over = world.promotion().state is PromotionState.REVERSED
        assert over == (after.state is RequirementState.CANCELLED)
        if not over:
            # Never less than the share of the value that is not taken back.
            assert after.remaining * amount >= 5 * amount * world.promotion().outstanding
