"""What must hold of promotions and of rolling requirements."""

from collections import Counter
from dataclasses import replace

import pytest

from tests.core.audit.records import Recording, told
from tests.core.promotions.promotions import FIVE_TIMES, PROMO_TOPOLOGY, PromoWorld
from tests.core.rolling.rolling_world import requirement
from tests.core.world import START
from wallet_server.core.audit.difference import Check
from wallet_server.core.audit.item_journal import ItemJournal
from wallet_server.core.audit.promotion_audit import (
    PromotionAudit,
    find_amount_problems,
    find_requirement_problems,
)
from wallet_server.core.bets.bet import Bet, BetState
from wallet_server.core.ids import BetKey
from wallet_server.core.promotions.promotion import Promotion, PromotionState
from wallet_server.core.rolling.requirement import Contribution, Requirement, RequirementState

CREDITED = Promotion("p1", PromotionState.CREDITED, 2, START, amount=30)
REVERSED = PromotionState.REVERSED
PARTIALLY_REVERSED = PromotionState.PARTIALLY_REVERSED
TOMBSTONED = PromotionState.TOMBSTONED
Told = list[tuple[Check, str, str]]


class RecordedPromotions(Recording, PromoWorld):
    """A world with promotions that keeps what was recorded."""


def audit_of(*, credited: int = 30, got_back: int = 0) -> PromotionAudit:
    """Returns the audit of a journal with one promotion."""
    journal = ItemJournal()
    journal.credited["p1"] = credited
    journal.reversed["p1"] = got_back
    return PromotionAudit(journal)


def bet(*contributions: Contribution) -> Bet:
    key = BetKey("sports", "b1")
    return Bet(key, BetState.AUTHORIZED, 2, START, contributions=contributions)


def check(audit: PromotionAudit, promotion: Promotion) -> Told:
    return told([*audit.check_promotion(promotion)])


def test_what_the_core_records_of_promotions_fits() -> None:
    world = RecordedPromotions("SN 50", PROMO_TOPOLOGY)
    steps = (
        world.credit(100, rolling=FIVE_TIMES),
        world.credit(20, "SN", "p2"),
        world.authorize(40),
        world.settle(0),
        world.reverse(promotion_id="p2"),
        world.reverse(),
        world.reverse(promotion_id="p3"),
    )
    assert steps == (*("APPLIED",) * 6, "TOMBSTONED")
    journal = ItemJournal()
    for each in world.answers:
        assert [*journal.follow([each], each.entries)] == []
    audit = PromotionAudit(journal)
    audit.take_bet(world.bet())

    found: Told = []
    for item in world.wallet.items.values():
        if isinstance(item, Promotion):
            found += check(audit, item)
        if isinstance(item, Requirement):
            found += told([*audit.check_requirement(item)])

    assert found == told([*audit.finish()]) == []
    assert audit.promotions == {"p1", "p2", "p3"}
    assert journal.reversed == {"p1": 60, "p2": 20}


def test_the_house_paid_no_more_than_was_credited() -> None:
    assert check(audit_of(credited=30), CREDITED) == []
    assert check(audit_of(credited=31), CREDITED) == [
        (Check.PROMOTION, "p1", "the house paid 31 for 30")
    ]


def test_the_house_got_what_was_taken_back() -> None:
    taken = replace(CREDITED, state=REVERSED, reversed=30)

    assert check(audit_of(got_back=30), taken) == []
    assert check(audit_of(got_back=29), taken) == [
        (Check.PROMOTION, "p1", "it says that 30 were taken back, the house got 29")
    ]


@pytest.mark.parametrize(
    ("credited", "got_back", "forfeited", "kept"),
    [
        (30, 0, 0, 0),
        (25, 0, 5, 5),
        (25, 0, 4, 5),
        (30, 3, 3, 3),
        (25, 3, 8, 8),
        (25, 3, 7, 8),
    ],
)
def test_what_the_house_keeps_back_was_forfeited(
    credited: int, got_back: int, forfeited: int, kept: int
) -> None:
    audit = audit_of(credited=credited, got_back=got_back)
    assert check(audit, CREDITED) == []
    list(audit.check_requirement(replace(requirement(), forfeited=forfeited)))

    missing = [(Check.PROMOTION, "p1", f"the house has kept {kept} back of it")]
    assert told([*audit.finish()]) == (missing if kept > forfeited else [])


def test_what_requirements_forfeited_is_added_up() -> None:
    audit = audit_of(credited=20)
    check(audit, CREDITED)
    for name in ("RQ1", "RQ2"):
        list(audit.check_requirement(requirement(name, amount=5)))
        list(audit.check_requirement(replace(requirement(name), forfeited=5)))

    assert audit.forfeited == 10
    assert [*audit.finish()] == []


def test_everything_wrong_with_a_promotion_is_found() -> None:
    wrong = replace(CREDITED, reversed=5)

    assert check(audit_of(), wrong) == [
        (Check.PROMOTION, "p1", "CREDITED, and yet 5 were taken back and 0 were gone"),
        (Check.PROMOTION, "p1", "it says that 5 were taken back, the house got 0"),
    ]


@pytest.mark.parametrize(
    ("state", "amount", "taken", "gone", "problems"),
    [
        (PromotionState.CREDITED, 30, 0, 0, []),
        (PromotionState.CREDITED, 30, 0, 1, ["CREDITED, and yet 0 were taken back and 1 were gone"]),
        (PromotionState.CREDITED, 30, 1, 0, ["CREDITED, and yet 1 were taken back and 0 were gone"]),
        (TOMBSTONED, 0, 0, 0, []),
        (TOMBSTONED, 1, 0, 0, ["it never came, and yet has an amount"]),
        (TOMBSTONED, 0, 1, 0, ["it never came, and yet has an amount"]),
        (TOMBSTONED, 0, 0, 1, ["it never came, and yet has an amount"]),
        (REVERSED, 30, 30, 0, []),
        (REVERSED, 30, 29, 0, ["29 were taken back and 0 were gone of 30"]),
        (REVERSED, 30, 29, 1, ["REVERSED, and yet 1 were gone"]),
        (PARTIALLY_REVERSED, 30, 20, 10, []),
        (PARTIALLY_REVERSED, 30, 20, 11, ["20 were taken back and 11 were gone of 30"]),
        (PARTIALLY_REVERSED, 30, -1, 31, ["an amount is negative"]),
        (PARTIALLY_REVERSED, 30, 31, -1, ["an amount is negative"]),
        (PARTIALLY_REVERSED, -1, 0, -1, ["an amount is negative"]),
    ],
)  # fmt: skip
def test_what_was_taken_back_and_what_was_gone_make_up_the_amount(
    state: PromotionState, amount: int, taken: int, gone: int, problems: list[str]
) -> None:
    promotion = replace(CREDITED, state=state, amount=amount, reversed=taken, unrecovered=gone)

    assert list(find_amount_problems(promotion)) == problems


ACTIVE = requirement(required=900)
RELEASED = replace(ACTIVE, state=RequirementState.RELEASED, end_sequence=5)
FULFILLED = RequirementState.FULFILLED


@pytest.mark.parametrize(
    ("found", "problems"),
    [
        (ACTIVE, []),
        (replace(ACTIVE, progress=899), []),
        (replace(ACTIVE, progress=900), ["ACTIVE with nothing remaining"]),
        (
            replace(ACTIVE, progress=901),
            ["its progress is 901 of 900", "ACTIVE with nothing remaining"],
        ),
        (replace(ACTIVE, state=FULFILLED, progress=900), []),
        (replace(ACTIVE, state=FULFILLED, progress=899), ["FULFILLED with 1 remaining"]),
        (replace(RELEASED, progress=899), []),
        (replace(RELEASED, progress=900), []),
        (replace(ACTIVE, progress=-1), ["an amount is negative"]),
        (
            replace(RELEASED, required=-1),
            ["an amount is negative", "its progress is 0 of -1"],
        ),
        (replace(ACTIVE, released=-1), ["an amount is negative"]),
        (replace(ACTIVE, forfeited=-1), ["an amount is negative"]),
        (replace(ACTIVE, passed=-1), ["an amount is negative"]),
        (replace(ACTIVE, released=10), []),
        (replace(ACTIVE, released=10, terms=replace(ACTIVE.terms, conversion_cap=10)), []),
        (
            replace(ACTIVE, released=11, terms=replace(ACTIVE.terms, conversion_cap=10)),
            ["11 were released of at most 10"],
        ),
    ],
)
def test_the_amounts_of_a_requirement_fit_its_state(
    found: Requirement, problems: list[str]
) -> None:
    assert list(find_requirement_problems(found)) == problems
    said = told(
        [*PromotionAudit(ItemJournal(), Counter(RQ1=found.progress)).check_requirement(found)]
    )
    assert said == [(Check.REQUIREMENT, "RQ1", message) for message in problems]


def test_the_progress_of_a_requirement_is_what_bets_count() -> None:
    audit = audit_of()
    audit.take_bet(bet(Contribution(0, "RQ1", 10), Contribution(1, "RQ1", 5)))
    audit.take_bet(bet(Contribution(0, "RQ1", 20)))

    assert told([*audit.check_requirement(replace(ACTIVE, progress=35))]) == []
    assert told([*audit.check_requirement(replace(ACTIVE, progress=34))]) == [
        (Check.REQUIREMENT, "RQ1", "its progress is 34, bets count 35")
    ]


def test_all_that_is_named_is_on_record() -> None:
    audit = audit_of()
    audit.journal.reversed["p0"] = 3
    audit.take_bet(bet(Contribution(0, "RQ3", 10)))
    list(audit.check_requirement(replace(requirement("RQ5"), parent_id="RQ4")))
    list(
        audit.check_promotion(replace(CREDITED, promotion_id="p2", amount=0, requirement_id="RQ2"))
    )

    def missing(check: Check, *names: str) -> Told:
        return [(check, name, "it is not on record") for name in names]

    requirements = missing(Check.REQUIREMENT, "RQ2", "RQ3", "RQ4")
    assert told([*audit.finish()]) == [*missing(Check.PROMOTION, "p0", "p1"), *requirements]
    list(audit.check_promotion(CREDITED))
    list(audit.check_requirement(requirement("RQ2")))
    list(audit.check_requirement(requirement("RQ3", progress=10)))
    list(audit.check_requirement(requirement("RQ4")))
    assert told([*audit.finish()]) == missing(Check.PROMOTION, "p0")
