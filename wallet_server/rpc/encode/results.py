"""What responses say beside entries and bet, by the kind of result that the answer has.

An answer may have no result: where nothing was left to do, there is nothing to tell.
"""

from typing import TypeAlias

from wallet.v1 import coupon_pb2, promotion_pb2, rolling_pb2
from wallet.v1 import wallet_commands_pb2 as pb
from wallet_server.core.results import (
    CouponResult,
    ExpiryResult,
    ForfeitResult,
    PromotionResult,
    RollingResult,
    TransferResult,
    WinResult,
)
from wallet_server.execution.submission import Answered
from wallet_server.rpc.encode.responses import fill_any_bet_response, fill_response

RollingResponse: TypeAlias = pb.CompleteRollingResponse | pb.CancelRollingResponse


def fill_win_response(
    response: pb.CreditWinResponse, answered: Answered, _currency_code: str
) -> None:
    """Writes the response to `CreditWin`."""
    fill_response(response, answered)
    result = answered.answer.result
    if isinstance(result, WinResult):
        response.late = result.late
        response.requirement_id = result.requirement_id


def fill_round_response(
    response: pb.PlayRoundResponse, answered: Answered, currency_code: str
) -> None:
    """Writes the response to `PlayRound`."""
    fill_any_bet_response(response, answered, currency_code)
    result = answered.answer.result
    if isinstance(result, WinResult):
        response.late = result.late
        response.requirement_id = result.requirement_id


def fill_grant_response(
    response: pb.GrantCouponResponse, answered: Answered, _currency_code: str
) -> None:
    """Writes the response to `GrantCoupon`."""
    fill_response(response, answered)
    result = answered.answer.result
    if isinstance(result, CouponResult):
        response.state = coupon_state(result.state)


def fill_revocation_response(
    response: pb.RevokeCouponResponse, answered: Answered, _currency_code: str
) -> None:
    """Writes the response to `RevokeCoupon`."""
    fill_response(response, answered)
    result = answered.answer.result
    if isinstance(result, CouponResult):
        response.state = coupon_state(result.state)
        response.taken_back = result.taken_back


def fill_expiry_response(
    response: pb.ExpireCouponsResponse, answered: Answered, _currency_code: str
) -> None:
    """Writes the response to `ExpireCoupons`."""
    fill_response(response, answered)
    result = answered.answer.result
    if isinstance(result, ExpiryResult):
        response.expired_count = result.expired_count
        response.taken_back = result.taken_back


def fill_promotion_response(
    response: pb.CreditPromotionResponse, answered: Answered, _currency_code: str
) -> None:
    """Writes the response to `CreditPromotion`."""
    fill_response(response, answered)
    result = answered.answer.result
    if isinstance(result, PromotionResult):
        response.state = promotion_state(result.state)
        response.requirement_id = result.requirement_id


def fill_reversal_response(
    response: pb.ReversePromotionResponse, answered: Answered, _currency_code: str
) -> None:
    """Writes the response to `ReversePromotion`, of a promotion or of a coupon grant."""
    fill_response(response, answered)
    result = answered.answer.result
    if isinstance(result, PromotionResult):
        response.state = promotion_state(result.state)
        response.reversed = result.reversed
        response.unrecovered = result.unrecovered
    elif isinstance(result, CouponResult):
        response.coupon_state = coupon_state(result.state)
        response.reversed = result.taken_back
        response.unrecovered = result.unrecovered


def fill_forfeit_response(
    response: pb.ForfeitBonusResponse, answered: Answered, _currency_code: str
) -> None:
    """Writes the response to `ForfeitBonus`."""
    fill_response(response, answered)
    result = answered.answer.result
    if isinstance(result, ForfeitResult):
        response.forfeited = result.forfeited
        response.cancelled_count = result.cancelled_count


def fill_transfer_response(
    response: pb.TransferFundsResponse, answered: Answered, _currency_code: str
) -> None:
    """Writes the response to `TransferFunds`."""
    fill_response(response, answered)
    result = answered.answer.result
    if isinstance(result, TransferResult):
        response.source_amount = result.source_amount
        response.target_amount = result.target_amount
        response.requirement_id = result.requirement_id
        response.moved_remaining = result.moved_remaining


def fill_rolling_response(
    response: RollingResponse, answered: Answered, _currency_code: str
) -> None:
    """Writes the response to `CompleteRolling` or `CancelRolling`."""
    fill_response(response, answered)
    result = answered.answer.result
    if isinstance(result, RollingResult):
        name = f"REQUIREMENT_STATE_{result.state}"
        response.state = rolling_pb2.RequirementState.Value(name)
        response.revision = result.revision
        response.released = result.released
        response.forfeited = result.forfeited


def coupon_state(name: str) -> coupon_pb2.CouponState.ValueType:
    """Returns where a grant is in its life, as results name it."""
    return coupon_pb2.CouponState.Value(f"COUPON_STATE_{name}")


def promotion_state(name: str) -> promotion_pb2.PromotionState.ValueType:
    """Returns where a promotion is in its life, as results name it."""
    return promotion_pb2.PromotionState.Value(f"PROMOTION_STATE_{name}")
