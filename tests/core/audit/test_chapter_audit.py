"""What is wrong with chapters."""

from dataclasses import replace

from wallet_server.core.accounts import bucket
from wallet_server.core.audit.chapter_audit import find_chapter_problems
from wallet_server.core.history.causes import EntryKind
from wallet_server.core.history.chapter import BEFORE_ALL, next_chapter
from wallet_server.core.history.sums import Holding, Sum, SumKey

CASH, BONUS = bucket("cash"), bucket("bonus")
KEY = SumKey(CASH, "EUR", EntryKind("ApproveDeposit", of_bet=False, stake=0, house=-1))
SUMS = {KEY: Sum(70, 20, 3)}
FIRST = next_chapter(BEFORE_ALL, SUMS)
SECOND = next_chapter(FIRST, SUMS)


def test_a_chapter_that_says_what_entries_say_has_no_problem() -> None:
    assert FIRST.holdings == {CASH: Holding("EUR", 50)}
    assert SECOND.holdings == {CASH: Holding("EUR", 100)}
    assert list(find_chapter_problems(None, FIRST, SUMS, 500)) == []
    assert list(find_chapter_problems(FIRST, SECOND, SUMS, 1_234)) == []


def test_a_chapter_of_commands_that_never_were_is_found() -> None:
    assert list(find_chapter_problems(FIRST, SECOND, SUMS, 999)) == [
        "the wallet has 999 commands only"
    ]


def test_a_chapter_without_the_one_before_is_found() -> None:
    assert list(find_chapter_problems(None, SECOND, SUMS, 1_000)) == [
        "the chapter before it ends with command 0"
    ]


def test_other_sums_and_holdings_are_found() -> None:
    other = {KEY: Sum(70, 20, 4)}
    held = {**SECOND.holdings, BONUS: Holding("EUR", 1)}

    assert list(find_chapter_problems(FIRST, SECOND, other, 1_000)) == [
        "entries come to something else for bkt:cash"
    ]
    assert list(find_chapter_problems(FIRST, replace(SECOND, holdings=held), SUMS, 1_000)) == [
        "bkt:bonus held something else by then"
    ]
