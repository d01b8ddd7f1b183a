"""How amounts are written out: by the decimals of their asset, and as a language has it."""

from wallet_server.core.exports.table import Money
from wallet_server.core.value import value


@value
class NumberStyle:
    """How a language writes numbers, in digits from 0 to 9.

    Args:
        decimal: What stands before the decimals.
        group: What stands between groups of digits; empty for no groups.
        negative: What stands before and behind an amount below zero.
        first_group_digits: How many digits the group next to the decimals has.
        other_group_digits: How many the others have.
    """

    decimal: str = "."
    group: str = ""
    negative: tuple[str, str] = ("-", "")
    first_group_digits: int = 3
    other_group_digits: int = 3


PLAIN = NumberStyle()
"""For programs: -1234.56."""


def format_money(money: Money, style: NumberStyle = PLAIN) -> str:
    """Returns an amount with all decimals of its asset, exactly: nothing is rounded."""
    minor_units, exponent = money
    digits = str(abs(minor_units)).zfill(exponent + 1)
    whole = digits[:-exponent] if exponent else digits
    if style.group and len(whole) > style.first_group_digits:
        whole = style.group.join(groups_of(whole, style))
    text = f"{whole}{style.decimal}{digits[-exponent:]}" if exponent else whole
    if minor_units < 0:
        before, behind = style.negative
        return f"{before}{text}{behind}"
    return text


def groups_of(whole: str, style: NumberStyle) -> list[str]:
    """Returns digits in groups, those of most worth first."""
    rest, groups = whole[: -style.first_group_digits], [whole[-style.first_group_digits :]]
    while rest:
        groups.append(rest[-style.other_group_digits :])
        rest = rest[: -style.other_group_digits]
    return groups[::-1]
