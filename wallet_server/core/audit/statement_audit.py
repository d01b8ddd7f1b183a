"""Holds statements against the entries that they are of."""

from collections.abc import Iterator, Mapping

from wallet_server.core.statements.totals import (
    NOTHING,
    ClosingKey,
    LineKey,
    LineTotal,
    balances_of,
)


def find_total_problems(
    there: Mapping[LineKey, LineTotal], kept: Mapping[LineKey, LineTotal]
) -> Iterator[tuple[str, str]]:
    """Yields each line that says otherwise than entries do, and how.

    Args:
        there: What entries come to.
        kept: What the statements say.
    """
    for key in sorted(there.keys() | kept.keys()):
        found, known = there.get(key, NOTHING), kept.get(key, NOTHING)
        if found != known:
            yield (
                " ".join(["-" if not part else str(part) for part in key]),
                (f"it says {describe(known)}, and entries come to {describe(found)}"),
            )


def find_balance_problems(
    totals: Mapping[LineKey, LineTotal], kept: Mapping[ClosingKey, int]
) -> Iterator[tuple[str, str]]:
    """Yields each balance that is not what the lines up to its day come to, and how."""
    there = balances_of(totals.items())
    for key in sorted(there.keys() | kept.keys()):
        found, known = there.get(key), kept.get(key)
        if found != known:
            asset_code, account, day = key
            yield (
                f"{day} {asset_code} {account}",
                (f"the balance is {known}, and lines come to {found}"),
            )


def describe(total: LineTotal) -> str:
    """Returns a total in words."""
    return f"debits {total.debits}, credits {total.credits} in {total.changes_count} changes"
