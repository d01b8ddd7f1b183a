"""Reads of a wallet's journal, page by page, of which each looks at so much and no more."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from wallet_server.core.answer import PostedEntry
from wallet_server.core.history.balance_change import About
from wallet_server.core.history.entry_filter import (
    ALL_ENTRIES,
    WHOLE_JOURNAL,
    EntryFilter,
    EntrySpan,
    JournalPlace,
    PageAsked,
)
from wallet_server.core.history.window import window
from wallet_server.core.ids import WalletRef
from wallet_server.core.refusals import RoundNotFound
from wallet_server.core.rounds.round import Round, round_key
from wallet_server.core.wallet import Wallet
from wallet_server.execution.errors import RefusedError, SequenceNotReachedError
from wallet_server.execution.wallet_access import WalletAccess
from wallet_server.storage.connections import Connection
from wallet_server.storage.entries import list_entries
from wallet_server.storage.history import last_entry_at, load_about
from wallet_server.storage.items_read import find_item

COMMANDS_SCANNED_MAX = 50_000
"""Of how many commands one page looks at the entries, though few may be what is asked for."""

TIME_STEP = timedelta(microseconds=1)
"""Times are told apart as far as this."""


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Entries, and the place that the next page goes on from if these are fewer than asked for.

    It is none at the end. `about` is what their commands were about, by request id, if that is
    asked for.
    """

    entries: list[PostedEntry]
    following: JournalPlace | None
    about: Mapping[str, About]


class JournalReads:
    """Lists entries."""

    def __init__(self, access: WalletAccess, now: Callable[[], datetime]) -> None:
        """Takes the way to wallets. `now` says what time it is."""
        self._access = access
        self._now = now

    async def entries(
        self,
        ref: WalletRef,
        page: PageAsked,
        *,
        wanted: EntryFilter = ALL_ENTRIES,
        span: EntrySpan = WHOLE_JOURNAL,
        with_about: bool = False,
        minimum_sequence: int = 0,
    ) -> EntryPage:
        """Returns a page of the journal.

        The wallet must have come as far as the page before has seen it: that may have been read
        elsewhere, where a replica was less behind.
        """
        if page.after is not None:
            minimum_sequence = max(minimum_sequence, page.after.sequence)
        async with self._access.snapshot_past(ref, self._last_time(span)) as connection:
            wallet = await self._access.find(connection, ref, minimum_sequence)
            if wanted.round_ref:
                wanted = await self._of_round(connection, ref, wanted)
            low, high = await self._bounds(connection, wallet, span)
            part = window(page, low=low, high=high, commands_max=COMMANDS_SCANNED_MAX)
            entries = await list_entries(connection, ref, part, limit=page.limit, wanted=wanted)
            about = await load_about(connection, ref, entries) if with_about else {}
        return EntryPage(entries, part.following, about)

    async def _of_round(
        self, connection: Connection, ref: WalletRef, wanted: EntryFilter
    ) -> EntryFilter:
        """Returns the filter for the members of a round, or for those of the refs that are any."""
        found = await find_item(connection, ref, round_key(wanted.provider_id, wanted.round_ref))
        if not isinstance(found, Round):
            raise RefusedError(RoundNotFound(wanted.round_ref))
        members = (*found.bet_refs, *found.win_refs)
        asked = members if wanted.bet_refs is None else wanted.bet_refs
        return replace(wanted, bet_refs=tuple(each for each in members if each in asked))

    def _last_time(self, span: EntrySpan) -> datetime | None:
        """Returns the last time that a span has, if it ends at one that is over."""
        if span.end_time is None or span.end_time > self._now():
            return None
        return span.end_time - TIME_STEP

    async def _bounds(
        self, connection: Connection, wallet: Wallet, span: EntrySpan
    ) -> tuple[int, int]:
        """Returns the command after which a span begins, and its last one."""
        low, high = span.after_sequence, wallet.sequence
        if span.at_sequence is not None:
            if span.at_sequence > wallet.sequence:
                raise SequenceNotReachedError(span.at_sequence, wallet.sequence)
            high = span.at_sequence
        if span.start_time is not None:
            low = max(low, await self._before(connection, wallet, span.start_time))
        if span.end_time is not None and span.end_time <= wallet.update_time:
            high = min(high, await self._before(connection, wallet, span.end_time))
        return min(low, high), high

    async def _before(self, connection: Connection, wallet: Wallet, time: datetime) -> int:
        """Returns the sequence of the last entry before a time."""
        return await last_entry_at(connection, wallet.ref, time - TIME_STEP, wallet.sequence)


def place_of(entry: PostedEntry) -> JournalPlace:
    """Returns what orders the journal."""
    return JournalPlace(entry.sequence, entry.ordinal)
