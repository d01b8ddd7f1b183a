"""The part of `verify` that is of chapters: each is derived again from the entries."""

from collections.abc import AsyncIterator

from wallet_server.core.audit.chapter_audit import find_chapter_problems
from wallet_server.core.audit.difference import Check, Difference
from wallet_server.core.history.chapter import CHAPTER_COMMANDS, Chapter
from wallet_server.core.ids import WalletRef
from wallet_server.storage.chapters import (
    BEFORE_FIRST,
    ChapterPlace,
    StoredChapter,
    load_chapters,
)
from wallet_server.storage.history import sum_entries
from wallet_server.storage.verification import Connection, snapshot

PAGE_CHAPTERS = 100


async def find_chapter_differences(
    connection: Connection, tenant_id: str | None
) -> AsyncIterator[Difference]:
    """Yields where the chapters of a tenant's wallets, or of all, say otherwise than entries."""
    after: ChapterPlace | None = BEFORE_FIRST
    last: tuple[WalletRef, Chapter] | None = None
    while after is not None:
        async with snapshot(connection):
            page = await load_chapters(connection, after, tenant_id, limit=PAGE_CHAPTERS)
            for each in page:
                before = last[1] if last is not None and last[0] == each.wallet else None
                async for difference in differences_of(connection, before, each):
                    yield difference
                last = (each.wallet, each.chapter)
        after = page[-1].place if page else None


async def differences_of(
    connection: Connection, before: Chapter | None, stored: StoredChapter
) -> AsyncIterator[Difference]:
    """Yields where a chapter says otherwise than the entries that it is of."""
    end = stored.chapter.sequence
    sums = await sum_entries(
        connection, stored.wallet, after=max(0, end - CHAPTER_COMMANDS), upto=end
    )
    for message in find_chapter_problems(before, stored.chapter, sums, stored.last_sequence):
        yield Difference(Check.CHAPTER, "/".join(stored.wallet), str(end), message)
