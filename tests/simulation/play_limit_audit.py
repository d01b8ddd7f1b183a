"""Follows what a wallet's bets and wins come to for the player's limits."""

from dataclasses import dataclass, field

from tests.simulation.bet_audit import BetAudit
from tests.simulation.bet_book import UNDONE
from tests.simulation.ledger import Ledger
from tests.simulation.player_audit import PlayerAudit
from tests.simulation.step import Step
from tests.simulation.usage_book import Counted
from wallet_server.core.commands import ReplanAuthorization
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.rounds.win import Win


@dataclass
class PlayLimitAudit:
    """What each bet and each win has lost, or won back, of the player's own money."""

    player: PlayerAudit
    lost: dict[BetKey, int] = field(default_factory=dict[BetKey, int])

    def take(self, step: Step, bets: BetAudit, ledger: Ledger) -> None:
        """Takes a recorded command in. The bets and the ledger are as they are after it."""
        own = own_sources(step)
        staked = [self.staked(key, bets, own) for key in placed_by(step)]
        if any(staked):
            open_before = own_open_stake(step.balances_before, own)
            self.player.check_accepted("STAKE", staked, step)
            currency = step.after.ref.currency_code
            if self.player.is_limited("LOSS", step):
                self.player.usage["LOSS"].open_stake[currency] = open_before
            self.player.check_accepted("LOSS", staked, step)
        losses = self.follow(step, bets, own)
        if self.player.is_limited("STAKE", step):
            self.count_stakes(step, bets, own)
        if self.player.is_limited("LOSS", step) and (has_effect(step) or step.wins):
            own_open = own_open_stake(ledger.balances, own)
            self.player.count_losses(losses, own_open, step)

    def staked(self, key: BetKey, bets: BetAudit, own: frozenset[str]) -> int:
        lines = bets.bets[key].lines
        return sum(line.amount for line in lines if line.source in own)

    def follow(self, step: Step, bets: BetAudit, own: frozenset[str]) -> list[int]:
        """Returns what each bet and each win has lost by the command."""
        now = {key: bets.bets[key].lost(own) for key in step.bets}
        for key, (_, win) in step.wins.items():
            if isinstance(win, Win):
                now[key] = -self.won(win, bets, own)
        losses = [amount - self.lost.get(key, 0) for key, amount in now.items()]
        self.lost.update(now)
        return losses

    def won(self, win: Win, bets: BetAudit, own: frozenset[str]) -> int:
        """What a win has paid to lines of own money."""
        if win.state.value != "CREDITED":
            return 0
        total = 0
        for share in win.shares:
            book = bets.bets[BetKey(win.key.provider_id, share.bet_ref)]
            assert share.returned + share.profit <= share.amount
            if book.lines[share.line].source in own:
                total += share.returned + share.profit
        return total

    def count_stakes(self, step: Step, bets: BetAudit, own: frozenset[str]) -> None:
        ref = step.after.ref
        for key in placed_by(step):
            if staked := self.staked(key, bets, own):
                counted = Counted(step.now, ref.currency_code, staked)
                self.player.count_own("STAKE", name_of(ref, key), counted)
        for key in step.bets:
            if bets.bets[key].state in UNDONE:
                self.player.give_back("STAKE", name_of(ref, key))


def placed_by(step: Step) -> list[BetKey]:
    """Returns the bets that a command has placed."""
    return [
        key
        for key, (old, new) in step.bets.items()
        if new.snapshot is not None and (old is None or old.snapshot is None)
    ]


def has_effect(step: Step) -> bool:
    """Tells whether a command has changed any bet that was placed, beyond where its money goes."""
    if isinstance(step.command, ReplanAuthorization):
        return False
    return any(bet.snapshot is not None for _, bet in step.bets.values())


def name_of(ref: WalletRef, key: BetKey) -> object:
    return ref, key


def own_sources(step: Step) -> frozenset[str]:
    return frozenset(account[4:] for account in step.own_money)


def own_open_stake(balances: "dict[str, int]", own: frozenset[str]) -> int:
    return sum(balances.get(f"open:{source}", 0) for source in own)
