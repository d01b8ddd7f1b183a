"""Posting entries to balances."""

from datetime import UTC, datetime, timedelta

import pytest

from wallet_server.core.accounts import Account
from wallet_server.core.amounts import INT64_MAX
from wallet_server.core.answer import AccountChange
from wallet_server.core.entry import Entry
from wallet_server.core.journal import entry_time, post, write_changes
from wallet_server.core.refusals import AmountOutOfRange

SN, SB, DEBT = Account("bkt:SN"), Account("bkt:SB"), Account("DEBT:EUR")
PT, CASH, GAME = Account("bkt:PT"), Account("H:CASH"), Account("H:GAME:SPORTS")


def entry(**changes: int) -> Entry:
    names = {"SN": SN, "SB": SB, "DEBT": DEBT, "PT": PT, "CASH": CASH, "GAME": GAME}
    return Entry("EUR", {names[name]: change for name, change in changes.items()})


def test_an_entry_changes_the_players_side_only() -> None:
    before = {SN: 70, SB: 20}

    assert post(before, [entry(SN=-30, SB=10, GAME=20)]) == {SN: 40, SB: 30}
    assert before == {SN: 70, SB: 20}


def test_entries_are_posted_one_after_the_other() -> None:
    entries = [entry(SN=-30, GAME=30), entry(SN=-40, CASH=40), entry(PT=5, GAME=-5)]

    assert post({SN: 70}, entries) == {SN: 0, PT: 5}


def test_an_entry_that_does_not_balance_is_a_bug() -> None:
    with pytest.raises(AssertionError):
        post({SN: 70}, [entry(SN=-30, GAME=20)])


@pytest.mark.parametrize("changes", [{"SN": -71, "GAME": 71}, {"DEBT": 1, "GAME": -1}])
def test_a_bucket_below_zero_and_a_debt_above_are_bugs(changes: dict[str, int]) -> None:
    with pytest.raises(AssertionError):
        post({SN: 70}, [entry(**changes)])


def test_a_bucket_may_be_emptied_and_a_debt_repaid() -> None:
    assert post({SN: 70, DEBT: -70}, [entry(SN=-70, DEBT=70)]) == {SN: 0, DEBT: 0}


@pytest.mark.parametrize(
    ("case", "balances", "changes", "result"),
    [
        ("just fits", {SN: 1}, {"SN": INT64_MAX - 1, "GAME": 1 - INT64_MAX}, {SN: INT64_MAX}),
        ("one too many", {SN: 1}, {"SN": INT64_MAX, "GAME": -INT64_MAX}, AmountOutOfRange(SN)),
        (
            "deepest debt",
            {},
            {"DEBT": -(2**63), "SN": 2**62, "SB": 2**62},
            {DEBT: -(2**63), SN: 2**62, SB: 2**62},
        ),
        (
            "deeper debt",
            {DEBT: -1},
            {"DEBT": -(2**63), "SN": 2**62, "SB": 2**62},
            AmountOutOfRange(DEBT),
        ),
        (
            "a change of the house's",
            {},
            {"GAME": -(2**63) - 1, "SN": 2**62, "SB": 2**62 + 1},
            AmountOutOfRange(GAME),
        ),
        ("a change of the player's", {}, {"SN": 2**63, "GAME": -(2**63)}, AmountOutOfRange(SN)),
    ],
)
def test_nothing_leaves_the_range_of_64_bits(
    case: str, balances: dict[Account, int], changes: dict[str, int], result: object
) -> None:
    assert post(balances, [entry(**changes)]) == result, case


def test_the_account_that_is_named_does_not_depend_on_the_order_of_the_changes() -> None:
    changes = {"GAME": -(2**64), "SN": 2**63, "SB": 2**63}
    backwards = dict(reversed(changes.items()))

    assert post({}, [entry(**changes)]) == post({}, [entry(**backwards)]) == AmountOutOfRange(SB)


def test_changes_are_written_with_what_they_came_to_and_the_house_last() -> None:
    changes = {GAME: -5, SN: 3, CASH: -1, DEBT: 2, SB: 1}

    assert write_changes(changes, {SN: 10, SB: 20, DEBT: -4, PT: 7}) == (
        AccountChange(DEBT, 2, -4),
        AccountChange(SB, 1, 20),
        AccountChange(SN, 3, 10),
        AccountChange(CASH, -1, None),
        AccountChange(GAME, -5, None),
    )


def test_time_never_runs_backwards() -> None:
    noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    later = noon + timedelta(seconds=1)

    assert entry_time(later, noon) == later
    assert entry_time(noon, later) == later
