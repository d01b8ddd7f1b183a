"""What must hold after every scenario, as far as it can be seen over gRPC.

The numbers are those of the invariants in domain.md, section 3. What only the tables
show is `verify`'s to check, on a server that the runner owns.
"""

from collections import Counter
from collections.abc import Iterable

from wallet.v1 import bet_pb2
from wallet.v1.wallet_pb2 import Entry
from wallet_server.conformance.accounts import (
    DEBT,
    HOUSE,
    OPEN,
    account_balances,
    net_changes,
)
from wallet_server.conformance.invariants_answers import find_answer_violations
from wallet_server.conformance.invariants_cashier import find_cashier_violations
from wallet_server.conformance.invariants_events import find_event_violations
from wallet_server.conformance.invariants_items import find_item_violations
from wallet_server.conformance.recording import Recording, WalletReading

UNPOSTED = (bet_pb2.BET_STATE_DECLINED, bet_pb2.BET_STATE_TOMBSTONED)
OPEN_STATES = (bet_pb2.BET_STATE_AUTHORIZED, bet_pb2.BET_STATE_PARTIALLY_SETTLED)
PLACED_STATES = (*OPEN_STATES, bet_pb2.BET_STATE_SETTLED)


def find_violations(recording: Recording) -> list[str]:
    """Returns every invariant that a recording breaks."""
    return [
        f"invariants.{name}: {violation}"
        for name, reading in recording.readings.items()
        if reading.wallet is not None
        for violation in (
            *_check_entries(reading.entries),
            *_check_balances(reading),
            *_check_bets(reading),
            *find_item_violations(reading),
            *find_cashier_violations(reading),
            *find_answer_violations(reading, recording),
            *find_event_violations(reading),
        )
    ]


def _check_entries(entries: Iterable[Entry]) -> list[str]:
    """Checks I1, and that the journal is in order."""
    violations: list[str] = []
    previous = (0, 0)
    for entry in entries:
        name = f"entry {entry.sequence}/{entry.ordinal}"
        if sum(each.change for each in entry.changes) != 0:
            violations.append(f"I1: {name} does not add up to zero")
        if not entry.changes or any(each.change == 0 for each in entry.changes):
            violations.append(f"I1: {name} has a change of zero, or none")
        expected_ordinal = previous[1] + 1 if entry.sequence == previous[0] else 0
        if entry.sequence < previous[0] or entry.ordinal != expected_ordinal:
            violations.append(f"I7: {name} comes after {previous[0]}/{previous[1]}")
        previous = (entry.sequence, entry.ordinal)
    return violations


def _check_balances(reading: WalletReading) -> list[str]:
    """Checks I3 and I8: the entries alone explain the balances, at every step."""
    violations: list[str] = []
    running: Counter[str] = Counter()
    for entry in reading.entries:
        for each in entry.changes:
            running[each.account] += each.change
            after = each.balance_after if each.HasField("balance_after") else None
            expected = None if each.account.startswith(HOUSE) else running[each.account]
            if after != expected:
                violations.append(
                    f"I3: {each.account} is {after}, not {expected}, after {entry.sequence}"
                )
    assert reading.wallet is not None
    balances = account_balances(reading.wallet)
    for account in sorted(balances.keys() | running.keys()):
        held, posted = balances.get(account, 0), running[account]
        if not account.startswith(HOUSE) and held != posted:
            violations.append(f"I3: {account} holds {held}, its entries come to {posted}")
        if not account.startswith(HOUSE) and (held > 0 if account.startswith(DEBT) else held < 0):
            violations.append(f"I8: {account} holds {held}")
    return violations


def _check_bets(reading: WalletReading) -> list[str]:
    """Checks I11, I12, I14, I16 and I17 for every bet that the scenario named."""
    bets = [bet for bet in reading.bets.values() if bet is not None]
    violations = [each for bet in bets for each in _check_bet(bet, reading)]
    still_open: Counter[str] = Counter()
    for bet in bets:
        still_open.update(_open_stake(bet))
    assert reading.wallet is not None
    for account, held in account_balances(reading.wallet).items():
        if account.startswith(OPEN) and held != still_open[account]:
            violations.append(f"I12: {account} holds {held}, bets have {still_open[account]} open")
    return violations


def _check_bet(bet: bet_pb2.Bet, reading: WalletReading) -> list[str]:
    own = [
        e for e in reading.entries if (e.provider_id, e.bet_ref) == (bet.provider_id, bet.bet_ref)
    ]
    stake = bet.stake.minor_units
    settled = sum(each.stake.minor_units for each in bet.portions)
    violations: list[str] = []
    if bet.state not in UNPOSTED and sum(e.amount.minor_units for e in bet.funding_lines) != stake:
        violations.append("I11: the funding lines do not add up to the stake")
    if stake and bet.state in PLACED_STATES and _is_settled(bet) != (settled == stake):
        violations.append(f"I14: {settled} of {stake} has a result")
    if bet.state in UNPOSTED and own:
        violations.append("I17: it has entries")
    if bet.state == bet_pb2.BET_STATE_ROLLED_BACK and _house_changes(own):
        violations.append(f"I16: the house is left with {_house_changes(own)}")
    return [f"bet {bet.bet_ref}: {each}" for each in violations]


def _is_settled(bet: bet_pb2.Bet) -> bool:
    return bet.state == bet_pb2.BET_STATE_SETTLED


def _house_changes(entries: Iterable[Entry]) -> dict[str, int]:
    changes = net_changes(entries)
    return {account: change for account, change in changes.items() if account.startswith(HOUSE)}


def _open_stake(bet: bet_pb2.Bet) -> dict[str, int]:
    if bet.state not in OPEN_STATES:
        return {}
    return {
        OPEN + line.source: line.amount.minor_units
        - sum(portion.stake_shares[index] for portion in bet.portions)
        for index, line in enumerate(bet.funding_lines)
    }
