"""The events of rounds and wins."""

from collections.abc import Iterator, Mapping, Sequence

from wallet_server.core.answer import AccountChange
from wallet_server.core.events.event import Done, EventType
from wallet_server.core.events.item_payloads import RoundChanged, WinChanged
from wallet_server.core.rounds.round import Round, RoundState
from wallet_server.core.rounds.win import CashOutRef, Win, WinState

WIN_TYPES: Mapping[WinState, EventType] = {
    WinState.CREDITED: EventType.WIN_CREDITED,
    WinState.SUSPENDED: EventType.WIN_SUSPENDED,
    WinState.RETURNED: EventType.WIN_RETURNED,
    WinState.ROLLED_BACK: EventType.WIN_ROLLED_BACK,
}
ROUND_TYPES: Mapping[RoundState, EventType] = {
    RoundState.OPEN: EventType.ROUND_REOPENED,
    RoundState.CLOSED: EventType.ROUND_CLOSED,
    RoundState.CANCELLED: EventType.ROUND_CANCELLED,
}


def win_events(
    before: Win | CashOutRef | None, win: Win, changes: Sequence[AccountChange]
) -> Iterator[Done]:
    """Yields what has happened to a win. `changes` are what the command did in the books for it."""
    previous = before.state.value if isinstance(before, Win) else ""
    if previous != win.state.value:
        yield WIN_TYPES[win.state], WinChanged(win, previous, tuple(changes))


def round_events(before: Round | None, played: Round) -> Iterator[Done]:
    """Yields that a round was closed or cancelled, or goes on after that.

    That a new one is open is told with its bets and wins.
    """
    previous = before.state if before is not None else RoundState.OPEN
    if previous is not played.state:
        told = RoundChanged(played, before.state.value if before is not None else "")
        yield ROUND_TYPES[played.state], told
