"""What must hold of a wallet's items, and what the auditor must not complain of."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.core.audit.records import told
from tests.core.coupons.coupons import CouponWorld
from tests.core.rolling.rolling_world import requirement
from tests.core.world import START, World
from wallet_server.core.audit.difference import Check
from wallet_server.core.audit.item_audit import ItemAudit, find_column_problems
from wallet_server.core.audit.item_journal import ItemJournal
from wallet_server.core.bets.bet import Bet, BetState
from wallet_server.core.ids import BetKey
from wallet_server.core.items import LIVE_ITEMS_MAX
from wallet_server.core.promotions.promotion import Promotion, PromotionState
from wallet_server.core.rolling.requirement import Contribution, RequirementState
from wallet_server.core.rounds.round import Round, RoundState
from wallet_server.core.transfers.edge_usage import EdgeUsage


def test_coupons_that_come_back_may_exceed_what_may_be_granted() -> None:
    world, journal = CouponWorld(), ItemJournal()
    world.grant(10, "used")
    assert [*journal.follow([world.answer], world.answer.entries)] == []
    world.authorize(10)
    world.settle(0)
    assert world.state("used") == "EXHAUSTED"
    for number in range(LIVE_ITEMS_MAX):
        assert world.grant(10, f"c{number}") == "APPLIED"
        assert [*journal.follow([world.answer], world.answer.entries)] == []
    assert world.grant(10, "one-more") == "ITEM_LIMIT"

    assert world.settle(0, refund=10, version=2) == "APPLIED"

    audit = ItemAudit.of(world.wallet, journal)
    for bet in world.wallet.bets.values():
        audit.take_bet(bet)
    findings = [each for item in world.wallet.items.values() for each in audit.check(item)]
    assert audit.live_count == LIVE_ITEMS_MAX + 1
    assert [*findings, *audit.finish(LIVE_ITEMS_MAX + 1)] == []


def test_each_item_is_checked_for_what_it_is() -> None:
    world = CouponWorld()
    assert world.grant(30) == "APPLIED"
    audit = ItemAudit.of(world.wallet, ItemJournal())
    bet = Bet(BetKey("sports", "b1"), BetState.AUTHORIZED, 2, START)
    audit.take_bet(replace(bet, contributions=(Contribution(0, "RQ1", 5),)))
    items = (
        replace(world.coupon(), amount=31),
        requirement(),
        Promotion("p1", PromotionState.REVERSED, 2, START, amount=5),
        EdgeUsage("SN", "CN", date(2026, 1, 1), -5, 2, START),
        Round("slots", "R1", RoundState.CLOSED, 2, START),
    )

    found = [(each.check, each.subject) for item in items for each in audit.check(item)]

    assert dict.fromkeys(found) == dict.fromkeys(
        [(Check.COUPON, "C1"), (Check.REQUIREMENT, "RQ1"), (Check.PROMOTION, "p1")]
    )
    assert audit.live_count == 2


def test_live_items_are_counted() -> None:
    audit = ItemAudit.of(World().wallet, ItemJournal())
    over = replace(requirement("RQ3", progress=900), state=RequirementState.RELEASED)
    for item in (requirement("RQ1"), requirement("RQ2"), over):
        list(audit.check(item))

    assert told([*audit.finish(2)]) == []
    assert told([*audit.finish(1)]) == [(Check.LIVE_ITEMS, "", "1 are stored as live, 2 are")]


def test_what_is_missing_is_found_at_the_end() -> None:
    journal = ItemJournal()
    world = CouponWorld()
    assert world.grant(30) == "APPLIED"
    journal.credited["p1"] = 5

    found = told([*ItemAudit.of(world.wallet, journal).finish(0)])

    assert found == [
        (Check.COUPON, "C1", "it is not on record"),
        (Check.PROMOTION, "p1", "it is not on record"),
    ]


ITEM = replace(requirement(), revision=3, expire_time=START + timedelta(days=1))


def columns(**named: object) -> dict[str, object]:
    """Returns the columns of the item's row, or of one with others."""
    return {
        "kind": "REQUIREMENT",
        "item_id": "RQ1",
        "state": "ACTIVE",
        "is_live": True,
        "sequence": 1,
        "revision": 3,
        "create_time": START,
        "due_time": START + timedelta(days=1),
        **named,
    }


@pytest.mark.parametrize("name", columns())
def test_the_columns_of_an_item_say_what_its_document_says(name: str) -> None:
    assert [*find_column_problems(ITEM, "ACTIVE", columns())] == []

    found = told([*find_column_problems(ITEM, "ACTIVE", columns(**{name: "?"}))])

    message = f"{name} is ?, the document says {columns()[name]}"
    assert found == [(Check.ITEM_COLUMNS, "REQUIREMENT RQ1", message)]
