"""Playing a round in one command.

It is what its parts are, one after the other: bets, then wins, then the close. A win comes
after all bets, so that none can pay for a stake.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import TypeAlias

from wallet_server.core.bets.authorize import decide_authorize_bet
from wallet_server.core.bets.bet import Bet
from wallet_server.core.commands import AuthorizeBet, CloseRound, CreditWin, PlayRound
from wallet_server.core.config.configuration import Configuration
from wallet_server.core.decision import APPLIED, Change, Decision, Outcome, Replay
from wallet_server.core.draft import Draft
from wallet_server.core.ids import BetKey
from wallet_server.core.refusals import Refusal
from wallet_server.core.results import WinResult
from wallet_server.core.rounds.close_round import decide_close_round
from wallet_server.core.rounds.credit_win import decide_credit_win
from wallet_server.core.rounds.round import Round, RoundState, round_key
from wallet_server.core.wallet import Wallet

Part: TypeAlias = AuthorizeBet | CreditWin


def decide_play_round(
    command: PlayRound, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Does all that the round says, or nothing; a bet that is declined is remembered.

    Bets and wins that are known already and say the same are not done again.
    """
    parts = list(parts_of(command))
    if (again := answer_again(command, parts, wallet, configuration, now)) is not None:
        return again
    draft = Draft(wallet, configuration, now)
    changes: list[Change] = []
    for part in (*parts, *close_of(command)):
        decision = decide_part(part, draft.wallet, configuration, now)
        if isinstance(decision, Change):
            draft.take(decision)
            changes.append(decision)
        elif not isinstance(decision, Replay):
            return decision
    is_review = any(change.outcome is Outcome.REVIEW for change in changes)
    outcome = Outcome.REVIEW if is_review else APPLIED
    return draft.change(outcome, bet=first_bet(command, draft), result=result_of(changes))


def parts_of(command: PlayRound) -> Iterator[Part]:
    """Yields the bets and then the wins, as commands of their own."""
    for bet in command.bets:
        yield AuthorizeBet(
            BetKey(command.provider_id, bet.bet_ref),
            bet.stake,
            command.round_ref,
            bet.selected_source,
            bet.coupon_grant_id,
            bet.free_round,
            command.context,
        )
    for win in command.wins:
        yield CreditWin(
            BetKey(command.provider_id, win.win_ref),
            win.amount,
            win.kind,
            command.round_ref,
            pool=win.pool,
        )


def close_of(command: PlayRound) -> tuple[CloseRound, ...]:
    """Returns the command that closes the round, if it is to be closed."""
    return (CloseRound(command.provider_id, command.round_ref),) if command.close else ()


def decide_part(
    part: Part | CloseRound, wallet: Wallet, configuration: Configuration, now: datetime
) -> Decision:
    """Decides a part as if it had come alone."""
    match part:
        case AuthorizeBet():
            return decide_authorize_bet(part, wallet, configuration, now)
        case CreditWin():
            return decide_credit_win(part, wallet, configuration, now)
        case CloseRound():
            return decide_close_round(part, wallet, configuration, now)


def answer_again(
    command: PlayRound,
    parts: list[Part],
    wallet: Wallet,
    configuration: Configuration,
    now: datetime,
) -> Decision | None:
    """Answers a round whose references are known: refused as before, or done before."""
    done: list[Replay] = []
    for part in parts:
        key = part.bet if isinstance(part, AuthorizeBet) else part.win
        if key not in wallet.bets and key not in wallet.wins:
            continue
        decision = decide_part(part, wallet, configuration, now)
        if isinstance(decision, Refusal) or (
            isinstance(decision, Replay) and decision.refusal is not None
        ):
            return decision
        if isinstance(decision, Replay):  # Otherwise it was declined, and may be tried again.
            done.append(decision)
    if not done or len(done) < len(parts) or is_to_close(command, wallet):
        return None
    if len({each.sequence for each in done}) == 1:
        return done[0]
    return Change(Outcome.ALREADY_APPLIED)


def is_to_close(command: PlayRound, wallet: Wallet) -> bool:
    """Tells whether the round is open and is to be closed."""
    found = wallet.items.get(round_key(command.provider_id, command.round_ref))
    return command.close and isinstance(found, Round) and found.state is RoundState.OPEN


def first_bet(command: PlayRound, draft: Draft) -> Bet | None:
    """Returns the first bet of the command as it is in the end: most have one only."""
    for bet in command.bets:
        return draft.bets.get(BetKey(command.provider_id, bet.bet_ref))
    return None


def result_of(changes: list[Change]) -> WinResult | None:
    """Returns what is said of the wins together; none where there are none."""
    results = [change.effects.result for change in changes if change.effects is not None]
    wins = [result for result in results if isinstance(result, WinResult)]
    if not wins:
        return None
    opened = [win.requirement_id for win in wins if win.requirement_id]
    return WinResult(any(win.late for win in wins), opened[-1] if opened else "")
