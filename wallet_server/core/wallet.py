"""One player's money in one currency: immutable, and only what a batch looks at."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from wallet_server.core.accounts import Account
from wallet_server.core.bets.bet import Bet
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.items import Item, ItemKey
from wallet_server.core.players.player import ORDINARY_PLAYER, Player
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.rounds.win import CashOutRef, Win
from wallet_server.core.value import value


@value
class Wallet:
    """A wallet as it is after the command with its sequence.

    `balances` has every player account that is not zero, and may have others.
    `bets` and `wins` hold those that were loaded, not all there are; a reference is in one
    of them at most. `items` holds all that are live, and
    of the others those that were loaded. `event_sequence` is the number of its last event.
    """

    ref: WalletRef
    sequence: int
    create_time: datetime
    update_time: datetime
    player: Player = ORDINARY_PLAYER
    balances: Mapping[Account, int] = field(default_factory=dict[Account, int])
    frozen_buckets: frozenset[str] = frozenset()
    bets: Mapping[BetKey, Bet] = field(default_factory=dict[BetKey, Bet])
    wins: Mapping[BetKey, Win | CashOutRef] = field(default_factory=dict[BetKey, Win | CashOutRef])
    items: Mapping[ItemKey, Item] = field(default_factory=dict[ItemKey, Item])
    event_sequence: int = 0

    @property
    def status(self) -> AccountStatus:
        """What its player may do."""
        return self.player.status

    def balance(self, account: Account) -> int:
        """Returns what an account holds."""
        return self.balances.get(account, 0)
