"""What must hold of cash-outs: each is a reference, and a portion of its bet."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from wallet_server.core.audit.difference import Check, Finding
from wallet_server.core.bets.bet import Bet, Portion
from wallet_server.core.ids import BetKey
from wallet_server.core.rounds.win import CashOutRef


@dataclass(slots=True)
class CashOutAudit:
    """What the bets of a wallet say of cash-outs, and what their references do.

    `portions` are those that are cash-outs, with their bets, by the cash-out's reference.
    `taken_back` are names of portions that `UnsettleBet` took back, by bet.
    """

    references: list[CashOutRef] = field(default_factory=list[CashOutRef])
    portions: dict[BetKey, tuple[str, Portion]] = field(
        default_factory=dict[BetKey, tuple[str, Portion]]
    )
    taken_back: dict[BetKey, frozenset[str]] = field(default_factory=dict[BetKey, frozenset[str]])

    def take_bet(self, bet: Bet) -> None:
        """Takes in what a bet says."""
        for portion in bet.portions:
            if portion.is_cash_out:
                key = BetKey(bet.key.provider_id, portion.portion_ref)
                self.portions[key] = (bet.key.bet_ref, portion)
        if bet.unsettled_versions:
            self.taken_back[bet.key] = frozenset(bet.unsettled_versions)

    def finish(self) -> Iterator[Finding]:
        """Yields references and portions that do not know of each other."""
        for reference in self.references:
            for message in self._find_problems(reference):
                yield Finding(Check.CASH_OUT, name_of(reference.key), message)
        for key in sorted(self.portions.keys() - {each.key for each in self.references}):
            yield Finding(Check.CASH_OUT, name_of(key), "its portion has no reference")

    def _find_problems(self, reference: CashOutRef) -> Iterator[str]:
        """Yields what is wrong with a reference."""
        bet_ref, portion = self.portions.get(reference.key, ("", None))
        bet = BetKey(reference.key.provider_id, reference.bet_ref)
        if portion is None:
            unsettled = reference.key.bet_ref in self.taken_back.get(bet, ())
            if not (reference.rolled_back or unsettled):
                yield "its bet has no such portion, and nobody took it back"
            return
        if reference.rolled_back:
            yield "rolled back, and its portion is there"
        if bet_ref != reference.bet_ref:
            yield f"it is of bet {reference.bet_ref}, its portion of {bet_ref}"
        if (portion.stake, portion.payout) != (reference.stake, reference.payout):
            said = f"{reference.payout} for {reference.stake}"
            yield f"it says {said}, its portion {portion.payout} for {portion.stake}"


def name_of(key: BetKey) -> str:
    """Returns what a reference is called in findings."""
    return f"{key.provider_id}/{key.bet_ref}"
