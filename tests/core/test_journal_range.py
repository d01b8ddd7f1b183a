"""Where amounts leave the range of 64-bit numbers: at its very ends."""

import pytest

from wallet_server.core.accounts import Account
from wallet_server.core.amounts import INT64_MAX, INT64_MIN
from wallet_server.core.entry import Entry
from wallet_server.core.journal import first_out_of_range, post
from wallet_server.core.refusals import AmountOutOfRange

CASH, DEBT = Account("H:CASH"), Account("DEBT:EUR")
SB, SN = Account("bkt:SB"), Account("bkt:SN")
FULL = Entry("EUR", {SN: INT64_MAX, CASH: -INT64_MAX})
ONE = Entry("EUR", {SN: 1, CASH: -1})


def test_the_ends_of_the_range_are_within() -> None:
    owed = Entry("EUR", {DEBT: INT64_MIN, SN: INT64_MAX, SB: 1})

    assert post({}, [owed]) == {DEBT: INT64_MIN, SN: INT64_MAX, SB: 1}


def test_what_the_house_comes_to_is_not_looked_at() -> None:
    other = Entry("EUR", {SB: INT64_MAX, CASH: -INT64_MAX})

    assert post({}, [FULL, other]) == {SN: INT64_MAX, SB: INT64_MAX}
    assert post({}, [FULL, other, ONE]) == AmountOutOfRange(SN)


def test_an_account_within_the_range_is_not_named() -> None:
    several = Entry("EUR", {DEBT: INT64_MIN, SB: INT64_MAX, SN: 1})

    assert post({SN: INT64_MAX}, [several]) == AmountOutOfRange(SN)


def test_the_first_that_leaves_is_named() -> None:
    both = Entry("EUR", {SN: 1, SB: 1, CASH: -2})

    assert post({SN: INT64_MAX, SB: INT64_MAX}, [both]) == AmountOutOfRange(SB)
    too_much = Entry("EUR", {SN: 2**62, SB: 2**62, CASH: -(2**63) - 0})
    assert post({}, [too_much]) == {SN: 2**62, SB: 2**62}


def test_it_is_only_asked_for_where_something_leaves() -> None:
    with pytest.raises(AssertionError, match=r"^nothing leaves the range$"):
        first_out_of_range({}, [FULL])
