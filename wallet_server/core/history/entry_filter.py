"""Which entries of a journal are asked for, and where in it."""

from datetime import datetime
from typing import NamedTuple

from wallet_server.core.value import value


class JournalPlace(NamedTuple):
    """A place in a wallet's journal: of an entry, or between two."""

    sequence: int
    ordinal: int


@value
class PageAsked:
    """A page of a journal: so many entries behind a place, or the first ones if there is none."""

    after: JournalPlace | None
    limit: int
    newest_first: bool = False


@value
class EntryFilter:
    """What entries must be; nothing is for all.

    `bet_refs` are bets and wins of the provider, none at all if there are none; None is for all.
    `round_ref` is a round of the provider, and stands for its bets and wins. `commands` are kinds
    of commands, `account` is one that entries change.
    """

    provider_id: str = ""
    bet_refs: tuple[str, ...] | None = None
    round_ref: str = ""
    commands: tuple[str, ...] = ()
    account: str = ""


ALL_ENTRIES = EntryFilter()


@value
class EntrySpan:
    """A part of a journal: after a command, up to another, from a time on, before another.

    Nothing is for no bound.
    """

    after_sequence: int = 0
    at_sequence: int | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None


WHOLE_JOURNAL = EntrySpan()
