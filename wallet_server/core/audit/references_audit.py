"""What the bets, wins and cash-outs of a wallet come to together."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from wallet_server.core.accounts import Account
from wallet_server.core.audit.cash_out_audit import CashOutAudit
from wallet_server.core.audit.difference import Finding
from wallet_server.core.audit.item_audit import ItemAudit
from wallet_server.core.audit.open_stake_audit import find_open_stake_problems, open_stakes_of
from wallet_server.core.bets.bet import Bet
from wallet_server.core.rounds.win import CashOutRef, Win
from wallet_server.core.wallet import Wallet


@dataclass(slots=True)
class ReferencesAudit:
    """Adds up what they say, for what looks at all of them at once."""

    items: ItemAudit
    cash_outs: CashOutAudit = field(default_factory=CashOutAudit)
    open_stakes: Counter[Account] = field(default_factory=Counter[Account])

    def take_bet(self, bet: Bet) -> None:
        """Takes in a bet."""
        self.open_stakes.update(open_stakes_of(bet))
        self.items.take_bet(bet)
        self.cash_outs.take_bet(bet)

    def take_win(self, win: Win | CashOutRef) -> None:
        """Takes in a win or a cash-out."""
        if isinstance(win, CashOutRef):
            self.cash_outs.references.append(win)

    def finish(self, wallet: Wallet) -> Iterator[Finding]:
        """Compares what they come to with what is stored of the wallet."""
        yield from find_open_stake_problems(wallet, self.open_stakes)
        yield from self.cash_outs.finish()
