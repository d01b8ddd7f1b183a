"""What accounts come to, by change, by day and all together."""

from datetime import UTC, date, datetime

from wallet_server.core.accounts import Account
from wallet_server.core.answer import AccountChange, PostedEntry
from wallet_server.core.exports.account_book import AccountBook, BookKey
from wallet_server.core.exports.statement import Mismatch, StatementBook, StatementChange
from wallet_server.core.exports.totals import TotalKey, Totals, house_of
from wallet_server.core.statements.totals import LineTotal

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
CASH, GAME = Account("bkt:cash"), Account("H:GAME:SPORTS")
CASH_EUR = (CASH, "EUR")
FIRST, SECOND = date(2030, 1, 1), date(2030, 1, 2)


def entry(sequence: int, change: int, balance_after: int) -> PostedEntry:
    changes = (
        AccountChange(CASH, change, balance_after),
        AccountChange(GAME, -change, None),
    )
    return PostedEntry(sequence, 0, "EUR", changes, NOON, f"r{sequence}", "SettleBet")


# --- Statements


def test_a_statement_follows_what_the_player_has() -> None:
    book = StatementBook({CASH_EUR: 100})

    shown = [*book.follow(entry(1, 20, 120), is_shown=True)]

    assert shown == [StatementChange(CASH, "EUR", 20, 120)]
    assert (book.opening, book.hidden, book.closing) == ({CASH_EUR: 100}, {}, {CASH_EUR: 120})


def test_changes_that_are_not_shown_are_added_up() -> None:
    book = StatementBook({})

    assert [*book.follow(entry(1, 50, 50), is_shown=False)] == []
    assert [*book.follow(entry(2, -20, 30), is_shown=False)] == []
    assert [*book.follow(entry(3, 5, 35), is_shown=True)] == [StatementChange(CASH, "EUR", 5, 35)]
    assert (book.hidden, book.closing) == ({CASH_EUR: 30}, {CASH_EUR: 35})


def test_accounts_that_have_nothing_left_are_not_in_the_end() -> None:
    book = StatementBook({CASH_EUR: 20})

    assert [*book.follow(entry(1, -20, 0), is_shown=True)] == [StatementChange(CASH, "EUR", -20, 0)]
    assert book.closing == {}


def test_a_balance_that_does_not_follow_is_told_though_it_is_not_shown() -> None:
    book = StatementBook({CASH_EUR: 100})

    assert [*book.follow(entry(7, 20, 121), is_shown=False)] == [Mismatch(CASH, 7, 120, 121)]


# --- Books


def test_a_book_tells_what_was_what_came_and_what_is() -> None:
    book = AccountBook()
    key = BookKey(SECOND, "SPORTS", "SettleBet")
    book.add_before(LineTotal(10, 100, 3))
    book.add(key, LineTotal(30, 0, 1), is_shown=True)
    book.add(BookKey(FIRST, "", "OpenWallet"), LineTotal(0, 5, 1), is_shown=True)
    book.add(key, LineTotal(0, 7, 2), is_shown=True)
    book.add(BookKey(FIRST, "", "AdjustBalance"), LineTotal(0, 1, 1), is_shown=False)

    assert (book.opening, book.hidden, book.closing) == (90, LineTotal(0, 1, 1), 73)
    assert list(book.lines.items()) == [
        (BookKey(FIRST, "", "OpenWallet"), LineTotal(0, 5, 1)),
        (key, LineTotal(30, 7, 3)),
    ]


def test_a_book_is_empty_while_nothing_was_and_nothing_came() -> None:
    book = AccountBook()
    book.add_before(LineTotal(10, 10, 2))
    assert book.is_empty
    book.add(BookKey(FIRST, "", "SettleBet"), LineTotal(5, 5, 2), is_shown=False)
    assert not book.is_empty


# --- Totals


def test_totals_are_kept_by_account_and_those_of_coupons_and_withdrawals_together() -> None:
    totals = Totals()
    for account, change in [
        *[(f"cpn:{number}", 5) for number in range(1000)],
        *[(f"open:cpn:{number}", -2) for number in range(1000)],
        ("hold:w1", -3000),
        ("H:CASH", 0),
    ]:
        totals.add("acme", Account(account), "EUR", change)
    totals.add_total(TotalKey("acme", Account("H:CASH"), "EUR"), LineTotal(4, 6, 8))

    assert totals.by_account() == {
        TotalKey("acme", Account("H:CASH"), "EUR"): LineTotal(4, 6, 9),
        TotalKey("acme", Account("cpn:*"), "EUR"): LineTotal(0, 5000, 1000),
        TotalKey("acme", Account("hold:*"), "EUR"): LineTotal(3000, 0, 1),
        TotalKey("acme", Account("open:cpn:*"), "EUR"): LineTotal(2000, 0, 1000),
    }
    assert house_of(totals.by_account().items()) == {TotalKey("acme", Account("H:CASH"), "EUR"): 2}


def test_what_does_not_add_up_to_zero_is_told_by_tenant_and_asset() -> None:
    totals = Totals()
    totals.add("acme", CASH, "EUR", 5)
    totals.add("acme", GAME, "EUR", -5)
    totals.add("acme", CASH, "PTS", 5)
    totals.add("other", GAME, "PTS", -5)

    assert totals.imbalances() == {("acme", "PTS"): 5, ("other", "PTS"): -5}
