"""What must hold of coupon grants."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.audit.records import Recording
from tests.core.coupons.coupons import CouponWorld
from wallet_server.core.accounts import Account
from wallet_server.core.audit.coupon_audit import CouponAudit
from wallet_server.core.audit.difference import Check
from wallet_server.core.audit.item_journal import ItemJournal
from wallet_server.core.bets.bet import BetState
from wallet_server.core.coupons.grant import CouponState

C1 = Account("cpn:C1")


class RecordedCoupons(Recording, CouponWorld):
    """A world with coupons that keeps what was recorded."""

    def audit(self) -> CouponAudit:
        """Returns the audit of the world after its journal and its bets."""
        journal = ItemJournal()
        for each in self.answers:
            assert [*journal.follow([each], each.entries)] == []
        audit = CouponAudit(self.wallet, journal)
        for bet in self.wallet.bets.values():
            audit.take_bet(bet)
        return audit


def played() -> RecordedCoupons:
    """Returns a world whose coupon of 30 has paid 12 of one open bet and 10 of a lost one."""
    world = RecordedCoupons("SN 100")
    steps = (
        world.grant(30),
        world.bet_with(12),
        world.bet_with(10, "b2"),
        world.settle(0, "b2"),
    )
    assert steps == ("APPLIED",) * 4
    return world


def problems(
    world: RecordedCoupons, audit: CouponAudit | None = None, **named: object
) -> list[str]:
    """Returns what is wrong with the grant if it said this."""
    audit = audit or world.audit()
    found = list(audit.check(replace(world.coupon(), **named)))
    assert all((each.check, each.subject) == (Check.COUPON, "C1") for each in found)
    return [each.message for each in found]


def test_what_the_core_records_of_coupons_fits() -> None:
    world = played()
    assert problems(world) == []
    assert world.roll_back() == "APPLIED"
    assert problems(world) == []
    assert world.revoke() == "APPLIED"
    audit = world.audit()
    assert problems(world, audit) == []
    assert [*audit.finish()] == []


def test_a_grant_says_what_was_granted_and_by_which_command() -> None:
    world = played()

    assert problems(world, sequence=3) == ["it says 30 by #3, granted was 30 by #2"]
    assert problems(world, amount=31) == [
        "it says 31 by #2, granted was 30 by #2",
        "it holds 20 of 31; bets and the house leave it 21",
    ]
    audit = world.audit()
    audit.journal.granted.clear()
    assert problems(world, audit) == ["it says 30 by #2, granted was nothing"]


def test_a_grant_holds_what_bets_and_the_house_leave_it() -> None:
    world = played()
    audit = world.audit()
    audit.moved[C1] -= 1
    assert problems(world, audit) == ["it holds 20 of 30; bets and the house leave it 19"]

    audit = world.audit()
    audit.journal.taken[C1] += 2
    assert problems(world, audit) == ["it holds 20 of 30; bets and the house leave it 18"]


def test_what_bets_and_open_stake_move_is_added_up() -> None:
    audit = played().audit()

    assert audit.moved == {C1: -10}
    assert audit.uses == {C1: 2}


def test_a_bet_that_is_rolled_back_does_not_use_the_grant() -> None:
    world = played()
    assert world.roll_back("b2") == "APPLIED"

    assert world.audit().uses == {C1: 1}
    assert world.audit().moved == {C1: 0}


def test_bets_that_no_coupon_paid_are_not_looked_at() -> None:
    world = RecordedCoupons("SN 100")
    assert world.bet_with(10) == "APPLIED"

    audit = world.audit()

    assert not audit.uses
    assert not audit.moved


def test_a_bet_that_is_broken_moves_nothing_and_uses_the_grant_all_the_same() -> None:
    world = played()
    audit = CouponAudit(world.wallet, ItemJournal())

    audit.take_bet(replace(world.bet(), snapshot=None))
    audit.take_bet(replace(world.bet("b2"), snapshot=None))

    assert (audit.moved, audit.uses) == ({C1: 0}, {C1: 2})


@pytest.mark.parametrize(
    ("state", "said", "taken", "is_right"),
    [
        (CouponState.REVOKED, 0, 8, True),
        (CouponState.REVOKED, 8, 8, True),
        (CouponState.FORFEITED, 8, 8, True),
        (CouponState.REVOKED, 9, 8, False),
        (CouponState.REVOKED, -1, 8, False),
        (CouponState.EXPIRED, 0, 8, True),
        (CouponState.EXPIRED, 1, 8, False),
    ],
)
def test_no_more_was_taken_back_than_the_journal_says(
    state: CouponState, said: int, taken: int, *, is_right: bool
) -> None:
    world = RecordedCoupons()
    assert world.grant(taken) == "APPLIED"
    assert world.revoke() == "APPLIED"

    wrong = [f"it says that {said} were taken back, the journal {taken}"]
    assert problems(world, state=state, taken_back=said) == ([] if is_right else wrong)


@pytest.mark.parametrize("state", list(CouponState))
def test_only_a_grant_that_is_live_has_something_left(state: CouponState) -> None:
    world = RecordedCoupons()
    assert world.grant(30) == "APPLIED"
    holding = {CouponState.ISSUED, CouponState.ACTIVE}
    wrong = [f"{state.value}, and yet 30 are left"]

    assert problems(world, state=state) == ([] if state in holding else wrong)


def test_a_grant_that_is_used_up_has_no_open_bet() -> None:
    world = RecordedCoupons()
    assert world.grant(30) == "APPLIED"
    assert world.bet_with(30) == "APPLIED"

    found = problems(world, state=CouponState.EXHAUSTED)

    assert found == ["EXHAUSTED, and yet a bet is open on it"]
    assert problems(world, state=CouponState.EXPIRED) == []


def test_a_grant_says_how_many_bets_use_it() -> None:
    world = played()
    terms = world.coupon().terms

    assert problems(world, uses=3) == ["it says 3 uses, 2 bets use it"]
    assert problems(world, terms=replace(terms, uses_max=2)) == []
    assert problems(world, terms=replace(terms, uses_max=1)) == ["2 bets use it, at most 1 may"]


def test_a_grants_time_begins_before_it_ends() -> None:
    world = played()
    begin = world.coupon().valid_from

    assert problems(world, valid_until=begin) == ["its time ends before it begins"]
    assert problems(world, valid_until=begin + timedelta(seconds=1)) == []


def test_all_that_was_granted_or_is_held_or_pays_is_on_record() -> None:
    def missing(audit: CouponAudit) -> list[tuple[str, str]]:
        return [(each.subject, each.message) for each in audit.finish()]

    world = played()
    bare = replace(world.wallet, balances={}, bets={})
    by_journal = CouponAudit(bare, world.audit().journal)
    by_balance = CouponAudit(world.wallet, ItemJournal())
    by_bet = CouponAudit(bare, ItemJournal())
    by_bet.take_bet(world.bet())

    for audit in (by_journal, by_balance, by_bet):
        assert missing(audit) == [("C1", "it is not on record")]
        list(audit.check(world.coupon()))
        assert missing(audit) == []
    assert missing(CouponAudit(bare, ItemJournal())) == []


def test_a_grant_that_is_not_on_record_is_found_by_its_check() -> None:
    (found,) = CouponAudit(played().wallet, ItemJournal()).finish()

    assert found.check is Check.COUPON


def test_other_states_of_bets_use_the_grant() -> None:
    world = played()
    audit = CouponAudit(world.wallet, ItemJournal())

    for state in (BetState.AUTHORIZED, BetState.SETTLED, BetState.ROLLED_BACK):
        audit.take_bet(replace(world.bet(), state=state, snapshot=None))

    assert audit.uses == {C1: 2}
