"""What a command is about to change, while it is decided.

Commands on one bet alone need none: they say what they change at once. Those that touch
several things put it together here, and each part sees what the parts before it have done.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from wallet_server.core.accounts import Account
from wallet_server.core.bets.bet import Bet
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import Change, Effects, Outcome
from wallet_server.core.entry import Entry, Vector
from wallet_server.core.ids import BetKey
from wallet_server.core.items import Item, ItemKey
from wallet_server.core.players.player import Player
from wallet_server.core.results import CommandResult
from wallet_server.core.rounds.win import CashOutRef, Win
from wallet_server.core.wallet import Wallet

ItemT = TypeVar("ItemT", bound=Item)


@dataclass(slots=True)
class Draft:
    """A command's changes so far, over the wallet as it was before.

    `postings` are by asset and by the transaction that they belong to: a bet's or a win's
    reference, or none for what happens beside. Each of these becomes an entry of its own,
    so that what a bet has posted can be read from the entries that name it.
    """

    before: Wallet
    configuration: Configuration
    now: datetime
    postings: dict[tuple[str, BetKey | None], dict[Account, int]] = field(
        default_factory=dict[tuple[str, BetKey | None], dict[Account, int]]
    )
    balances: dict[Account, int] = field(default_factory=dict[Account, int])
    bets: dict[BetKey, Bet] = field(default_factory=dict[BetKey, Bet])
    wins: dict[BetKey, Win | CashOutRef] = field(default_factory=dict[BetKey, Win | CashOutRef])
    items: dict[ItemKey, Item] = field(default_factory=dict[ItemKey, Item])
    changed_player: Player | None = None

    @property
    def currency(self) -> str:
        """The wallet's currency."""
        return self.before.ref.currency_code

    @property
    def sequence(self) -> int:
        """The number that the command will have."""
        return self.before.sequence + 1

    @property
    def wallet(self) -> Wallet:
        """The wallet as it would be now; its sequence and times are those before."""
        if not (self.balances or self.bets or self.wins or self.items or self.changed_player):
            return self.before
        return replace(
            self.before,
            player=self.player,
            balances={**self.before.balances, **self.balances},
            bets={**self.before.bets, **self.bets},
            wins={**self.before.wins, **self.wins},
            items={**self.before.items, **self.items},
        )

    @property
    def player(self) -> Player:
        """The player as it would be now."""
        return self.changed_player or self.before.player

    def balance(self, account: Account) -> int:
        """Returns what a player's account would hold now."""
        held = self.balances.get(account)
        return self.before.balance(account) if held is None else held

    def post(self, asset_code: str, changes: Vector, transaction: BetKey | None = None) -> None:
        """Adds changes, which add up to zero, for a transaction or beside all."""
        assert sum(changes.values()) == 0
        posted = self.postings.setdefault((asset_code, transaction), {})
        for account, change in changes.items():
            posted[account] = posted.get(account, 0) + change
            self.balances[account] = self.balance(account) + change

    def move(self, asset_code: str, source: Account, target: Account, amount: int) -> None:
        """Moves an amount, which may be zero, from one account to another, for no transaction."""
        assert amount >= 0
        if amount and source != target:
            self.post(asset_code, {source: -amount, target: amount})

    def bet(self, key: BetKey) -> Bet | None:
        """Returns a bet as it would be now."""
        return self.bets.get(key) or self.before.bets.get(key)

    def win(self, key: BetKey) -> Win | CashOutRef | None:
        """Returns a win, or the reference of a cash-out, as it would be now."""
        return self.wins.get(key) or self.before.wins.get(key)

    def item(self, key: ItemKey, kind: type[ItemT]) -> ItemT | None:
        """Returns an item as it would be now."""
        found = self.items.get(key) or self.before.items.get(key)
        assert found is None or isinstance(found, kind)
        return found

    def items_of(self, kind: type[ItemT]) -> Iterator[ItemT]:
        """Yields the items of a kind as they would be now: the live ones and those named.

        They come in the order in which they were made, and then of their names.
        """
        found = {**self.before.items, **self.items}.values()
        of_kind = [each for each in found if isinstance(each, kind)]
        yield from sorted(of_kind, key=lambda each: (each.sequence, each.key))

    def put_bet(self, bet: Bet) -> None:
        """Makes a bet what it will be."""
        self.bets[bet.key] = bet

    def put_win(self, win: Win | CashOutRef) -> None:
        """Makes a win, or the reference of a cash-out, what it will be."""
        self.wins[win.key] = win

    def put_item(self, item: Item) -> None:
        """Makes an item what it will be."""
        self.items[item.key] = item

    def put_player(self, player: Player) -> None:
        """Makes the player what it will be, once it is recorded: its revision is the next."""
        self.changed_player = replace(player, revision=self.before.player.revision + 1)

    def take(self, change: Change) -> None:
        """Takes over the change of a command that was decided on the wallet as it would be now."""
        bet, effects = change.bet, change.effects
        for entry in change.entries:
            alone = bet.key if bet is not None and effects is None else None
            self.post(entry.asset_code, entry.changes, entry.transaction or alone)
        for each in (bet,) if effects is None else effects.bets:
            if each is not None:
                self.put_bet(each)
        if effects is not None:
            self.wins.update({win.key: win for win in effects.wins})
            self.items.update({item.key: item for item in effects.items})
            if effects.player is not None:
                self.put_player(effects.player)

    def change(
        self, outcome: Outcome, *, bet: Bet | None = None, result: CommandResult | None = None
    ) -> Change:
        """Returns what it came to. `bet` is the one that the answer tells of."""
        # What happens beside follows from the rest, and so comes last.
        in_order = sorted(self.postings, key=lambda of: of[1] is None)
        entries = tuple(
            Entry(asset_code, changes, transaction)
            for asset_code, transaction in in_order
            if (changes := without_zeros(self.postings[asset_code, transaction]))
        )
        effects = Effects(
            bets=tuple(self.bets.values()),
            wins=tuple(self.wins.values()),
            items=tuple(self.items.values()),
            result=result,
            player=self.changed_player,
        )
        return Change(outcome, entries, bet, effects=effects)


def without_zeros(changes: Mapping[Account, int]) -> dict[Account, int]:
    """Returns the changes that are any."""
    return {account: change for account, change in changes.items() if change}
