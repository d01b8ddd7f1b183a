"""Cash-outs are references, and portions of their bets."""

from dataclasses import replace

import pytest

from tests.core.audit.records import told
from tests.core.rounds.round_world import RoundWorld
from tests.core.world import START
from wallet_server.core.accounts import open_stake
from wallet_server.core.audit.cash_out_audit import CashOutAudit
from wallet_server.core.audit.difference import Check
from wallet_server.core.audit.item_audit import ItemAudit
from wallet_server.core.audit.item_journal import ItemJournal
from wallet_server.core.audit.open_stake_audit import find_open_stake_problems, open_stakes_of
from wallet_server.core.audit.references_audit import ReferencesAudit
from wallet_server.core.bets.bet import Bet, BetState, Portion
from wallet_server.core.ids import BetKey
from wallet_server.core.rounds.win import CashOutRef

KEY = BetKey("sports", "c1")
REFERENCE = CashOutRef(KEY, "b1", 3, START, stake=40, payout=50)
CASHED_OUT = Portion("c1", (40,), 1, 50, 0, is_cash_out=True)


def bet(bet_ref: str = "b1", *portions: Portion, provider: str = "sports") -> Bet:
    state = BetState.PARTIALLY_SETTLED if portions else BetState.AUTHORIZED
    return Bet(BetKey(provider, bet_ref), state, 2, START, stake=100, portions=portions)


def found(references: list[CashOutRef], *bets: Bet) -> list[tuple[str, str]]:
    audit = CashOutAudit()
    for each in bets:
        audit.take_bet(each)
    audit.references.extend(references)
    findings = list(audit.finish())
    assert all(each.check is Check.CASH_OUT for each in findings)
    return [(each.subject, each.message) for each in findings]


def cashed_out() -> RoundWorld:
    """Returns a world with a bet of 100 of which 40 were cashed out for 50."""
    world = RoundWorld("SN 100")
    assert world.authorize(100) == "APPLIED"
    assert world.cash_out(50, stake=40) == "APPLIED"
    return world


def audit_of(world: RoundWorld) -> ReferencesAudit:
    audit = ReferencesAudit(ItemAudit.of(world.wallet, ItemJournal()))
    for each in world.wallet.bets.values():
        audit.take_bet(each)
    for each in world.wallet.wins.values():
        audit.take_win(each)
    return audit


def test_a_cash_out_and_its_portion_know_of_each_other() -> None:
    assert found([REFERENCE], bet("b1", CASHED_OUT)) == []


def test_what_the_core_records_of_a_cash_out_fits() -> None:
    world = cashed_out()

    assert [*audit_of(world).finish(world.wallet)] == []


def test_what_is_missing_of_a_cash_out_is_found_with_all_else() -> None:
    world = cashed_out()
    audit = audit_of(world)
    audit.cash_outs.references.clear()
    wallet = replace(world.wallet, balances={**world.wallet.balances, "open:SN": 61})

    assert told([*audit.finish(wallet)]) == [
        (Check.OPEN_STAKE, "open:SN", "61 is stored, the bets leave 60 open"),
        (Check.CASH_OUT, "sports/c1", "its portion has no reference"),
    ]


def test_a_win_is_no_cash_out() -> None:
    world = RoundWorld("CN 10")
    assert world.bet_in(10, "b1") == "APPLIED"
    assert world.win(20) == "APPLIED"

    assert audit_of(world).cash_outs.references == []


def test_bets_are_taken_in_for_the_items_too() -> None:
    world = RoundWorld("SN 10")
    audit = audit_of(world)
    counted = replace(bet(), contributions=())

    audit.take_bet(counted)

    assert audit.items.promotions.counted == {}


def test_a_portion_without_a_reference_is_found() -> None:
    later = replace(CASHED_OUT, portion_ref="c2")

    assert found([], bet("b1", later, CASHED_OUT)) == [
        ("sports/c1", "its portion has no reference"),
        ("sports/c2", "its portion has no reference"),
    ]
    assert found([], bet("b1", replace(CASHED_OUT, is_cash_out=False))) == []


def test_a_result_may_stand_before_a_cash_out() -> None:
    result = Portion("a", (10,), 1, 0, 0)

    assert found([], bet("b1", result, CASHED_OUT)) == [
        ("sports/c1", "its portion has no reference")
    ]


def test_a_reference_without_a_portion_was_taken_back() -> None:
    missing = ("sports/c1", "its bet has no such portion, and nobody took it back")
    rolled_back = replace(REFERENCE, rolled_back=True)

    assert found([REFERENCE], bet()) == [missing]
    assert found([REFERENCE]) == [missing]
    assert found([rolled_back], bet()) == []
    assert found([REFERENCE], replace(bet(), unsettled_versions={"c1": 2})) == []
    assert found([REFERENCE], replace(bet(), unsettled_versions={"c2": 2})) == [missing]
    assert found([REFERENCE], replace(bet("b2"), unsettled_versions={"c1": 2})) == [missing]


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        (replace(REFERENCE, rolled_back=True), "rolled back, and its portion is there"),
        (replace(REFERENCE, bet_ref="b2"), "it is of bet b2, its portion of b1"),
        (replace(REFERENCE, stake=41), "it says 50 for 41, its portion 50 for 40"),
        (replace(REFERENCE, payout=51), "it says 51 for 40, its portion 50 for 40"),
    ],
)
def test_a_reference_says_what_its_portion_says(reference: CashOutRef, message: str) -> None:
    assert found([reference], bet("b1", CASHED_OUT)) == [("sports/c1", message)]


def test_a_portion_is_of_the_provider_of_its_bet() -> None:
    assert found([REFERENCE], bet("b1", CASHED_OUT, provider="slots")) == [
        ("sports/c1", "its bet has no such portion, and nobody took it back"),
        ("slots/c1", "its portion has no reference"),
    ]


def test_open_stake_is_what_the_bets_leave_open() -> None:
    world = cashed_out()

    assert open_stakes_of(world.bet()) == {"open:SN": 60}
    assert [*find_open_stake_problems(world.wallet, {open_stake("SN"): 60})] == []
    assert told([*find_open_stake_problems(world.wallet, {open_stake("CN"): 7})]) == [
        (Check.OPEN_STAKE, "open:CN", "0 is stored, the bets leave 7 open"),
        (Check.OPEN_STAKE, "open:SN", "60 is stored, the bets leave 0 open"),
    ]


def test_a_bet_without_effect_or_that_is_broken_leaves_nothing_open() -> None:
    placed = cashed_out().bet()

    assert open_stakes_of(replace(placed, state=BetState.ROLLED_BACK)) == {}
    assert open_stakes_of(replace(placed, snapshot=None)) == {}
