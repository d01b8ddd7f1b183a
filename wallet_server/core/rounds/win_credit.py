"""Crediting a win to its destinations, or putting it in suspense."""

from collections.abc import Sequence
from dataclasses import replace

from wallet_server.core.accounts import PROMO, SUSPENSE, Account, bucket, game, jackpot
from wallet_server.core.bets.bet import Bet
from wallet_server.core.bets.correction import CorrectionShort, correct_changes
from wallet_server.core.bets.funding import find_terms
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.config.policy import WinDestination
from wallet_server.core.config.snapshot import Snapshot
from wallet_server.core.draft import Draft
from wallet_server.core.entry import Move, minus
from wallet_server.core.players.bet_limits import count_win, limits_bets
from wallet_server.core.refusals import Refusal, WinDestinationMissing
from wallet_server.core.rounds.line_stakes import line_stakes
from wallet_server.core.rounds.win import Win, WinSnapshot, WinState
from wallet_server.core.rounds.win_kind import WinKind
from wallet_server.core.rounds.win_requirement import open_for_win
from wallet_server.core.rounds.win_split import moves_of_shares, pay_shares, split_win


def kind_paid(kind: WinKind, bets: Sequence[Bet]) -> WinKind:
    """Returns the kind that a win is paid as: free rounds alone have no stake to share."""
    if kind is WinKind.ROUND and not any(bet.stake for bet in bets):
        return WinKind.FREE_ROUND
    return kind


def house_of(win: Win, kind: WinKind, snapshot: Snapshot) -> Account:
    """Returns the house's account that pays a win. A jackpot without a name is its provider's."""
    match kind:
        case WinKind.ROUND:
            return game(snapshot.provider_type)
        case WinKind.JACKPOT:
            return jackpot(win.pool or win.key.provider_id)
        case WinKind.FREE_ROUND | WinKind.PROMO_WIN:
            return PROMO


def find_snapshot(
    win: Win, bets: Sequence[Bet], configuration: Configuration
) -> Snapshot | Refusal:
    """Returns the rules of a win: those of its first bet, or of its provider where it has none."""
    if bets:
        assert bets[0].snapshot is not None
        return bets[0].snapshot
    terms = find_terms(win.key.provider_id, configuration)
    return terms if isinstance(terms, Refusal) else terms.snapshot


def with_snapshot(win: Win, snapshot: Snapshot) -> Win:
    """Returns a win that keeps what its corrections need of the rules."""
    kept = WinSnapshot(
        snapshot.correction_shortfall, snapshot.recovery_scope, snapshot.recovery_order
    )
    return replace(win, snapshot=kept)


def suspend(win: Win, bets: Sequence[Bet], wins: Sequence[Win], snapshot: Snapshot) -> Win:
    """Returns a win that waits for a decision, split by the stakes as they are now."""
    kind = kind_paid(win.kind, bets)
    house = house_of(win, kind, snapshot)
    shares = ()
    if kind is WinKind.ROUND:
        shares = split_win(win.amount, line_stakes(bets, wins), snapshot.payout_basis)
    moves = (Move(house, SUSPENSE, win.amount),)
    return replace(win, state=WinState.SUSPENDED, shares=shares, moves=moves)


def credit_shares(win: Win, bets: Sequence[Bet], wins: Sequence[Win], snapshot: Snapshot) -> Win:
    """Returns a win that is paid to the lines of its bets: by its shares, if it has them yet."""
    stakes = line_stakes(bets, wins)
    basis = snapshot.payout_basis
    shares = win.shares or split_win(win.amount, stakes, basis)
    paid = pay_shares(win.amount, shares, stakes, basis)
    moves = tuple(moves_of_shares(game(snapshot.provider_type), paid, stakes))
    return replace(win, state=WinState.CREDITED, shares=paid, moves=moves)


def credit_by_policy(draft: Draft, win: Win, kind: WinKind, snapshot: Snapshot) -> Win | Refusal:
    """Returns a win that is paid where the policy says, with the requirement it opens."""
    destination = find_destination(win, kind, draft.configuration)
    if isinstance(destination, Refusal):
        return destination
    move = Move(house_of(win, kind, snapshot), bucket(destination.target), win.amount)
    credited = replace(win, state=WinState.CREDITED, moves=(move,) if win.amount else ())
    if destination.rolling is None or win.amount == 0:
        return credited
    opened = open_for_win(draft, win, destination.target, destination.rolling)
    return opened if isinstance(opened, Refusal) else replace(credited, requirement_id=opened)


def find_destination(
    win: Win, kind: WinKind, configuration: Configuration
) -> WinDestination | Refusal:
    """Returns where the active policy of the provider sends wins of a kind."""
    terms = find_terms(win.key.provider_id, configuration)
    if isinstance(terms, Refusal):
        return terms
    for each in terms.policy.value.win_destinations:
        if each.kind is kind:
            return each
    return WinDestinationMissing(terms.snapshot.provider_type, kind.value)


def post_win(
    draft: Draft, before: Win | None, after: Win, *, repays_debt: bool = False
) -> Win | CorrectionShort:
    """Posts the difference between what a win has posted and where it is now."""
    changes = minus(after.position, before.posted if before else {})
    topology = draft.configuration.topology.value
    correction = correct_changes(
        changes, before or after, draft.wallet, topology, repays_debt=repays_debt
    )
    if isinstance(correction, CorrectionShort):
        return correction
    after = replace(after, substitutions=correction.substitutions)
    draft.post(draft.currency, correction.changes, after.key)
    draft.put_win(after)
    if limits_bets(draft.player, draft.configuration):
        count_win(draft, before, after)
    return after
