"""Bets and wallets that somebody describes."""

from wallet.v1 import policy_evaluation_pb2 as pb
from wallet_server.core.administration.described_wallet import WalletDescription
from wallet_server.core.bets.explain import UNPLACED
from wallet_server.core.commands import AuthorizeBet, GrantCoupon
from wallet_server.core.ids import BetKey
from wallet_server.rpc.decode.coupons import coupon_terms
from wallet_server.rpc.decode.values import amount, bet_context, time


def described_bet(message: pb.DescribedBet) -> AuthorizeBet:
    """Decodes a bet that nobody has placed."""
    return AuthorizeBet(
        BetKey(message.provider_id, UNPLACED),
        amount(message.stake),
        selected_source=message.selected_source,
        coupon_grant_id=message.coupon_grant_id,
        free_round=message.free_round,
        context=bet_context(message.context),
    )


def described_wallet(message: pb.DescribedBet) -> WalletDescription:
    """Decodes the wallet that would pay for it: its currency is that of the stake."""
    return WalletDescription(
        currency_code=message.stake.asset_code,
        balances={each.bucket: amount(each.amount) for each in message.balances},
        coupons=tuple(described_coupon(each) for each in message.coupons),
        frozen=frozenset(message.frozen_buckets),
    )


def described_coupon(message: pb.DescribedCoupon) -> GrantCoupon:
    """Decodes a coupon as it would be granted."""
    return GrantCoupon(
        message.grant_id,
        amount(message.amount),
        time(message.valid_until_time),
        coupon_terms(message.terms),
    )
