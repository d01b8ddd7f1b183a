"""Chapters: what so many commands of a wallet in a row came to, told at once.

They are written behind the path of commands, so that reads of the past look at few entries however
long a journal is. A wallet with fewer commands has none.
"""

from collections.abc import Mapping

from wallet_server.core.accounts import Account
from wallet_server.core.history.sums import Holding, Sum, SumKey, add_holdings
from wallet_server.core.value import value

CHAPTER_COMMANDS = 500
"""How many commands a chapter is about. An index in the schema says so too."""


@value
class Chapter:
    """What commands up to one with a number came to, and what the player's accounts held then.

    `sums` are of the last `CHAPTER_COMMANDS` alone, `holdings` of all.
    """

    sequence: int
    sums: Mapping[SumKey, Sum]
    holdings: Mapping[Account, Holding]


BEFORE_ALL = Chapter(0, {}, {})
"""What stands before the first chapter of a wallet."""


def next_chapter(last: Chapter, sums: Mapping[SumKey, Sum]) -> Chapter:
    """Returns the chapter after another, by what its commands came to."""
    return Chapter(last.sequence + CHAPTER_COMMANDS, sums, add_holdings(last.holdings, sums))


def last_full(sequence: int) -> int:
    """Returns the last command up to one with which a chapter ends; zero if none does."""
    return sequence - sequence % CHAPTER_COMMANDS
