"""The events of a command that changes more than one bet."""

from collections.abc import Iterator, Mapping
from functools import partial

from wallet_server.core.accounts import Account
from wallet_server.core.answer import Answer
from wallet_server.core.commands import Command
from wallet_server.core.decision import Effects
from wallet_server.core.events.event import Done
from wallet_server.core.events.of_bets import TELLS_CHANGES, bet_events, changes_for
from wallet_server.core.events.of_entries import debt_events, posted_events
from wallet_server.core.events.of_items import item_events
from wallet_server.core.events.of_players import player_events
from wallet_server.core.events.of_results import result_events
from wallet_server.core.events.of_rounds import win_events
from wallet_server.core.ids import BetKey
from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.core.rolling.requirement import Requirement
from wallet_server.core.rounds.win import Win
from wallet_server.core.wallet import Wallet

PLACES: Mapping[ItemKind, int] = {
    kind: place
    for place, kind in enumerate(
        (
            *(ItemKind.DEPOSIT, ItemKind.WITHDRAWAL, ItemKind.ADJUSTMENT),
            *(ItemKind.PROMOTION, ItemKind.COUPON, ItemKind.ROUND),
            *(ItemKind.REQUIREMENT, ItemKind.EDGE_USAGE),
        )
    )
}
"""The order in which items are told of: what commands are about comes before what follows."""


def effect_events(
    wallet: Wallet,
    command: Command,
    effects: Effects,
    answer: Answer,
    balances: Mapping[Account, int],
) -> Iterator[Done]:
    """Yields what a command has changed: what it was about, and then all that followed.

    Bets and wins come before what they count for, requirements after what they are for, and entries
    and debt last.
    """
    told: set[BetKey] = set()
    group_of = partial(wallet_group_of, wallet, effects)
    yield from result_events(command, effects, answer)
    for bet in effects.bets:
        if bet is not (before := wallet.bets.get(bet.key)):
            changes = changes_for(bet.key, answer)
            for event_type, payload in bet_events(before, bet, changes, group_of):
                if event_type in TELLS_CHANGES:
                    told.add(bet.key)
                yield event_type, payload
    for win in effects.wins:
        if isinstance(win, Win):
            for done in win_events(wallet.wins.get(win.key), win, changes_for(win.key, answer)):
                told.add(win.key)
                yield done
    for item in sorted(effects.items, key=lambda each: PLACES[each.key.kind]):
        yield from item_events(wallet, effects, item, balances)
    if effects.player is not None:
        yield from player_events(wallet.player, effects.player)
    yield from posted_events(answer.entries, told)
    yield from debt_events(wallet, answer.entries, balances)


def wallet_group_of(wallet: Wallet, effects: Effects, requirement_id: str) -> str:
    """Returns the wallet group of a requirement, as it is after a command."""
    key = ItemKey(ItemKind.REQUIREMENT, requirement_id)
    found = next((each for each in effects.items if each.key == key), None)
    requirement = wallet.items[key] if found is None else found
    assert isinstance(requirement, Requirement)
    return requirement.wallet_group
