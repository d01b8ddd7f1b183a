"""How languages write numbers, from Unicode's own data, which babel brings."""

import re

from babel import Locale, UnknownLocaleError
from babel.numbers import NumberPattern

from wallet_server.core.exports.number_style import PLAIN, NumberStyle

DIGITS = "latn"
"""All numbers are in digits from 0 to 9, which spreadsheets read in any language."""

LOCALE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")


class LocaleUnknownError(Exception):
    """No language is called so."""


def style_of(locale: str) -> NumberStyle:
    """Returns how a language writes numbers, such as `de-DE`; empty for plain ones.

    Raises:
        LocaleUnknownError: There is none of the name.
    """
    if not locale:
        return PLAIN
    if not LOCALE.fullmatch(locale):
        raise LocaleUnknownError(locale)
    try:
        found = Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError) as error:
        raise LocaleUnknownError(locale) from error
    return read_style(found)


def read_style(locale: Locale) -> NumberStyle:
    """Returns how a language writes numbers, with the hyphen that programs know for a minus."""
    symbols = locale.number_symbols[DIGITS]
    pattern: NumberPattern = locale.decimal_formats[None]
    first, other = pattern.grouping
    return NumberStyle(
        decimal=symbols["decimal"],
        group=symbols["group"],
        negative=(pattern.prefix[1], pattern.suffix[1]),
        first_group_digits=first,
        other_group_digits=other,
    )
