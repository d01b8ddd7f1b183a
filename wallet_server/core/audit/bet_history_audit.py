"""How a bet may become another: which states follow which, and what never changes."""

from collections.abc import Iterator

from wallet_server.core.answer import Answer
from wallet_server.core.bets.bet import Bet, BetState

AUTHORIZED = BetState.AUTHORIZED
PARTIALLY_SETTLED = BetState.PARTIALLY_SETTLED
SETTLED = BetState.SETTLED
ROLLED_BACK = BetState.ROLLED_BACK
DECLINED = BetState.DECLINED
TOMBSTONED = BetState.TOMBSTONED

REPLAN = "ReplanAuthorization"

STATES_BY_COMMAND: dict[tuple[BetState | None, str], frozenset[BetState]] = {
    (None, "AuthorizeBet"): frozenset({AUTHORIZED, DECLINED}),
    (None, "RollbackTransaction"): frozenset({TOMBSTONED}),
    (DECLINED, "AuthorizeBet"): frozenset({AUTHORIZED, DECLINED}),
    (AUTHORIZED, "SettleBet"): frozenset({PARTIALLY_SETTLED, SETTLED}),
    (AUTHORIZED, "RollbackTransaction"): frozenset({ROLLED_BACK}),
    (PARTIALLY_SETTLED, "SettleBet"): frozenset({PARTIALLY_SETTLED, SETTLED}),
    (PARTIALLY_SETTLED, "RollbackTransaction"): frozenset(
        {ROLLED_BACK, PARTIALLY_SETTLED, AUTHORIZED}  # The last two, where it is of a cash-out.
    ),
    (SETTLED, "SettleBet"): frozenset({SETTLED}),
    (SETTLED, "UnsettleBet"): frozenset({AUTHORIZED, PARTIALLY_SETTLED}),
    (SETTLED, "RollbackTransaction"): frozenset({ROLLED_BACK, PARTIALLY_SETTLED, AUTHORIZED}),
    (AUTHORIZED, "CashOutBet"): frozenset({PARTIALLY_SETTLED, SETTLED}),
    (PARTIALLY_SETTLED, "CashOutBet"): frozenset({PARTIALLY_SETTLED, SETTLED}),
    (AUTHORIZED, REPLAN): frozenset({AUTHORIZED}),
    (PARTIALLY_SETTLED, REPLAN): frozenset({PARTIALLY_SETTLED}),
}
"""The states that a command may leave a bet in, by the one it was in. No others."""

OPENS_AGAIN = frozenset({"UnsettleBet", "RollbackTransaction"})
"""The commands that take results back, so that stake is open again."""

FIXED_FIELDS = (
    "key",
    "sequence",
    "create_time",
    "round_ref",
    "selected_source",
    "stake",
    "lines",
    "snapshot",
    "coupon_grant_id",
    "free_round",
    "context",
)


def find_history_problems(before: Bet | None, after: Bet, answer: Answer) -> Iterator[str]:
    """Yields what the answered command may not have made of the bet."""
    state = None if before is None else before.state
    if after.state not in STATES_BY_COMMAND.get((state, answer.command), ()):
        was = "unknown" if state is None else state.value
        yield f"{answer.command} made it {after.state.value}; it was {was}"
    if before is not None and before.is_final:
        yield f"{answer.command} changed it though it was rolled back"
    if after.state in {DECLINED, TOMBSTONED} or state in {None, DECLINED}:
        if after.sequence != answer.sequence:
            yield f"recorded as #{after.sequence}"
        return
    assert before is not None
    yield from find_changes(before, after)
    if after.replanned != before.replanned and not may_change_plan(before, after, answer.command):
        yield "its plan changed"


def may_change_plan(before: Bet, after: Bet, command: str) -> bool:
    """Tells whether a command may send a bet's money elsewhere: persons do, and opening it again.

    What was sent elsewhere once never follows its old plan again.
    """
    opens = command in OPENS_AGAIN and after.state in {AUTHORIZED, PARTIALLY_SETTLED}
    return (opens or command == REPLAN) and before.replanned.keys() <= after.replanned.keys()


def is_placed(bet: Bet) -> bool:
    """Tells whether a bet has taken a stake: then most of it never changes."""
    return bet.state not in {DECLINED, TOMBSTONED}


def find_fixed_changes(before: Bet, after: Bet) -> Iterator[str]:
    """Yields what changed in a placed bet and never may, whatever happens."""
    for name in FIXED_FIELDS:
        if getattr(before, name) != getattr(after, name):
            yield f"its {name} changed"
    if after.revision < before.revision:
        yield f"revision {after.revision} follows {before.revision}"


def find_changes(before: Bet, after: Bet) -> Iterator[str]:
    """Yields what changed in a placed bet and may not: all but its results."""
    for name in FIXED_FIELDS:
        if getattr(before, name) != getattr(after, name):
            yield f"its {name} changed"
    if after.revision != before.revision + 1:
        yield f"revision {after.revision} follows {before.revision}"
    yield from find_changed_orderings(before, after)
    for portion in before.portions:
        now = after.portion(portion.portion_ref)
        if after.version_of(portion.portion_ref) < portion.result_version:
            yield f"portion {portion.portion_ref!r} went back to an older version"
        elif now is not None and now != portion:
            if now.result_version == portion.result_version:
                yield f"portion {portion.portion_ref!r} changed without a new version"
            if now.stake_shares != portion.stake_shares:
                yield f"the shares of portion {portion.portion_ref!r} changed"


def find_changed_orderings(before: Bet, after: Bet) -> Iterator[str]:
    """Yields of which versions it was said later who vouches for their order."""
    for ref in sorted({*before.orderings, *after.orderings}):
        is_other = after.orderings.get(ref) is not before.orderings.get(ref)
        if is_other and after.version_of(ref) == before.version_of(ref):
            yield f"the ordering of portion {ref!r} changed without a new version"
