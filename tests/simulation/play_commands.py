"""Random commands on rounds, wins and cash-outs, and on what time makes due of them."""

from datetime import timedelta
from typing import TYPE_CHECKING

from wallet_server.core.bets.context import NO_CONTEXT, BetContext
from wallet_server.core.commands import (
    CashOutBet,
    CloseRound,
    Command,
    CreditWin,
    PlayRound,
    ReleaseSuspense,
    RollbackRound,
    RollbackTransaction,
    RoundBet,
    RoundWin,
)
from wallet_server.core.due_commands import due_command
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.items import Item
from wallet_server.core.rounds.win import WinKind

if TYPE_CHECKING:
    from tests.simulation.commands import CommandSource

WIN_KINDS = (WinKind.ROUND, WinKind.ROUND, WinKind.ROUND, *WinKind)
MINUTE = timedelta(minutes=1)


def draw_context(source: "CommandSource") -> BetContext:
    """Draws what a provider says of a bet: nothing, something, or all."""
    random = source.random
    if random.random() < 0.4:
        return NO_CONTEXT
    return BetContext(
        game_id=random.choice(["", "game-1", "game-2"]),
        sport=random.choice(["", "football"]),
        competition=random.choice(["", "cup"]),
        bet_type=random.choice(["", "SINGLE", "SYSTEM"]),
        legs=random.choice([None, 1, 3]),
        odds_milli=random.choice([None, 1_200, 2_000, 5_000]),
    )


def draw_cash_out(source: "CommandSource", ref: WalletRef) -> CashOutBet:
    random = source.random
    bet = source.bet(ref)
    stake = None if random.random() < 0.4 else source.amount(ref, 1, 15)
    cash_out = BetKey(bet.provider_id, source.reference(ref, "cash-out"))
    source.remember(ref, "transaction", cash_out)
    return CashOutBet(bet, cash_out, source.amount(ref, 0, 40), stake)


def draw_win(source: "CommandSource", ref: WalletRef) -> CreditWin:
    """Draws a win of a bet or of a round, of one that is over or unknown now and then."""
    random = source.random
    kind = random.choice(WIN_KINDS)
    provider_id, round_ref, bet_ref = source.provider(ref), "", ""
    drawn = random.random()
    if drawn < 0.75:
        provider_id, round_ref = source.round(ref)
    elif drawn < 0.95:
        provider_id, bet_ref = source.bet(ref)
    win = BetKey(provider_id, source.reference(ref, "win"))
    source.remember(ref, "transaction", win)
    return CreditWin(
        win,
        source.amount(ref, 0, 60),
        kind,
        round_ref=round_ref,
        bet_ref=bet_ref,
        pool=random.choice(["", "mega"]) if kind is WinKind.JACKPOT else "",
        summary=kind is WinKind.FREE_ROUND and random.random() < 0.2,
    )


def draw_close(source: "CommandSource", ref: WalletRef) -> CloseRound:
    return CloseRound(*source.round(ref), implicit=source.random.random() < 0.2)


def draw_play(source: "CommandSource", ref: WalletRef) -> PlayRound:
    random = source.random
    provider_id, round_ref = source.round(ref)
    bets = tuple(
        draw_round_bet(source, ref, provider_id) for _ in range(random.choice([0, 1, 1, 2]))
    )
    wins = tuple(
        draw_round_win(source, ref, provider_id) for _ in range(random.choice([0, 0, 1, 2]))
    )
    return PlayRound(
        provider_id, round_ref, bets, wins, random.random() < 0.5, draw_context(source)
    )


def draw_round_bet(source: "CommandSource", ref: WalletRef, provider_id: str) -> RoundBet:
    bet_ref = source.reference(ref, "bet")
    source.remember(ref, "bet", BetKey(provider_id, bet_ref))
    free = source.random.random() < 0.1
    return RoundBet(
        bet_ref,
        source.amount(ref, 0, 0) if free else source.amount(ref, 1, 20),
        selected_source=source.selected_source(provider_id),
        coupon_grant_id=source.coupon_to_name(ref),
        free_round=free,
    )


def draw_round_win(source: "CommandSource", ref: WalletRef, provider_id: str) -> RoundWin:
    win_ref = source.reference(ref, "win")
    source.remember(ref, "transaction", BetKey(provider_id, win_ref))
    kind = source.random.choice(WIN_KINDS)
    pool = source.random.choice(["", "mega"]) if kind is WinKind.JACKPOT else ""
    return RoundWin(win_ref, source.amount(ref, 0, 50), kind, pool)


def draw_round_rollback(source: "CommandSource", ref: WalletRef) -> RollbackRound:
    random = source.random
    provider_id, round_ref = source.round(ref)
    refs = tuple(
        source.reference(ref, random.choice(["bet", "win"]))
        for _ in range(random.choice([0, 0, 1, 2]))
    )
    return RollbackRound(provider_id, round_ref, tuple(dict.fromkeys(refs)))


def draw_win_rollback(source: "CommandSource", ref: WalletRef) -> RollbackTransaction:
    """Draws a rollback of a win or a cash-out, under a bet's reference now and then."""
    key = source.known(ref, "transaction") or source.bet(ref)
    assert isinstance(key, BetKey)
    amount = source.amount(ref, 1, 50) if source.random.random() < 0.05 else None
    return RollbackTransaction(key, amount)


def draw_release(source: "CommandSource", ref: WalletRef) -> ReleaseSuspense:
    suspended = source.suspended(ref)
    key = source.random.choice(suspended) if suspended else source.known(ref, "transaction")
    if not isinstance(key, BetKey) or source.random.random() < 0.1:
        key = BetKey(source.provider(ref), source.reference(ref, "win"))
    return ReleaseSuspense(key, source.random.random() < 0.6, "TEST")


def draw_due(source: "CommandSource", ref: WalletRef) -> Command | None:
    """Draws what a scheduler would submit; a minute too early now and then."""
    due = [each for each in source.items(ref) if is_due(each, source)]
    return due_command(source.random.choice(due).key) if due else None


def is_due(item: Item, source: "CommandSource") -> bool:
    return item.due_time is not None and item.due_time <= source.time + MINUTE
