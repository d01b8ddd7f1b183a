"""Amounts look as their language has it: as babel itself writes them."""

import re
from decimal import Decimal

import pytest
from babel import Locale, localedata
from babel.numbers import format_decimal

from wallet_server.core.exports.number_style import PLAIN, format_money
from wallet_server.core.exports.table import Money
from wallet_server.exports.locales import LocaleUnknownError, style_of
from wallet_server.exports.pdf_objects import printable

AMOUNTS = [0, 1, -1, 99, -100, 123_456, -123_456_789, 10**15 + 7]
LOCALES = sorted(localedata.locale_identifiers())


def pattern_of(locale: Locale) -> str:
    """Returns how a language writes numbers of two decimals."""
    return re.sub(r"0\.#+", "0.00", locale.decimal_formats[None].pattern)


def test_amounts_look_as_every_language_has_them() -> None:
    for name in LOCALES:
        locale, style = Locale.parse(name), style_of(name.replace("_", "-"))
        pattern = pattern_of(locale)
        for minor_units in AMOUNTS:
            amount = Decimal(minor_units).scaleb(-2)
            expected = format_decimal(
                amount, format=pattern, locale=locale, numbering_system="latn"
            )
            assert format_money(Money(minor_units, 2), style) == expected, name


def test_amounts_can_be_printed_in_every_language() -> None:
    for name in LOCALES:
        for minor_units in AMOUNTS:
            written = printable(format_money(Money(minor_units, 2), style_of(name)))
            assert written.encode("cp1252").decode("cp1252") == written, name


def test_no_language_is_plain() -> None:
    assert style_of("") is PLAIN


@pytest.mark.parametrize("name", ["xx", "de-XX-99", "../etc", "d", "en_", "e" * 40, "de DE", "ü"])
def test_a_language_that_is_not_there_is_refused(name: str) -> None:
    with pytest.raises(LocaleUnknownError):
        style_of(name)
