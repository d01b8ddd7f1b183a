"""What responses of the cashier say beside entries, and those on players.

As in `results.py`, an answer may have no result: where nothing was left to do.
"""

from typing import TypeAlias

from google.protobuf.timestamp_pb2 import Timestamp

from wallet.v1 import cashier_pb2, wallet_pb2
from wallet.v1 import wallet_commands_pb2 as pb
from wallet_server.core.results import (
    AdjustmentResult,
    DepositResult,
    LimitResult,
    StatusResult,
    WithdrawalResult,
)
from wallet_server.execution.submission import Answered
from wallet_server.rpc.encode.responses import fill_bet_response, fill_response

CreditResponse: TypeAlias = pb.CreateDepositResponse | pb.ApproveDepositResponse
AdjustmentResponse: TypeAlias = pb.AdjustBalanceResponse | pb.WriteOffDebtResponse
WithdrawalResponse: TypeAlias = (
    pb.RequestWithdrawalResponse
    | pb.ApproveWithdrawalResponse
    | pb.RejectWithdrawalResponse
    | pb.SubmitWithdrawalResponse
    | pb.ConfirmWithdrawalResponse
    | pb.FailWithdrawalResponse
    | pb.CancelWithdrawalResponse
    | pb.ReturnWithdrawalResponse
)


def fill_credit_response(response: CreditResponse, answered: Answered, _currency_code: str) -> None:
    """Writes the response to `CreateDeposit` or `ApproveDeposit`."""
    fill_response(response, answered)
    result = answered.answer.result
    if isinstance(result, DepositResult):
        response.state = deposit_state(result)
        response.requirement_id = result.requirement_id


def fill_decline_response(
    response: pb.DeclineDepositResponse, answered: Answered, _currency_code: str
) -> None:
    """Writes the response to `DeclineDeposit`."""
    fill_response(response, answered)
    result = answered.answer.result
    if isinstance(result, DepositResult):
        response.state = deposit_state(result)


def fill_taken_back_response(
    response: pb.ReverseDepositResponse, answered: Answered, _currency_code: str
) -> None:
    """Writes the response to `ReverseDeposit`."""
    fill_response(response, answered)
    result = answered.answer.result
    if isinstance(result, DepositResult):
        response.state = deposit_state(result)
        response.reversed = result.reversed
        response.debt = result.debt


def fill_adjustment_response(
    response: AdjustmentResponse, answered: Answered, _currency_code: str
) -> None:
    """Writes the response to `AdjustBalance` or `WriteOffDebt`."""
    fill_response(response, answered)
    result = answered.answer.result
    if isinstance(result, AdjustmentResult):
        name = f"ADJUSTMENT_STATE_{result.state}"
        response.state = cashier_pb2.AdjustmentState.Value(name)


def fill_plan_response(
    response: pb.ReplanAuthorizationResponse, answered: Answered, currency_code: str
) -> None:
    """Writes the response to `ReplanAuthorization`."""
    fill_bet_response(response, answered, currency_code)
    result = answered.answer.result
    if isinstance(result, AdjustmentResult):
        name = f"ADJUSTMENT_STATE_{result.state}"
        response.state = cashier_pb2.AdjustmentState.Value(name)


def fill_withdrawal_response(
    response: WithdrawalResponse, answered: Answered, _currency_code: str
) -> None:
    """Writes the response to a command on a withdrawal that tells no more than its state."""
    fill_response(response, answered)
    result = answered.answer.result
    if isinstance(result, WithdrawalResult):
        name = f"WITHDRAWAL_STATE_{result.state}"
        response.state = cashier_pb2.WithdrawalState.Value(name)


def fill_hold_response(
    response: pb.RequestWithdrawalResponse, answered: Answered, currency_code: str
) -> None:
    """Writes the response to `RequestWithdrawal`."""
    fill_withdrawal_response(response, answered, currency_code)
    result = answered.answer.result
    if isinstance(result, WithdrawalResult):
        response.approvals_needed = result.approvals_needed
        response.forfeited = result.forfeited
        queue, reason = result.queue or "UNSPECIFIED", result.queue_reason or "UNSPECIFIED"
        response.queue = cashier_pb2.ReviewQueue.Value(f"REVIEW_QUEUE_{queue}")
        response.queue_reason = cashier_pb2.QueueReason.Value(f"QUEUE_REASON_{reason}")


def fill_approval_response(
    response: pb.ApproveWithdrawalResponse, answered: Answered, currency_code: str
) -> None:
    """Writes the response to `ApproveWithdrawal`."""
    fill_withdrawal_response(response, answered, currency_code)
    result = answered.answer.result
    if isinstance(result, WithdrawalResult):
        response.approvals = result.approvals
        response.approvals_needed = result.approvals_needed


def fill_payment_response(
    response: pb.ConfirmWithdrawalResponse, answered: Answered, currency_code: str
) -> None:
    """Writes the response to `ConfirmWithdrawal`."""
    fill_withdrawal_response(response, answered, currency_code)
    result = answered.answer.result
    if isinstance(result, WithdrawalResult):
        response.paid = result.paid


def fill_status_response(
    response: pb.SetAccountStatusResponse, answered: Answered, _currency_code: str
) -> None:
    """Writes the response to `SetAccountStatus`."""
    fill_response(response, answered)
    result = answered.answer.result
    if isinstance(result, StatusResult):
        response.status = account_status(result.status)
        response.previous_status = account_status(result.previous)


def fill_limit_response(
    response: pb.SetLimitResponse, answered: Answered, _currency_code: str
) -> None:
    """Writes the response to `SetLimit`."""
    fill_response(response, answered)
    result = answered.answer.result
    if isinstance(result, LimitResult) and result.pending:
        response.pending = True
        response.confirm_time.CopyFrom(Timestamp(seconds=result.confirm_time))
        response.lapse_time.CopyFrom(Timestamp(seconds=result.lapse_time))


def deposit_state(result: DepositResult) -> cashier_pb2.DepositState.ValueType:
    """Returns where a deposit is in its life, as results name it."""
    return cashier_pb2.DepositState.Value(f"DEPOSIT_STATE_{result.state}")


def account_status(name: str) -> wallet_pb2.AccountStatus.ValueType:
    """Returns what a player may do, as results name it."""
    return wallet_pb2.AccountStatus.Value(f"ACCOUNT_STATUS_{name}")
