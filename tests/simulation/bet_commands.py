"""Random commands on bets one by one."""

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.simulation.play_commands import draw_context
from wallet_server.core.bets.bet import UNVERIFIED, ResultKind
from wallet_server.core.commands import (
    Amount,
    AuthorizeBet,
    RollbackTransaction,
    SettleBet,
    UnsettleBet,
)
from wallet_server.core.ids import BetKey, WalletRef

if TYPE_CHECKING:
    from tests.simulation.commands import CommandSource


def draw_authorize(source: "CommandSource", ref: WalletRef) -> AuthorizeBet:
    random = source.random
    key = BetKey(source.provider(ref), source.reference(ref, "bet"))
    round_ref = ""
    if random.random() < 0.5:
        provider_id, round_ref = source.round(ref)
        key = BetKey(provider_id, key.bet_ref)
    if random.random() < 0.1:
        key = source.bet(ref)
    source.remember(ref, "bet", key)
    free = random.random() < 0.05
    return AuthorizeBet(
        key,
        source.amount(ref, 0, random.choice([0, 5])) if free else source.amount(ref, 1, 50),
        round_ref=round_ref,
        selected_source=source.selected_source(key.provider_id),
        coupon_grant_id=source.coupon_to_name(ref),
        free_round=free,
        context=draw_context(source),
    )


def draw_settle(source: "CommandSource", ref: WalletRef) -> SettleBet:
    random = source.random
    key, portion = source.bet(ref), random.choice(["", "", "a", "b"])
    settled = source.known(ref, "settled")
    new = settled is None or random.random() < 0.4
    if new:
        source.remember(ref, "settled", (key.provider_id, f"{key.bet_ref} {portion}"))
    else:
        assert isinstance(settled, tuple)
        bet_ref, portion = settled[1].split(" ")
        key = BetKey(settled[0], bet_ref)
    payout = random.choice([source.amount(ref, 0, 0), source.amount(ref, 1, 200)])
    command = SettleBet(key, random.randint(1, 20), payout, portion_ref=portion)
    if new and portion and random.random() < 0.8:
        command = replace(command, stake=source.amount(ref, 1, 25))
    if random.random() < 0.2:
        command = replace(command, refund=source.amount(ref, 0, 20))
    if random.random() < 0.2:
        kind = random.choice([ResultKind.WON, ResultKind.LOST, ResultKind.VOID])
        nothing = Amount(ref.currency_code, 0)
        command = replace(command, result_kind=kind)
        command = command if kind is ResultKind.WON else replace(command, payout=nothing)
    return replace(command, ordering=UNVERIFIED) if command.result_version % 6 == 0 else command


def draw_unsettle(source: "CommandSource", ref: WalletRef) -> UnsettleBet:
    refs = source.random.choice([(), (), (), ("",), ("a",), ("a", "b")])
    key, version = source.bet(ref), source.random.randint(5, 25)
    return UnsettleBet(key, version, refs, UNVERIFIED if version % 4 == 0 else None)


def draw_rollback(source: "CommandSource", ref: WalletRef) -> RollbackTransaction:
    key = source.bet(ref)
    if source.random.random() < 0.1:
        key = BetKey(key.provider_id, source.reference(ref, "bet"))
        source.remember(ref, "bet", key)
    amount = source.random.choice([None, None, None, None, source.amount(ref, 1, 50)])
    return RollbackTransaction(key, amount)
