"""What the decisions of a batch may look at.

Most of it follows from the commands. The rest follows from what those name: a round names
its bets, a bet the coupons that paid for it. So loading goes on until nothing is missing,
which takes as many statements as the longest such chain has links, whatever the batch's
size: RollbackTransaction of a win has the longest, over its round and that round's bets to
their coupons and requirements.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from wallet_server.core.commands import (
    AuthorizeBet,
    CashOutBet,
    Command,
    OpenWallet,
    SettleBet,
    UnsettleBet,
)
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.items import ItemKey
from wallet_server.core.rounds.round import round_key
from wallet_server.core.task import Task
from wallet_server.core.wallet import Wallet
from wallet_server.execution.names import Mark, Name, marked, names_in, names_of, names_of_funds
from wallet_server.storage.loading import Loaded, Wanted


def wanted_by(tasks: Sequence[Task]) -> Wanted:
    """Returns what the commands of a batch say by themselves that they may look at."""
    wallets = dict.fromkeys(task.wallet for task in tasks)
    requests = dict.fromkeys((task.wallet, task.request_id) for task in tasks)
    named = Named()
    for task in tasks:
        for name in names_in(task.command):
            named.add(task.wallet, name)
    players = [task.wallet for task in tasks if isinstance(task.command, OpenWallet)]
    return Wanted(list(wallets), list(requests), list(named.bets), players, list(named.items))


@dataclass(slots=True)
class Named:
    """What was named so far, each once."""

    bets: dict[tuple[WalletRef, BetKey], None] = field(
        default_factory=dict[tuple[WalletRef, BetKey], None]
    )
    items: dict[tuple[WalletRef, ItemKey], None] = field(
        default_factory=dict[tuple[WalletRef, ItemKey], None]
    )

    def add(self, ref: WalletRef, name: Name) -> None:
        """Adds a name."""
        if isinstance(name, ItemKey):
            self.items[ref, name] = None
        else:
            self.bets[ref, name] = None


@dataclass(slots=True)
class Search:
    """What is still to be loaded for a batch, step by step."""

    tasks: Sequence[Task]
    asked: set[tuple[WalletRef, Mark]] = field(default_factory=set[tuple[WalletRef, Mark]])
    asked_live: set[WalletRef] = field(default_factory=set[WalletRef])
    rounds: Mapping[tuple[WalletRef, BetKey], ItemKey] = field(init=False)

    def __post_init__(self) -> None:
        """Notes the rounds that bets of the batch will be in."""
        self.rounds = rounds_to_join(self.tasks)

    def next(self, loaded: Loaded) -> Wanted | None:
        """Returns what is wanted after what is loaded; nothing at the end."""
        live = [ref for ref in loaded.live_counts if ref not in self.asked_live]
        self.asked_live.update(live)
        missing = Named()
        for task in self.tasks:
            wallet = loaded.wallets.get(task.wallet)
            if wallet is not None:
                self._follow(task, wallet, missing)
        if not (live or missing.bets or missing.items):
            return None
        refs = dict.fromkeys([*live, *(ref for ref, _ in (*missing.bets, *missing.items))])
        return Wanted(list(refs), bets=list(missing.bets), items=list(missing.items), live=live)

    def _follow(self, task: Task, wallet: Wallet, missing: Named) -> None:
        """Follows names from a command as far as things are loaded, and notes the first missing."""
        pending = list(first_names(task.command, wallet))
        if not pending:
            return
        seen = {marked(name) for name in names_in(task.command)}
        while pending:
            name = pending.pop()
            if (mark := marked(name)) not in seen:
                seen.add(mark)
                if (task.wallet, mark) not in self.asked:
                    self.asked.add((task.wallet, mark))
                    missing.add(task.wallet, name)
            pending += [each for each in names_of(name, wallet) if marked(each) not in seen]
            if not isinstance(name, ItemKey) and (joins := self.rounds.get((task.wallet, name))):
                pending.append(joins)


def first_names(command: Command, wallet: Wallet) -> Iterator[Name]:
    """Yields the names to follow first.

    To place a bet takes nothing else, and to settle one none of the others in its round.
    """
    if isinstance(command, AuthorizeBet):
        return
    if not isinstance(command, SettleBet | UnsettleBet | CashOutBet):
        yield from names_in(command)
        return
    bet = wallet.bets.get(command.bet)
    if bet is not None:
        yield from names_of_funds(bet)


def rounds_to_join(tasks: Sequence[Task]) -> dict[tuple[WalletRef, BetKey], ItemKey]:
    """Returns the rounds of the bets that a batch will place, if it does.

    A later command of the batch may name such a bet, and so its round, before it is there.
    """
    return {
        (task.wallet, task.command.bet): round_key(
            task.command.bet.provider_id, task.command.round_ref
        )
        for task in tasks
        if isinstance(task.command, AuthorizeBet) and task.command.round_ref
    }
