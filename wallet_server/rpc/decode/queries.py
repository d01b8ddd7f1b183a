"""What reads are asked for. Nothing in a filter is for all."""

from wallet.v1 import bet_pb2, cashier_pb2, coupon_pb2, rolling_pb2
from wallet.v1 import wallet_queries_pb2 as pb
from wallet_server.core.bets.bet import BetState
from wallet_server.core.bets.explain import UNPLACED
from wallet_server.core.cashier.adjustment import AdjustmentState
from wallet_server.core.cashier.deposit import DepositState
from wallet_server.core.cashier.withdrawal import WithdrawalState
from wallet_server.core.commands import AuthorizeBet
from wallet_server.core.coupons.grant import CouponState
from wallet_server.core.ids import BetKey
from wallet_server.core.item_filter import ItemFilter
from wallet_server.core.rolling.requirement import RequirementState
from wallet_server.rpc.decode.values import amount, bet_context, values_by_number

BET_STATES = values_by_number(BetState, bet_pb2.BetState, prefix="BET_STATE")
COUPON_STATES = values_by_number(CouponState, coupon_pb2.CouponState, prefix="COUPON_STATE")
DEPOSIT_STATES = values_by_number(DepositState, cashier_pb2.DepositState, prefix="DEPOSIT_STATE")
WITHDRAWAL_STATES = values_by_number(
    WithdrawalState, cashier_pb2.WithdrawalState, prefix="WITHDRAWAL_STATE"
)
ADJUSTMENT_STATES = values_by_number(
    AdjustmentState, cashier_pb2.AdjustmentState, prefix="ADJUSTMENT_STATE"
)
REQUIREMENT_STATES = values_by_number(
    RequirementState, rolling_pb2.RequirementState, prefix="REQUIREMENT_STATE"
)


def bet_states(request: pb.ListBetsRequest) -> list[BetState]:
    """Decodes the states that bets must be in."""
    return [BET_STATES[number] for number in request.states]


def wanted_coupons(request: pb.ListCouponsRequest) -> ItemFilter:
    """Decodes which coupons to list."""
    states = tuple(COUPON_STATES[number].value for number in request.states)
    return ItemFilter(states, request.live_only)


def wanted_requirements(request: pb.ListRequirementsRequest) -> ItemFilter:
    """Decodes which requirements to list."""
    states = tuple(REQUIREMENT_STATES[number].value for number in request.states)
    return ItemFilter(states, request.live_only, request.bucket)


def wanted_deposits(request: pb.ListDepositsRequest) -> ItemFilter:
    """Decodes which deposits to list."""
    return ItemFilter(tuple(DEPOSIT_STATES[number].value for number in request.states))


def wanted_withdrawals(request: pb.ListWithdrawalsRequest) -> ItemFilter:
    """Decodes which withdrawals to list."""
    states = tuple(WITHDRAWAL_STATES[number].value for number in request.states)
    return ItemFilter(states, request.live_only)


def wanted_adjustments(request: pb.ListAdjustmentsRequest) -> ItemFilter:
    """Decodes which adjustments to list."""
    return ItemFilter(tuple(ADJUSTMENT_STATES[number].value for number in request.states))


def unplaced_bet(request: pb.ExplainFundingRequest) -> AuthorizeBet:
    """Decodes a bet that is only asked about."""
    return AuthorizeBet(
        BetKey(request.provider_id, UNPLACED),
        amount(request.stake),
        selected_source=request.selected_source,
        coupon_grant_id=request.coupon_grant_id,
        context=bet_context(request.context),
    )
