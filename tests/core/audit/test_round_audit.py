"""Rounds and wins, beside what names them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.core.audit.records import Recording, entry, told
from tests.core.rounds.round_world import RoundWorld, with_policy
from tests.core.world import START
from wallet_server.core.accounts import Account
from wallet_server.core.audit.difference import Check
from wallet_server.core.audit.round_audit import Member, find_round_problems
from wallet_server.core.audit.win_audit import WinAudit, find_win_column_problems
from wallet_server.core.entry import Move
from wallet_server.core.ids import BetKey
from wallet_server.core.rounds.round import Round, RoundState, own_round_ref
from wallet_server.core.rounds.win import CashOutRef, Win, WinShare, WinState
from wallet_server.core.rounds.win_kind import WinKind

ROUND = Round("slots", "R1", RoundState.OPEN, 2, START, ("b1",), ("w1",))
B1, W1 = Member("b1", is_bet=True, stands=True), Member("w1", is_bet=False, stands=True)
KEY = BetKey("slots", "w1")
WIN = Win(
    KEY,
    WinState.CREDITED,
    WinKind.ROUND,
    30,
    4,
    START + timedelta(seconds=3),
    round_ref="R1",
    moves=(Move(Account("H:GAME:SLOTS"), Account("bkt:CN"), 30),),
    shares=(WinShare("b1", 0, 30, returned=10, profit=20),),
    revision=5,
)
REFERENCE = CashOutRef(KEY, "b1", 4, START, stake=40, payout=50, revision=2)


def problems(found: Round | None, *members: Member) -> list[str]:
    findings = list(find_round_problems("slots R1", found, members))
    assert all((each.check, each.subject) == (Check.ROUND, "slots R1") for each in findings)
    return [each.message for each in findings]


def test_a_round_and_its_members_know_of_each_other() -> None:
    assert problems(ROUND, B1, W1) == []


def test_a_round_that_is_named_is_on_record() -> None:
    assert problems(None, B1, W1) == [
        "b1 is in it, and it is not on record",
        "w1 is in it, and it is not on record",
    ]


def test_a_member_is_in_its_round() -> None:
    assert problems(ROUND, B1, W1, replace(B1, ref="b2"), replace(W1, ref="w0")) == [
        "bet b2 is in it, it says otherwise",
        "win w0 is in it, it says otherwise",
    ]
    assert problems(ROUND) == ["bet b1 is not", "win w1 is not"]
    assert problems(ROUND, replace(B1, is_bet=False), replace(W1, is_bet=True)) == [
        "bet b1 is not",
        "bet w1 is in it, it says otherwise",
        "win b1 is in it, it says otherwise",
        "win w1 is not",
    ]


def test_a_member_is_in_its_round_once() -> None:
    assert problems(replace(ROUND, bet_refs=("b1", "b1")), B1, W1) == ["a bet is in it twice"]
    assert problems(replace(ROUND, win_refs=("w1", "w1")), B1, W1) == ["a win is in it twice"]


def test_a_cancelled_round_leaves_nothing() -> None:
    cancelled = replace(ROUND, state=RoundState.CANCELLED)

    assert problems(cancelled, B1, replace(W1, stands=False)) == ["CANCELLED, and yet b1 stands"]
    assert problems(cancelled, replace(B1, stands=False), W1) == ["CANCELLED, and yet w1 stands"]


def test_the_round_of_a_bet_alone_has_no_members() -> None:
    own = replace(ROUND, round_ref=own_round_ref("b1"), win_refs=("w1",))

    assert problems(own) == []
    assert problems(replace(own, bet_refs=("b1", "b2"))) != []
    assert problems(replace(own, round_ref=own_round_ref("b2"))) != []


def test_a_round_has_a_time_of_its_close_if_it_is_closed() -> None:
    closed = replace(ROUND, state=RoundState.CLOSED, close_time=START)

    assert problems(closed, B1, W1) == []
    assert problems(replace(closed, close_time=None), B1, W1) == [
        "CLOSED, and nobody knows since when"
    ]
    assert problems(replace(closed, state=RoundState.OPEN), B1, W1) == [
        f"OPEN, and closed since {START}"
    ]
    gone = replace(closed, state=RoundState.CANCELLED)
    assert problems(gone, replace(B1, stands=False), replace(W1, stands=False)) == []


def after(stored: Win | CashOutRef, *posted: str) -> list[str]:
    """Returns what is found of a win after entries of it."""
    audit = WinAudit(KEY, stored)
    for each in posted:
        audit.follow([entry(each, "CreditWin")])
    findings = list(audit.finish())
    assert all((each.check, each.subject) == (Check.WIN_POSTINGS, "slots/w1") for each in findings)
    return [each.message for each in findings]


PAID = "H:GAME:SLOTS -30, bkt:CN +30"
UNDONE = "H:GAME:SLOTS +30, bkt:CN -30"


def test_a_win_has_posted_what_it_says() -> None:
    assert after(WIN, PAID) == []
    assert after(WIN, PAID, UNDONE, PAID) == []
    assert after(WIN) == [f"it stands at {PAID}, its entries at nothing"]
    assert after(replace(WIN, state=WinState.ROLLED_BACK), PAID, UNDONE) == []


class RecordedWins(Recording, RoundWorld):
    """A world of wins that keeps what was recorded."""


def test_what_the_core_records_of_wins_fits() -> None:
    world = RecordedWins("CN 100")
    steps = (
        world.bet_in(10, "b1"),
        world.win(30, "w1"),
        world.win(40, "w2"),
        world.undo("w2"),
    )
    assert steps == ("APPLIED",) * 4

    for key, stored in world.wallet.wins.items():
        audit = WinAudit(key, stored)
        for each in world.answers:
            audit.follow([e for e in each.entries if e.bet_ref == key.bet_ref])
        assert [*audit.finish()] == []


def test_the_house_pays_no_more_than_was_won() -> None:
    more = (Move(Account("H:GAME:SLOTS"), Account("bkt:CN"), 1),)

    assert after(replace(WIN, substitutions=more), "H:GAME:SLOTS -31, bkt:CN +31") == [
        "the house paid 31 for a win of 30"
    ]
    suspended = replace(WIN, state=WinState.SUSPENDED, substitutions=more)
    assert after(suspended, "H:GAME:SLOTS -31, bkt:CN +31") == ["the house paid 31 for a win of 30"]


@pytest.mark.parametrize("state", [WinState.ROLLED_BACK, WinState.RETURNED])
def test_a_win_that_is_undone_leaves_the_house_with_nothing(state: WinState) -> None:
    owed = (Move(Account("bkt:CN"), Account("H:GAME:SLOTS"), 4),)

    assert after(replace(WIN, state=state, substitutions=owed), "H:GAME:SLOTS +4, bkt:CN -4") == [
        f"{state.value}, and yet the house is left with +4"
    ]
    to_debt = (Move(Account("bkt:CN"), Account("DEBT:EUR"), 4),)
    assert after(replace(WIN, state=state, substitutions=to_debt), "DEBT:EUR +4, bkt:CN -4") == []


def test_a_share_is_not_paid_more_than_it_is() -> None:
    (share,) = WIN.shares
    wrong = replace(WIN, shares=(share, replace(share, profit=21)))

    assert after(wrong, PAID) == ["a share was paid more than it is"]
    assert after(replace(wrong, state=WinState.ROLLED_BACK)) == []


def test_a_cash_out_posts_as_its_bet_does() -> None:
    assert after(REFERENCE) == []
    assert after(REFERENCE, PAID) == [f"it stands at nothing, its entries at {PAID}"]


def columns(**named: object) -> dict[str, object]:
    """Returns the columns of the win's row, or of one with others."""
    return {
        "provider_id": "slots",
        "bet_ref": "w1",
        "state": "CREDITED",
        "stake": 30,
        "round_ref": "R1",
        "bet_sequence": 4,
        "revision": 5,
        "bet_create_time": START + timedelta(seconds=3),
        **named,
    }


@pytest.mark.parametrize("name", columns())
def test_the_columns_of_a_win_say_what_its_document_says(name: str) -> None:
    assert [*find_win_column_problems(WIN, "CREDITED", columns())] == []

    (found,) = find_win_column_problems(WIN, "CREDITED", columns(**{name: "?"}))

    subject = {"provider_id": "?/w1", "bet_ref": "slots/?"}.get(name, "slots/w1")
    message = f"{name} is ?, the document says {columns()[name]}"
    assert (found.check, found.subject, found.message) == (Check.WIN_COLUMNS, subject, message)


def test_the_columns_of_what_has_no_round_and_of_a_cash_out() -> None:
    alone = replace(WIN, round_ref="")
    assert told([*find_win_column_problems(alone, "CREDITED", columns(round_ref=None))]) == []

    row = columns(stake=0, round_ref=None, revision=2, bet_create_time=START, state="STANDING")
    assert told([*find_win_column_problems(REFERENCE, "STANDING", row)]) == []


def test_a_jackpot_is_paid_by_the_house_too() -> None:
    world = with_policy(balances="CN 10")
    assert world.win(30, kind=WinKind.JACKPOT, round_ref="", pool="MEGA") == "APPLIED"
    audit = WinAudit(KEY, world.win_of())
    audit.follow(world.answer.entries)

    assert [*audit.finish()] == []
