"""What wallets held, and why, as reads tell it: held against a simulation's own record."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

import pytest

from tests.database import Database
from tests.storage.journals import RememberingSimulation, put_journal
from wallet_server.core.accounts import Account
from wallet_server.core.answer import PostedEntry
from wallet_server.core.history.chapter import CHAPTER_COMMANDS, last_full
from wallet_server.core.history.entry_filter import (
    EntryFilter,
    EntrySpan,
    JournalPlace,
    PageAsked,
)
from wallet_server.core.history.explanation import explain_balance
from wallet_server.core.history.sums import holdings_of, sums_of
from wallet_server.core.history.window import LAST_ORDINAL
from wallet_server.core.ids import WalletRef
from wallet_server.core.refusals import RangeInvalid, TimeNotReached
from wallet_server.core.wallet import Wallet
from wallet_server.execution import journal_reads
from wallet_server.execution.chapters.writer import write_upto
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.errors import RefusedError, SequenceNotReachedError
from wallet_server.execution.wallet_reader import WalletReader
from wallet_server.storage.chapters import open_chapter_connection
from wallet_server.storage.readers import open_readers

SEED, STEPS = 3, 9_000
PLACES_COUNT = 1_000
LONG_AGO = timedelta(days=10_000)


@dataclass
class Past:
    """A simulated wallet of some length, its record, and who reads of it."""

    wallet: Wallet
    entries: list[PostedEntry]
    held: dict[int, dict[Account, int]]
    times: dict[int, datetime]
    reader: WalletReader
    url: str

    @property
    def ref(self) -> WalletRef:
        return self.wallet.ref

    async def write_chapters(self) -> None:
        """Writes the chapters that have ended."""
        connection = await open_chapter_connection(self.url, statement_timeout_seconds=30)
        await write_upto(connection, self.ref, last_full(self.wallet.sequence))
        await connection.close()


@pytest.fixture(scope="module")
def simulation() -> RememberingSimulation:
    played = RememberingSimulation(SEED)
    played.run(STEPS)
    return played


@pytest.fixture
async def past(database: Database, simulation: RememberingSimulation) -> AsyncIterator[Past]:
    wallet = simulation.longest()
    entries = simulation.journal(wallet.ref)
    await put_journal(await database.connect_superuser(), wallet, entries)
    readers = await open_readers(
        database.server_url, connections_max=2, statement_timeout_seconds=30
    )
    reader = WalletReader(readers, ConfigurationCache(), lambda: wallet.update_time)
    times = simulation.times[wallet.ref]
    yield Past(wallet, entries, simulation.held[wallet.ref], times, reader, database.server_url)
    await readers.close()


@pytest.mark.parametrize("with_chapters", [False, True])
async def test_a_wallet_is_told_as_it_was_after_each_of_a_thousand_commands(
    past: Past, *, with_chapters: bool
) -> None:
    assert past.wallet.sequence > 3 * CHAPTER_COMMANDS
    if with_chapters:
        await past.write_chapters()
    random = Random(SEED)

    for _ in range(PLACES_COUNT):
        sequence = random.randint(1, past.wallet.sequence)
        told = await past.reader.past.wallet(past.ref, sequence)
        held = {account: each.balance for account, each in told.holdings.items()}
        assert (told.sequence, held) == (sequence, past.held[sequence])


async def test_a_wallet_is_told_as_it_was_at_any_time(past: Past) -> None:
    await past.write_chapters()
    moved = {entry.sequence: entry.entry_time for entry in past.entries}
    times = sorted(set(moved.values()))

    for time in [*Random(SEED).sample(times, 50), times[0], times[-1]]:
        for at in (time, time - timedelta(microseconds=1)):
            told = await past.reader.past.wallet(past.ref, at)
            expected = max((s for s, made in moved.items() if made <= at), default=0)
            assert told.sequence == expected
            assert told.entry_time == moved.get(expected)
            held = {account: each.balance for account, each in told.holdings.items()}
            assert held == past.held.get(expected, {})


async def test_before_it_was_opened_a_wallet_held_nothing(past: Past) -> None:
    told = await past.reader.past.wallet(past.ref, past.wallet.create_time - LONG_AGO)

    assert (told.sequence, told.entry_time, told.holdings) == (0, None, {})


async def test_nothing_is_told_of_what_is_to_come(past: Past) -> None:
    with pytest.raises(SequenceNotReachedError):
        await past.reader.past.wallet(past.ref, past.wallet.sequence + 1)
    with pytest.raises(RefusedError) as caught:
        await past.reader.past.wallet(past.ref, past.wallet.update_time + timedelta(seconds=1))
    assert isinstance(caught.value.refusal, TimeNotReached)


@pytest.mark.parametrize("chapters", ["none", "all", "all but one"])
async def test_balances_are_explained_as_the_journal_has_it(
    past: Past, database: Database, chapters: str
) -> None:
    if chapters != "none":
        await past.write_chapters()
    if chapters == "all but one":
        await database.tamper("DELETE FROM wallet_chapters WHERE sequence = 1000")
    random = Random(SEED)
    accounts = sorted({key.account for key in sums_of(past.entries)})
    last = past.wallet.sequence
    spans = [(0, last), (last, last), (CHAPTER_COMMANDS, last_full(last))]
    spans += [tuple(sorted((random.randint(0, last), random.randint(1, last)))) for _ in range(20)]

    for first, end in spans:
        before = holdings_of(sums_of(e for e in past.entries if e.sequence <= first))
        since = sums_of(e for e in past.entries if first < e.sequence <= end)
        for account in random.sample(accounts, 4):
            told = await past.reader.past.explain(past.ref, account, start=first, end=end)
            assert told == explain_balance(account, first, end, before.get(account), since)
            assert told.balance == past.held.get(end, {}).get(account, 0)


async def test_what_moved_nothing_since_a_range_began_does_not_end_it_before(past: Past) -> None:
    """Of a time, reads know the last command by then that moved something: others may follow."""
    moved = {entry.sequence: entry.entry_time for entry in past.entries}
    account = past.entries[0].changes[0].account
    idle = [s for s in range(2, past.wallet.sequence) if s not in moved and s + 1 not in moved]

    for first in [*Random(SEED).sample(idle, 20), past.wallet.sequence]:
        end_time = past.times[first]
        last = max(first, *(s for s, made in moved.items() if made <= end_time))
        told = await past.reader.past.explain(past.ref, account, start=first, end=end_time)
        assert (told.after_sequence, told.sequence) == (first, last)
        assert told.opening_balance == past.held.get(first, {}).get(account, 0)
        assert told.balance == past.held.get(last, {}).get(account, 0)


async def test_a_range_that_ends_before_what_moved_as_it_began_is_refused(past: Past) -> None:
    entry = past.entries[-1]
    before = entry.entry_time - timedelta(microseconds=1)
    starts = [entry.sequence, past.wallet.sequence, entry.entry_time]

    for start, end in [*((each, before) for each in starts), (2, 1), (entry.entry_time, 1)]:
        with pytest.raises(RefusedError) as caught:
            await past.reader.past.explain(past.ref, entry.changes[0].account, start=start, end=end)
        assert isinstance(caught.value.refusal, RangeInvalid)


@pytest.mark.parametrize("newest_first", [False, True])
async def test_pages_of_a_filter_miss_nothing_however_little_each_looks_at(
    past: Past, monkeypatch: pytest.MonkeyPatch, *, newest_first: bool
) -> None:
    monkeypatch.setattr(journal_reads, "COMMANDS_SCANNED_MAX", 37)
    entry = Random(SEED).choice([each for each in past.entries if each.bet_ref])
    account = entry.changes[0].account
    start, end = past.entries[40].entry_time, past.entries[-40].entry_time
    filters = [
        EntryFilter(entry.provider_id, (entry.bet_ref,)),
        EntryFilter(commands=("SettleBet", "CreditWin")),
        EntryFilter(account=account),
        EntryFilter(entry.provider_id, ()),
    ]

    for wanted in filters:
        for span in (EntrySpan(), EntrySpan(30, 700), EntrySpan(start_time=start, end_time=end)):
            seen = await every_page(past, wanted, span, newest_first=newest_first)
            expected = [e for e in past.entries if is_wanted(e, wanted) and is_in(e, span)]
            assert seen == (expected[::-1] if newest_first else expected)


async def every_page(
    past: Past, wanted: EntryFilter, span: EntrySpan, *, newest_first: bool
) -> list[PostedEntry]:
    """Returns what all pages have, of five entries each at most."""
    seen: list[PostedEntry] = []
    after = None
    while True:
        page = await past.reader.journal.entries(
            past.ref, PageAsked(after, 5, newest_first), wanted=wanted, span=span
        )
        seen += page.entries
        if len(page.entries) == 5:
            after = journal_reads.place_of(page.entries[-1])
        elif page.following is None:
            return seen
        else:
            after = page.following


def is_wanted(entry: PostedEntry, wanted: EntryFilter) -> bool:
    return (
        wanted.provider_id in ("", entry.provider_id)
        and (wanted.bet_refs is None or entry.bet_ref in wanted.bet_refs)
        and (not wanted.commands or entry.command in wanted.commands)
        and (not wanted.account or wanted.account in {each.account for each in entry.changes})
    )


def is_in(entry: PostedEntry, span: EntrySpan) -> bool:
    return (
        entry.sequence > span.after_sequence
        and (span.at_sequence is None or entry.sequence <= span.at_sequence)
        and (span.start_time is None or entry.entry_time >= span.start_time)
        and (span.end_time is None or entry.entry_time < span.end_time)
    )


@pytest.mark.parametrize("newest_first", [False, True])
async def test_a_page_goes_on_only_where_what_comes_before_it_is_there(
    past: Past, *, newest_first: bool
) -> None:
    """A replica that lags behind the one that the page before was read from lacks the next ones."""
    journal, last = past.reader.journal, JournalPlace(past.wallet.sequence, LAST_ORDINAL)
    beyond = JournalPlace(past.wallet.sequence + 1, 0)

    found = await journal.entries(past.ref, PageAsked(last, 5, newest_first))
    with pytest.raises(SequenceNotReachedError):
        await journal.entries(past.ref, PageAsked(beyond, 5, newest_first))

    assert len(found.entries) == (5 if newest_first else 0)
