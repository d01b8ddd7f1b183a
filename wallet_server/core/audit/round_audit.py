"""What must hold of rounds: they and their bets and wins say the same of each other."""

from collections.abc import Iterator, Sequence

from wallet_server.core.audit.difference import Check, Finding
from wallet_server.core.rounds.round import Round, RoundState, own_round_ref
from wallet_server.core.value import value


@value
class Member:
    """A bet or a win that says that it is in a round, and whether it stands."""

    ref: str
    is_bet: bool
    stands: bool


def find_round_problems(
    item_id: str, found: Round | None, members: Sequence[Member]
) -> Iterator[Finding]:
    """Yields what is wrong with a round, by all bets and wins that name it."""
    if found is None:
        messages = [f"{member.ref} is in it, and it is not on record" for member in members]
    else:
        messages = [*find_member_problems(found, members), *find_life_problems(found)]
    for message in messages:
        yield Finding(Check.ROUND, item_id, message)


def find_member_problems(found: Round, members: Sequence[Member]) -> Iterator[str]:
    """Its members are those that say so, and a cancelled round leaves nothing of them."""
    if is_own(found):
        return  # The bet does not say so, nor do its wins: they name the bet.
    for named, is_bet in ((found.bet_refs, True), (found.win_refs, False)):
        kind = "bet" if is_bet else "win"
        said = {member.ref for member in members if member.is_bet is is_bet}
        for ref in sorted(said ^ set(named)):
            yield f"{kind} {ref} " + ("is in it, it says otherwise" if ref in said else "is not")
        if len(set(named)) != len(named):
            yield f"a {kind} is in it twice"
    for member in members:
        if member.stands and found.state is RoundState.CANCELLED:
            yield f"CANCELLED, and yet {member.ref} stands"


def is_own(found: Round) -> bool:
    """Tells whether a round is that of a bet which was placed without one."""
    return len(found.bet_refs) == 1 and found.round_ref == own_round_ref(found.bet_refs[0])


def find_life_problems(found: Round) -> Iterator[str]:
    """A round has a time of its close if it is closed, and not while it is open."""
    if found.state is RoundState.CLOSED and found.close_time is None:
        yield "CLOSED, and nobody knows since when"
    if found.state is RoundState.OPEN and found.close_time is not None:
        yield f"OPEN, and closed since {found.close_time}"
