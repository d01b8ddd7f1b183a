"""Bets, with what paid for them and the rules they were placed under.

All amounts of a bet are of its wallet's currency.
"""

from functools import lru_cache

from wallet.v1 import bet_pb2, policy_pb2
from wallet_server.core.accounts import grant_of
from wallet_server.core.bets.bet import (
    TOMBSTONED,
    Bet,
    BetState,
    CouponLine,
    FundingLine,
    Portion,
    ResultKind,
    ResultOrdering,
    Snapshot,
)
from wallet_server.core.bets.context import NO_CONTEXT, BetContext
from wallet_server.core.config.policy import Destinations
from wallet_server.core.entry import Move
from wallet_server.rpc.encode.coupons import VOID_BEHAVIORS
from wallet_server.rpc.encode.enums import CORRECTION_SHORTFALLS, PAYOUT_BASES, RECOVERY_SCOPES
from wallet_server.rpc.encode.refusals import encode_refusal
from wallet_server.rpc.encode.rolling import encode_contribution, encode_rules
from wallet_server.rpc.encode.values import fill_money, numbers, timestamp

SNAPSHOTS_CACHED_MAX = 1_024

STATES = numbers(BetState, bet_pb2.BetState, prefix="BET_STATE")
RESULT_KINDS = numbers(ResultKind, bet_pb2.ResultKind, prefix="RESULT_KIND")
ORDERINGS = numbers(ResultOrdering, bet_pb2.ResultOrdering, prefix="RESULT_ORDERING")


def encode_bet(bet: Bet, currency_code: str) -> bet_pb2.Bet:
    """Encodes a bet as it is."""
    message = bet_pb2.Bet()
    fill_bet(message, bet, currency_code)
    return message


def fill_bet(message: bet_pb2.Bet, bet: Bet, currency_code: str) -> None:
    """Writes a bet into an empty message. What is empty, as most of this is, is left so."""
    message.provider_id = bet.key.provider_id
    message.bet_ref = bet.key.bet_ref
    if bet.round_ref:
        message.round_ref = bet.round_ref
    if bet.selected_source:
        message.selected_source = bet.selected_source
    if bet.coupon_grant_id:
        message.coupon_grant_id = bet.coupon_grant_id
    if bet.free_round:
        message.free_round = True
    message.state = STATES[bet.state]
    message.sequence = bet.sequence
    message.revision = bet.revision
    message.create_time.CopyFrom(timestamp(bet.create_time))
    if bet.state is not TOMBSTONED:  # The stake of a free round is zero.
        fill_money(message.stake, bet.stake, currency_code)
    for line in bet.lines:
        fill_funding_line(message.funding_lines.add(), line, currency_code)
    if bet.context is not NO_CONTEXT and bet.context != NO_CONTEXT:
        fill_context(message.context, bet.context)
    if bet.snapshot is not None:
        message.provider_type = bet.snapshot.provider_type
        message.snapshot.CopyFrom(snapshot_message(bet.snapshot))
    if bet.refusal is not None:
        message.refusal.CopyFrom(encode_refusal(bet.refusal))
    fill_results(message, bet, currency_code)


def fill_results(message: bet_pb2.Bet, bet: Bet, currency_code: str) -> None:
    """Writes what became of a bet after it was authorized."""
    for portion in bet.portions:
        sent = message.portions.add()
        fill_portion(sent, portion, currency_code)
        if bet.orderings and portion.portion_ref in bet.orderings:
            sent.ordering = ORDERINGS[bet.orderings[portion.portion_ref]]
    for ref, version in bet.unsettled_versions.items():
        message.unsettled_versions[ref] = version
    if (kind := bet.result_kind) is not None:
        message.result_kind = RESULT_KINDS[kind]
    for move in bet.substitutions:
        fill_substitution(message.substitutions.add(), move, currency_code)
    for contribution in bet.contributions:
        message.contributions.append(encode_contribution(contribution))
    for code, successor in bet.replanned.items():
        message.replanned[code] = successor


def fill_context(message: bet_pb2.BetContext, context: BetContext) -> None:
    """Writes what a bet is on."""
    message.game_id = context.game_id
    message.sport = context.sport
    message.competition = context.competition
    message.bet_type = context.bet_type
    if context.legs is not None:
        message.legs = context.legs
    if context.odds_milli is not None:
        message.odds_milli = context.odds_milli


def fill_funding_line(message: bet_pb2.FundingLine, line: FundingLine, currency_code: str) -> None:
    """Writes what one source pays."""
    message.source = line.source
    fill_money(message.amount, line.amount, currency_code)
    fill_destinations(message.destinations, line.destinations)
    if line.coupon is not None:
        fill_coupon_line(message.coupon, line.coupon, grant_of(line.source))


def fill_coupon_line(message: bet_pb2.CouponLine, line: CouponLine, grant_id: str) -> None:
    """Writes what a line keeps of a coupon's terms."""
    message.grant_id = grant_id
    message.void_behavior = VOID_BEHAVIORS[line.void_behavior]
    message.cash_out_allowed = line.cash_out_allowed
    message.remainder = line.remainder


def fill_destinations(message: policy_pb2.Destinations, destinations: Destinations) -> None:
    """Writes where a source's part of a payout goes."""
    message.stake_target = destinations.stake_target or ""
    message.profit_target = destinations.profit_target
    if destinations.profit_cap is not None:
        message.profit_cap = destinations.profit_cap


@lru_cache(maxsize=SNAPSHOTS_CACHED_MAX)
def snapshot_message(snapshot: Snapshot) -> bet_pb2.BetSnapshot:
    """Returns the rules of a bet.

    The message is shared, as bets share their rules: a caller copies it into another.
    """
    message = bet_pb2.BetSnapshot()
    message.topology_version = snapshot.topology_version
    message.policy_version = snapshot.policy_version
    message.provider_profile_version = snapshot.profile_version
    message.wallet_policy_version = snapshot.wallet_policy_version
    message.payout_basis = PAYOUT_BASES[snapshot.payout_basis]
    message.rollback_after_settle = snapshot.rollback_after_settle
    message.correction_shortfall = CORRECTION_SHORTFALLS[snapshot.correction_shortfall]
    message.recovery_scope = RECOVERY_SCOPES[snapshot.recovery_scope]
    message.recovery_order.extend(snapshot.recovery_order)
    message.rolling.CopyFrom(encode_rules(snapshot.rolling))
    message.coupon_grace_seconds = snapshot.coupon_grace_seconds
    return message


def fill_portion(message: bet_pb2.Portion, portion: Portion, currency_code: str) -> None:
    """Writes a part of a stake with its result."""
    if portion.portion_ref:
        message.portion_ref = portion.portion_ref
    fill_money(message.stake, portion.stake, currency_code)
    message.stake_shares.extend(portion.stake_shares)
    message.result_version = portion.result_version
    fill_money(message.payout, portion.payout, currency_code)
    fill_money(message.refund, portion.refund, currency_code)
    message.result_kind = RESULT_KINDS[portion.result_kind]


def fill_substitution(message: bet_pb2.Substitution, move: Move, currency_code: str) -> None:
    """Writes what one account gave in the place of another."""
    message.source = move.source
    message.target = move.target
    fill_money(message.amount, move.amount, currency_code)
