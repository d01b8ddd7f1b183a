"""What is on record, and what a batch loads of it: just what the engine would."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from tests.simulation.surroundings import Rules
from wallet_server.core.answer import Answer
from wallet_server.core.batch import Fold, Task
from wallet_server.core.bets.bet import Bet
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.items import Item, ItemKey
from wallet_server.core.players.player import ORDINARY_PLAYER, Player
from wallet_server.core.rounds.win import CashOutRef, Win
from wallet_server.core.wallet import Wallet
from wallet_server.execution.wanted import Search, wanted_by
from wallet_server.storage.loading import Loaded, Wanted

Key = TypeVar("Key", BetKey, ItemKey)
Thing = TypeVar("Thing")


@dataclass
class Records:
    """What is on record of one wallet."""

    wallet: Wallet
    bets: dict[BetKey, Bet] = field(default_factory=dict[BetKey, Bet])
    wins: dict[BetKey, Win | CashOutRef] = field(default_factory=dict[BetKey, Win | CashOutRef])
    items: dict[ItemKey, Item] = field(default_factory=dict[ItemKey, Item])
    live: dict[ItemKey, Item] = field(default_factory=dict[ItemKey, Item])
    answers: dict[str, Answer] = field(default_factory=dict[str, Answer])


@dataclass
class Store:
    """What is on record. A batch sees only what it has loaded of it."""

    records: dict[WalletRef, Records] = field(default_factory=dict[WalletRef, Records])
    players: dict[tuple[str, str], Player] = field(default_factory=dict[tuple[str, str], Player])

    def load(self, batch: Sequence[Task], rules: Rules) -> Fold:
        """Returns a batch's fold with what the engine would load for it."""
        wanted, loaded = wanted_by(batch), Loaded()
        for ref in wanted.wallets:
            if ref in self.records:
                loaded.wallets[ref] = replace(
                    self.records[ref].wallet,
                    player=self.player(ref),
                    frozen_buckets=rules.frozen.get(ref, frozenset()),
                )
                if count := len(self.records[ref].live):
                    loaded.live_counts[ref] = count
        for ref, request_id in wanted.requests:
            if ref in self.records and request_id in self.records[ref].answers:
                loaded.answers[ref, request_id] = self.records[ref].answers[request_id]
        self.load_more(wanted, loaded)
        search = Search(batch)
        while more := search.next(loaded):
            self.load_more(more, loaded)
        configurations = dict(rules.configurations)
        return Fold(configurations, loaded.wallets, loaded.answers, dict(self.players))

    def player(self, ref: WalletRef) -> Player:
        """Returns the player of a wallet."""
        return self.players.get((ref.tenant_id, ref.player_id), ORDINARY_PLAYER)

    def load_more(self, wanted: Wanted, loaded: Loaded) -> None:
        """Adds what is wanted to the wallets that are loaded."""
        for ref, wallet in loaded.wallets.items():
            records = self.records[ref]
            bets = [key for owner, key in wanted.bets if owner == ref]
            items = [key for owner, key in wanted.items if owner == ref]
            live = records.live if ref in wanted.live else {}
            loaded.wallets[ref] = replace(
                wallet,
                bets={**wallet.bets, **named(bets, records.bets)},
                wins={**wallet.wins, **named(bets, records.wins)},
                items={**wallet.items, **named(items, records.items), **live},
            )

    def record(self, fold: Fold) -> None:
        """Writes what a batch came to."""
        for ref, wallet in fold.wallets.items():
            bare = replace(wallet, bets={}, wins={}, items={})
            self.records.setdefault(ref, Records(bare)).wallet = bare
        for (ref, key), bet in fold.bets.items():
            self.records[ref].bets[key] = bet
        for (ref, key), win in fold.wins.items():
            self.records[ref].wins[key] = win
        self.players.update(fold.changed_players)
        for (ref, key), item in fold.items.items():
            records = self.records[ref]
            records.items[key] = item
            records.live.pop(key, None)
            if item.is_live:
                records.live[key] = item
        for each in fold.recorded:
            answers = self.records[each.task.wallet].answers
            assert each.task.request_id not in answers
            answers[each.task.request_id] = each.answer


def named(keys: Sequence[Key], found: Mapping[Key, Thing]) -> dict[Key, Thing]:
    """Returns what there is of what is named."""
    return {key: found[key] for key in keys if key in found}
