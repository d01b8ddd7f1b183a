"""What the decisions of a batch may look at.

Most of it follows from the commands. The rest follows from what those name: a round names
its bets, a bet the coupons that paid for it. So loading goes on until nothing is missing,
which takes as many statements as the longest such chain has links, whatever the batch's
size: RollbackTransaction of a win has the longest, over its round and that round's bets to
their coupons and requirements.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from wallet_server.core.accounts import grant_of
from wallet_server.core.batch import Task
from wallet_server.core.bets.bet import Bet
from wallet_server.core.commands import (
    ApproveDeposit,
    AuthorizeBet,
    CancelRolling,
    CashOutBet,
    CloseRound,
    Command,
    CompleteRolling,
    CreditPromotion,
    CreditWin,
    ExpireCoupons,
    GrantCoupon,
    OpenWallet,
    PlayRound,
    ReleaseSuspense,
    ReversePromotion,
    RevokeCoupon,
    RollbackRound,
    RollbackTransaction,
    SettleBet,
    TransferFunds,
    UnsettleBet,
)
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.items import Item, ItemKey, ItemKind
from wallet_server.core.promotions.promotion import Promotion
from wallet_server.core.rounds.membership import round_of
from wallet_server.core.rounds.round import Round, round_key
from wallet_server.core.rounds.win import CashOutRef, Win
from wallet_server.core.transfers.edge_usage import usage_key
from wallet_server.core.wallet import Wallet
from wallet_server.storage.loading import Loaded, Wanted

Name: TypeAlias = BetKey | ItemKey
"""What a wallet has under a name: a bet, win or cash-out, or an item."""

Mark: TypeAlias = tuple[bool, str, str]
"""A name, and whether it is an item's."""


def names_in(command: Command) -> Iterator[Name]:
    """Yields what a command names."""
    match command:
        case AuthorizeBet():
            yield from names_in_bet(command)
        case SettleBet() | UnsettleBet() | RollbackTransaction():
            yield command.bet
        case CashOutBet():
            yield command.bet
            yield command.cash_out
        case CreditWin() | ReleaseSuspense():
            yield from names_in_win(command)
        case CloseRound() | PlayRound() | RollbackRound():
            yield from names_in_round(command)
        case CompleteRolling() | CancelRolling():
            yield ItemKey(ItemKind.REQUIREMENT, command.requirement_id)
        case TransferFunds():
            yield usage_key(command.source, command.target)
        case _:
            yield from names_in_gift(command)


def names_in_bet(command: AuthorizeBet) -> Iterator[Name]:
    """Yields what a bet to be placed names."""
    yield command.bet
    if command.round_ref:
        yield round_key(command.bet.provider_id, command.round_ref)
    if command.coupon_grant_id:
        yield coupon_key(command.coupon_grant_id)


def names_in_gift(command: Command) -> Iterator[Name]:
    """Yields what a command on a coupon or a promotion names: they share one kind of id."""
    gift_id = ""
    if isinstance(command, GrantCoupon | RevokeCoupon | ExpireCoupons):
        gift_id = command.grant_id
    elif isinstance(command, CreditPromotion | ReversePromotion):
        gift_id = command.promotion_id
    if gift_id:
        yield coupon_key(gift_id)
        yield ItemKey(ItemKind.PROMOTION, gift_id)


def names_in_win(command: CreditWin | ReleaseSuspense) -> Iterator[Name]:
    """Yields what a command on a win names."""
    yield command.win
    if isinstance(command, CreditWin):
        if command.round_ref:
            yield round_key(command.win.provider_id, command.round_ref)
        if command.bet_ref:
            yield BetKey(command.win.provider_id, command.bet_ref)


def names_in_round(command: CloseRound | PlayRound | RollbackRound) -> Iterator[Name]:
    """Yields what a command on a round names."""
    refs: tuple[str, ...] = ()
    yield round_key(command.provider_id, command.round_ref)
    if isinstance(command, PlayRound):
        refs = (*(b.bet_ref for b in command.bets), *(w.win_ref for w in command.wins))
        for bet in command.bets:
            if bet.coupon_grant_id:
                yield coupon_key(bet.coupon_grant_id)
    elif isinstance(command, RollbackRound):
        refs = command.transaction_refs
    for ref in refs:
        yield BetKey(command.provider_id, ref)


def coupon_key(grant_id: str) -> ItemKey:
    """Returns what a coupon grant is called among the wallet's items."""
    return ItemKey(ItemKind.COUPON, grant_id)


def names_of(name: Name, wallet: Wallet) -> Iterator[Name]:
    """Yields what something in a wallet names; nothing where it is not there."""
    found: Bet | Win | CashOutRef | Item | None
    if isinstance(name, ItemKey):
        found = wallet.items.get(name)
    else:
        found = wallet.bets.get(name) or wallet.wins.get(name)
    match found:
        case Bet():
            yield from names_of_bet(found)
        case Win():
            yield from names_of_win(found)
        case CashOutRef():
            yield BetKey(found.key.provider_id, found.bet_ref)
        case Round():
            for ref in (*found.bet_refs, *found.win_refs):
                yield BetKey(found.provider_id, ref)
        case Promotion(requirement_id=requirement_id) if requirement_id:
            yield ItemKey(ItemKind.REQUIREMENT, requirement_id)
        case _:
            return


def names_of_bet(bet: Bet) -> Iterator[Name]:
    """Yields what a bet names: its round, though it may have none yet, and what its funds do."""
    yield round_of(bet)
    yield from names_of_funds(bet)


def names_of_funds(bet: Bet) -> Iterator[Name]:
    """Yields the coupons that paid for a bet, and the requirements that it counts for."""
    for line in bet.lines:
        if line.coupon is not None:
            yield coupon_key(grant_of(line.source))
    for contribution in bet.contributions:
        yield ItemKey(ItemKind.REQUIREMENT, contribution.requirement_id)


def names_of_win(win: Win) -> Iterator[Name]:
    """Yields what a win names: its round or its bet."""
    if win.round_ref:
        yield round_key(win.key.provider_id, win.round_ref)
    if win.bet_ref:
        yield BetKey(win.key.provider_id, win.bet_ref)


def wanted_by(tasks: Sequence[Task]) -> Wanted:
    """Returns what the commands of a batch say by themselves that they may look at."""
    wallets = dict.fromkeys(task.wallet for task in tasks)
    requests = dict.fromkeys((task.wallet, task.request_id) for task in tasks)
    named = Named()
    for task in tasks:
        for name in names_in(task.command):
            named.add(task.wallet, name)
    deposits = dict.fromkeys(
        (task.wallet, task.command.deposit_id)
        for task in tasks
        if isinstance(task.command, ApproveDeposit)
    )
    players = [task.wallet for task in tasks if isinstance(task.command, OpenWallet)]
    return Wanted(
        list(wallets), list(requests), list(named.bets), list(deposits), players, list(named.items)
    )


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


def marked(name: Name) -> Mark:
    """Returns a name that no other kind of name equals: both kinds are pairs of texts."""
    return isinstance(name, ItemKey), name[0], name[1]
