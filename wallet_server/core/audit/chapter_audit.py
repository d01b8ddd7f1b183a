"""Holds the chapters of a journal against the entries that they are of."""

from collections.abc import Iterator, Mapping

from wallet_server.core.history.chapter import BEFORE_ALL, CHAPTER_COMMANDS, Chapter, next_chapter
from wallet_server.core.history.sums import Sum, SumKey


def find_chapter_problems(
    before: Chapter | None, kept: Chapter, sums: Mapping[SumKey, Sum], last_sequence: int
) -> Iterator[str]:
    """Yields where a chapter says otherwise than entries do.

    Args:
        before: The chapter that is kept before it; none if there is none.
        kept: What the chapter says.
        sums: What the entries of its commands come to.
        last_sequence: The number of the wallet's last command.
    """
    before = before or BEFORE_ALL
    if kept.sequence > last_sequence:
        yield f"the wallet has {last_sequence} commands only"
        return
    if kept.sequence != before.sequence + CHAPTER_COMMANDS:
        yield f"the chapter before it ends with command {before.sequence}"
        return
    there = next_chapter(before, sums)
    if kept.sums != there.sums:
        wrong = {
            key for key in kept.sums.keys() | sums.keys() if kept.sums.get(key) != sums.get(key)
        }
        yield f"entries come to something else for {min(wrong).account}"
    if kept.holdings != there.holdings:
        held = kept.holdings.keys() | there.holdings.keys()
        wrong = {each for each in held if kept.holdings.get(each) != there.holdings.get(each)}
        yield f"{min(wrong)} held something else by then"
