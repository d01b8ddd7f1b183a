"""Pages of a journal: each looks at so many commands, and together they miss nothing."""

import pytest

from wallet_server.core.history.entry_filter import JournalPlace, PageAsked
from wallet_server.core.history.window import window

PLACES = [JournalPlace(sequence, ordinal) for sequence in range(1, 21) for ordinal in (0, 1)]


def pages(*, newest_first: bool, low: int, high: int, commands_max: int) -> list[JournalPlace]:
    """Returns what is seen by who goes from window to window."""
    after, seen = None, list[JournalPlace]()
    while True:
        part = window(
            PageAsked(after, 50, newest_first), low=low, high=high, commands_max=commands_max
        )
        if newest_first:
            found = [each for each in PLACES if part.end < each.sequence and each < part.start]
        else:
            found = [each for each in PLACES if each > part.start and each.sequence <= part.end]
        assert len({each.sequence for each in found}) <= commands_max
        seen += sorted(found, reverse=newest_first)
        if part.following is None:
            return seen
        after = part.following


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("commands_max", [1, 3, 19, 20, 500])
@pytest.mark.parametrize(("low", "high"), [(0, 20), (4, 11), (7, 7), (0, 1)])
def test_windows_show_everything_once(
    *, newest_first: bool, commands_max: int, low: int, high: int
) -> None:
    seen = pages(newest_first=newest_first, low=low, high=high, commands_max=commands_max)

    wanted = [each for each in PLACES if low < each.sequence <= high]
    assert seen == sorted(wanted, reverse=newest_first)
