"""What a file is asked to cover, in words; and totals that were added up elsewhere."""

from datetime import UTC, datetime

from wallet_server.core.accounts import Account
from wallet_server.core.answer import AccountChange, PostedEntry
from wallet_server.core.exports.account_book import AccountBook
from wallet_server.core.exports.request import ExportScope, describe_time
from wallet_server.core.exports.statement import StatementBook, StatementChange
from wallet_server.core.exports.totals import TotalKey, Totals, house_of
from wallet_server.core.ids import WalletRef
from wallet_server.core.statements.totals import LineTotal

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
CASH, GAME = Account("bkt:cash"), Account("H:GAME:SPORTS")
KEY = TotalKey("demo", CASH, "EUR")


def test_all_kinds_of_commands_are_asked_for_or_only_some() -> None:
    some = ExportScope(commands=frozenset({"SettleBet", "PlayRound"}))

    assert ExportScope().has_command("SettleBet")
    assert [some.has_command(each) for each in ("SettleBet", "PlayRound", "OpenWallet")] == [
        *(True, True),
        False,
    ]


def test_a_scope_of_everything_says_so() -> None:
    assert list(ExportScope().describe()) == ["From the beginning", "Until now"]


def test_a_scope_says_whose_entries_of_which_time_and_kind() -> None:
    scope = ExportScope(
        tenant_id="demo",
        wallets=(WalletRef("demo", "ann", "EUR"), WalletRef("demo", "bob", "USD")),
        start_time=NOON,
        end_time=NOON.replace(hour=13, minute=5, second=9),
        commands=frozenset({"SettleBet", "PlayRound"}),
    )

    assert list(scope.describe()) == [
        "Tenant demo",
        "Wallet demo/ann/EUR",
        "Wallet demo/bob/USD",
        "From 2030-01-01 12:00:00 UTC",
        "Until 2030-01-01 13:05:09 UTC",
        "Only PlayRound, SettleBet",
    ]
    assert describe_time(None, "never") == "never"


def test_totals_take_what_was_added_up_elsewhere() -> None:
    totals = Totals()
    totals.add_total(KEY, LineTotal(1, 20, 3))
    totals.add_total(KEY, LineTotal(5, 7, 2))
    totals.add("demo", CASH, "EUR", 4)

    assert totals.by_account() == {KEY: LineTotal(6, 31, 6)}


def test_what_does_not_balance_is_told_by_tenant_and_asset() -> None:
    totals = Totals()
    totals.add("demo", CASH, "EUR", 9)
    totals.add("demo", GAME, "EUR", -8)
    totals.add("demo", CASH, "PTS", 5)
    totals.add("demo", GAME, "PTS", -5)
    totals.add("other", CASH, "EUR", -2)

    assert totals.imbalances() == {("demo", "EUR"): 1, ("other", "EUR"): -2}
    assert house_of(totals.by_account().items()) == {
        TotalKey("demo", GAME, "EUR"): -8,
        TotalKey("demo", GAME, "PTS"): -5,
    }


def test_a_change_of_nothing_is_counted_and_adds_nothing() -> None:
    totals = Totals()
    totals.add("demo", CASH, "EUR", 0)

    assert totals.by_account() == {KEY: LineTotal(0, 0, 1)}


def test_what_was_before_adds_up() -> None:
    book = AccountBook()
    book.add_before(LineTotal(3, 20, 2))
    book.add_before(LineTotal(1, 5, 2))

    assert (book.opening, book.closing, book.is_empty) == (21, 21, False)


def test_the_houses_changes_are_passed_over_and_not_those_after_them() -> None:
    changes = (AccountChange(GAME, -5, None), AccountChange(CASH, 5, 5))
    entry = PostedEntry(1, 0, "EUR", changes, NOON, "r1", "SettleBet")

    assert list(StatementBook({}).follow(entry, is_shown=True)) == [
        StatementChange(CASH, "EUR", 5, 5)
    ]


def test_what_is_hidden_and_comes_to_nothing_is_not_told() -> None:
    book = StatementBook({})
    for sequence, (change, after) in enumerate([(5, 5), (-5, 0)]):
        changes = (AccountChange(CASH, change, after),)
        entry = PostedEntry(sequence, 0, "EUR", changes, NOON, "r1", "SettleBet")
        assert list(book.follow(entry, is_shown=False)) == []

    assert (book.hidden, book.closing) == ({}, {})
