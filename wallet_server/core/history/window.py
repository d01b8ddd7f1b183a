"""The part of a journal that one page looks at, so that none takes long."""

from wallet_server.core.history.entry_filter import JournalPlace, PageAsked
from wallet_server.core.value import value

LAST_ORDINAL = 2**15 - 1
"""No entry of a command has a higher one."""


@value
class JournalWindow:
    """Entries behind a place, as they are ordered, up to an end.

    `end` is the last command, or that which the last one comes after where the newest come first.
    `following` is the place that the next window starts behind; none if there is none.
    """

    start: JournalPlace
    end: int
    newest_first: bool
    following: JournalPlace | None


def window(asked: PageAsked, *, low: int, high: int, commands_max: int) -> JournalWindow:
    """Returns where to look for a page, among so many commands.

    Looked at are only entries of commands after `low`, up to `high`.
    """
    newest_first = asked.newest_first
    if newest_first:
        start = asked.after or JournalPlace(high + 1, 0)
        end = max(low, start.sequence - 1 - commands_max)
        following = JournalPlace(end + 1, 0) if end > low else None
    else:
        start = asked.after or JournalPlace(low, LAST_ORDINAL)
        end = min(high, start.sequence + commands_max)
        following = JournalPlace(end, LAST_ORDINAL) if end < high else None
    return JournalWindow(start, end, newest_first, following)
