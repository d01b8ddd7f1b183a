"""What entries come to, by account and day."""

from datetime import date

from wallet_server.core.accounts import Account
from wallet_server.core.answer import AccountChange
from wallet_server.core.statements.totals import (
    CountedEntry,
    LineKey,
    LineTotal,
    add_entry,
    balances_of,
)

MONDAY, TUESDAY, THURSDAY = date(2030, 1, 7), date(2030, 1, 8), date(2030, 1, 10)
LARGEST = 2**63 - 1


def entry(
    command: str, changes: dict[str, int], day: date = MONDAY, bet_provider_type: str = ""
) -> CountedEntry:
    return CountedEntry(
        day,
        "EUR",
        command,
        tuple(AccountChange(Account(each), change, None) for each, change in changes.items()),
        bet_provider_type,
    )


def total_of(*entries: CountedEntry) -> dict[LineKey, LineTotal]:
    totals: dict[LineKey, LineTotal] = {}
    for each in entries:
        add_entry(totals, each)
    return totals


def line(command: str, account: str, day: date = MONDAY, provider_type: str = "SPORTS") -> LineKey:
    return LineKey(day, "EUR", provider_type, Account(account), command)


def test_a_bet_is_counted_under_the_type_of_its_provider_from_the_first_entry_on() -> None:
    placed = entry("AuthorizeBet", {"bkt:CASH": -100, "open:CASH": 100}, MONDAY, "SPORTS")
    settled = entry("SettleBet", {"open:CASH": -100, "bkt:CASH": 250, "H:GAME:SPORTS": -150})

    assert total_of(placed, settled) == {
        line("AuthorizeBet", "bkt:CASH"): LineTotal(100, 0, 1),
        line("AuthorizeBet", "open:CASH"): LineTotal(0, 100, 1),
        line("SettleBet", "open:CASH"): LineTotal(100, 0, 1),
        line("SettleBet", "bkt:CASH"): LineTotal(0, 250, 1),
        line("SettleBet", "H:GAME:SPORTS"): LineTotal(150, 0, 1),
    }


def test_changes_of_one_line_are_added_up_apart_by_their_signs() -> None:
    won = entry("SettleBet", {"H:GAME:SPORTS": -150, "cpn:a": 100, "cpn:b": 50})
    corrected = entry("SettleBet", {"H:GAME:SPORTS": 40, "cpn:a": -40})

    assert total_of(won, corrected) == {
        line("SettleBet", "H:GAME:SPORTS"): LineTotal(150, 40, 2),
        line("SettleBet", "cpn:*"): LineTotal(40, 150, 3),
    }


def test_sums_may_be_beyond_64_bits() -> None:
    one = entry("ApproveDeposit", {"H:CASH": -LARGEST, "bkt:CASH": LARGEST})

    totals = total_of(one, one, one)

    assert totals[line("ApproveDeposit", "H:CASH", provider_type="")].debits == 3 * LARGEST


def test_balances_carry_on_from_day_to_day() -> None:
    totals = total_of(
        entry("ApproveDeposit", {"H:CASH": -5, "bkt:CASH": 5}, THURSDAY),
        entry("ApproveDeposit", {"H:CASH": -70, "bkt:CASH": 70}, MONDAY),
        entry("ReverseDeposit", {"H:CASH": 20, "bkt:CASH": -20}, MONDAY),
        entry("AdjustBalance", {"H:ADJUST": -1, "bkt:CASH": 1}, TUESDAY),
    )

    assert balances_of(totals.items()) == {
        ("EUR", "H:ADJUST", TUESDAY): -1,
        ("EUR", "H:CASH", MONDAY): -50,
        ("EUR", "H:CASH", THURSDAY): -55,
        ("EUR", "bkt:CASH", MONDAY): 50,
        ("EUR", "bkt:CASH", TUESDAY): 51,
        ("EUR", "bkt:CASH", THURSDAY): 56,
    }
