"""Decides a batch: `decide`, folded over commands in the order they arrived.

What every command makes is made by position: to name nine arguments takes three times as
long (docs/decisions/0013-values-frozen-by-type-checker.md).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeAlias

from wallet_server.core.accounts import Account
from wallet_server.core.answer import Answer
from wallet_server.core.answering import make_answer
from wallet_server.core.bets.bet import Bet
from wallet_server.core.commands import OpenWallet
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.config.missing import without_configuration
from wallet_server.core.decide import decide
from wallet_server.core.decision import Change, Decision, Decline, Effects, Replay
from wallet_server.core.events.event import Event
from wallet_server.core.events.making import events_of
from wallet_server.core.fingerprint import is_same
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.items import Item, ItemKey
from wallet_server.core.journal import entry_time, post
from wallet_server.core.players.player import ORDINARY_PLAYER, Player
from wallet_server.core.refusals import AmountOutOfRange, Refusal, RequestIdReused
from wallet_server.core.rounds.win import CashOutRef, Win
from wallet_server.core.task import Task
from wallet_server.core.value import value
from wallet_server.core.wallet import Wallet


@value
class Recorded:
    """A new answer, to be recorded, and what it did, to be told."""

    task: Task
    answer: Answer
    events: tuple[Event, ...] = ()


@value
class Repeated:
    """The answer that the same request got before."""

    answer: Answer


@value
class Failed:
    """Deciding the command raised an exception: a bug, which stays with its command."""

    error: Exception


Result: TypeAlias = Recorded | Repeated | Replay | Refusal | Failed


@dataclass(slots=True)
class Fold:
    """The state of a batch between two commands; at its end, what is to be written.

    `players` are those that were loaded, by tenant and id; `changed_players` what commands made of
    some, which holds for all of their wallets. `tenants` are those that exist, configured or not.
    """

    configurations: Mapping[str, Configuration]
    wallets: dict[WalletRef, Wallet]
    answers: dict[tuple[WalletRef, str], Answer]
    players: Mapping[tuple[str, str], Player] = field(default_factory=dict[tuple[str, str], Player])
    tenants: Collection[str] = ()
    recorded: list[Recorded] = field(default_factory=list[Recorded])
    bets: dict[tuple[WalletRef, BetKey], Bet] = field(
        default_factory=dict[tuple[WalletRef, BetKey], Bet]
    )
    wins: dict[tuple[WalletRef, BetKey], Win | CashOutRef] = field(
        default_factory=dict[tuple[WalletRef, BetKey], Win | CashOutRef]
    )
    items: dict[tuple[WalletRef, ItemKey], Item] = field(
        default_factory=dict[tuple[WalletRef, ItemKey], Item]
    )
    changed_players: dict[tuple[str, str], Player] = field(
        default_factory=dict[tuple[str, str], Player]
    )

    def run(self, tasks: Sequence[Task], now: datetime) -> list[Result]:
        """Decides the tasks in order, each against what the ones before it left."""
        return [self.run_one(task, now) for task in tasks]

    def run_one(self, task: Task, now: datetime) -> Result:
        """Decides one task. A bug that it meets fails it alone, without a trace."""
        try:
            return self.answer(task, now)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this command's.
            return Failed(error)

    def answer(self, task: Task, now: datetime) -> Result:
        """Answers a task as it was answered before, or decides it."""
        configuration = self.configurations.get(task.wallet.tenant_id)
        if configuration is None:
            exists = task.wallet.tenant_id in self.tenants
            return without_configuration(task.wallet.tenant_id, exists=exists)
        known = self.answers.get((task.wallet, task.request_id))
        if known is not None:
            same = is_same(task.command, known.fingerprint)
            return Repeated(known) if same else RequestIdReused(task.request_id)

        wallet = self.wallets.get(task.wallet)
        if wallet is not None:
            now = entry_time(now, wallet.update_time)
            if self.changed_players:
                wallet = self.with_player(wallet)
        decision = decide(task.command, task.wallet, wallet, configuration, now)
        return self.take(task, wallet, decision, now)

    def take(self, task: Task, wallet: Wallet | None, decision: Decision, now: datetime) -> Result:
        """Takes a decision over into the state, if it is one that is recorded."""
        if isinstance(decision, Replay) or (
            isinstance(decision, Refusal) and not decision.recorded
        ):
            return decision
        if wallet is None:
            assert isinstance(task.command, OpenWallet)
            wallet = self.new_wallet(task.wallet, now)
        entries = decision.entries if isinstance(decision, Change) else ()
        balances = post(wallet.balances, entries)
        if isinstance(balances, AmountOutOfRange):
            return balances
        answer = make_answer(task, wallet, decision, balances, now)
        self.keep(task, wallet, decision, answer, balances)
        return self.recorded[-1]

    def new_wallet(self, ref: WalletRef, now: datetime) -> Wallet:
        """Returns an empty wallet, of a player who may be known from another currency."""
        key = (ref.tenant_id, ref.player_id)
        known = self.changed_players.get(key) or self.players.get(key, ORDINARY_PLAYER)
        return Wallet(ref, sequence=0, create_time=now, update_time=now, player=known)

    def with_player(self, wallet: Wallet) -> Wallet:
        """Returns a wallet whose player a command for another wallet may have changed."""
        changed = self.changed_players.get((wallet.ref.tenant_id, wallet.ref.player_id))
        return wallet if changed is None else replace(wallet, player=changed)

    def keep(
        self,
        task: Task,
        wallet: Wallet,
        decision: Change | Decline | Refusal,
        answer: Answer,
        balances: Mapping[Account, int],
    ) -> None:
        """Makes a decision the state that the next command sees."""
        ref = task.wallet
        events = events_of(wallet, task.command, decision, answer, balances)
        bets = wallet.bets
        bet = None if isinstance(decision, Refusal) else decision.bet
        if bet is not None and bet is not bets.get(bet.key):
            bets = {**bets, bet.key: bet}
            self.bets[ref, bet.key] = bet
        effects = None if isinstance(decision, Refusal) else decision.effects
        if effects is not None:
            bets = self.keep_effects(ref, effects, bets)
            wallet = wallet_with(wallet, effects)
        self.wallets[ref] = Wallet(
            ref,
            answer.sequence,
            wallet.create_time,
            answer.answer_time,
            wallet.player,
            balances,
            wallet.frozen_buckets,
            bets,
            wallet.wins,
            wallet.items,
            events[-1].sequence,
        )
        self.answers[ref, task.request_id] = answer
        self.recorded.append(Recorded(task, answer, events))

    def keep_effects(
        self, ref: WalletRef, effects: Effects, bets: Mapping[BetKey, Bet]
    ) -> Mapping[BetKey, Bet]:
        """Notes what else a command has changed. Returns the wallet's bets with its own."""
        for bet in effects.bets:
            self.bets[ref, bet.key] = bet
        for win in effects.wins:
            self.wins[ref, win.key] = win
        for item in effects.items:
            self.items[ref, item.key] = item
        if effects.player is not None:
            self.changed_players[ref.tenant_id, ref.player_id] = effects.player
        return {**bets, **{bet.key: bet for bet in effects.bets}}


def wallet_with(wallet: Wallet, effects: Effects) -> Wallet:
    """Returns a wallet with the wins, the items and the player that a command has changed."""
    return replace(
        wallet,
        player=effects.player or wallet.player,
        wins={**wallet.wins, **{win.key: win for win in effects.wins}},
        items={**wallet.items, **{item.key: item for item in effects.items}},
    )
