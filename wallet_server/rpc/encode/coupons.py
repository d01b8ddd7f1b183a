"""Coupon grants, with what the wallet's accounts say of them."""

from wallet.v1 import coupon_pb2 as pb
from wallet_server.core.accounts import coupon, open_stake
from wallet_server.core.coupons.grant import (
    CouponGrant,
    CouponRestrictions,
    CouponState,
    CouponTerms,
    UseMode,
    VoidBehavior,
)
from wallet_server.core.wallet import Wallet
from wallet_server.rpc.encode.values import money, numbers, timestamp

STATES = numbers(CouponState, pb.CouponState, prefix="COUPON_STATE")
USE_MODES = numbers(UseMode, pb.CouponUseMode, prefix="COUPON_USE_MODE")
VOID_BEHAVIORS = numbers(VoidBehavior, pb.VoidBehavior, prefix="VOID_BEHAVIOR")


def encode_coupon(grant: CouponGrant, wallet: Wallet) -> pb.CouponGrant:
    """Encodes a grant of a wallet, which says what is left and what is open of it."""
    account = coupon(grant.grant_id)
    return encode_grant(
        grant,
        wallet.ref.currency_code,
        remaining=wallet.balance(account),
        open_stake=wallet.balance(open_stake(account)),
    )


def encode_grant(
    grant: CouponGrant, currency_code: str, *, remaining: int, open_stake: int
) -> pb.CouponGrant:
    """Encodes a grant with what is left and what is open of it."""
    return pb.CouponGrant(
        grant_id=grant.grant_id,
        state=STATES[grant.state],
        amount=money(grant.amount, currency_code),
        remaining=money(remaining, currency_code),
        open_stake=money(open_stake, currency_code),
        valid_from_time=timestamp(grant.valid_from),
        valid_until_time=timestamp(grant.valid_until),
        terms=encode_terms(grant.terms),
        use_count=grant.uses,
        topology_version=grant.topology_version,
        sequence=grant.sequence,
        create_time=timestamp(grant.create_time),
        revision=grant.revision,
    )


def encode_terms(terms: CouponTerms) -> pb.CouponTerms:
    """Encodes what a coupon promises."""
    return pb.CouponTerms(
        profit_target=terms.profit_target,
        stake_target=terms.stake_target or "",
        profit_cap=terms.profit_cap,
        use_mode=USE_MODES[terms.use_mode],
        void_behavior=VOID_BEHAVIORS[terms.void_behavior],
        cash_out_allowed=terms.cash_out_allowed,
        uses_max=terms.uses_max,
        restrictions=encode_restrictions(terms.restrictions),
    )


def encode_restrictions(restrictions: CouponRestrictions) -> pb.CouponRestrictions | None:
    """Encodes what a bet must be for a coupon to pay; none where it may be anything."""
    if restrictions == CouponRestrictions():
        return None
    return pb.CouponRestrictions(
        provider_types=restrictions.provider_types,
        provider_ids=restrictions.provider_ids,
        game_ids=restrictions.game_ids,
        sports=restrictions.sports,
        competitions=restrictions.competitions,
        bet_types=restrictions.bet_types,
        legs_min=restrictions.legs_min,
        legs_max=restrictions.legs_max,
        odds_milli_min=restrictions.odds_milli_min,
        odds_milli_max=restrictions.odds_milli_max,
        stake_min=restrictions.stake_min,
        stake_max=restrictions.stake_max,
    )
