"""What must hold of rounds: they and their bets and wins say the same of each other."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from wallet_server.core.audit.difference import Check, Finding
from wallet_server.core.bets.bet import Bet, BetState
from wallet_server.core.bets.settlement import WITHOUT_EFFECT
from wallet_server.core.ids import BetKey
from wallet_server.core.rounds.round import Round, RoundState, own_round_ref, round_key
from wallet_server.core.rounds.win import WITH_EFFECT, Win


class Member(NamedTuple):
    """What a bet or a win says: its round, which it is, and whether it has moved anything."""

    round_ref: str
    is_bet: bool
    has_effect: bool


@dataclass(slots=True)
class RoundAudit:
    """What the bets and wins of a wallet say of its rounds, and then the rounds.

    `members` has every bet and win that names a round, until its round is checked.
    """

    members: dict[BetKey, Member] = field(default_factory=dict[BetKey, Member])

    def take_bet(self, bet: Bet) -> None:
        """Takes in what a bet says. One that was declined is in no round."""
        if bet.round_ref and bet.state not in {BetState.DECLINED, BetState.TOMBSTONED}:
            has_effect = bet.state not in WITHOUT_EFFECT
            self.members[bet.key] = Member(bet.round_ref, is_bet=True, has_effect=has_effect)

    def take_win(self, win: Win) -> None:
        """Takes in what a win says. A summary that has moved nothing is in no round."""
        if win.summary and not win.moves:
            return
        if win.round_ref:
            has_effect = win.state in WITH_EFFECT
            self.members[win.key] = Member(win.round_ref, is_bet=False, has_effect=has_effect)

    def check(self, found: Round) -> Iterator[Finding]:
        """Checks a round."""
        for message in (*self._find_member_problems(found), *find_life_problems(found)):
            yield Finding(Check.ROUND, found.key.item_id, message)

    def _find_member_problems(self, found: Round) -> Iterator[str]:
        """All its members say that they are in it, and a cancelled one leaves nothing of them."""
        if is_own(found):
            return  # The bet does not say so, nor do its wins: they name the bet.
        for refs, is_bet in ((found.bet_refs, True), (found.win_refs, False)):
            for ref in refs:
                member = self.members.pop(BetKey(found.provider_id, ref), None)
                kind = "bet" if is_bet else "win"
                if member is None or member.is_bet != is_bet:
                    yield f"{ref} is on record as no {kind} of a round, or twice in one"
                elif member.round_ref != found.round_ref:
                    yield f"{ref} says that it is in round {member.round_ref}"
                elif member.has_effect and found.state is RoundState.CANCELLED:
                    yield f"CANCELLED, and yet {kind} {ref} stands"

    def finish(self) -> Iterator[Finding]:
        """No bet and no win is left that names a round which does not name it."""
        for key, member in self.members.items():
            item_id = round_key(key.provider_id, member.round_ref).item_id
            message = f"{key.bet_ref} says that it is in it"
            yield Finding(Check.ROUND, item_id, message)


def is_own(found: Round) -> bool:
    """Tells whether a round is that of a bet which was placed without one."""
    return len(found.bet_refs) == 1 and found.round_ref == own_round_ref(found.bet_refs[0])


def find_life_problems(found: Round) -> Iterator[str]:
    """A round has a time of its close if it is closed, and not while it is open."""
    if found.state is RoundState.CLOSED and found.close_time is None:
        yield "CLOSED, and nobody knows since when"
    if found.state is RoundState.OPEN and found.close_time is not None:
        yield f"OPEN, and closed since {found.close_time}"
