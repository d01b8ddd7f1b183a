"""Commands: each is decoded, submitted, and its answer encoded.

How, is in `kinds.py`. Requests arrive valid, and refusals leave as exceptions: `guard.py`.
Many in one call are `command_batch.py`'s.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

from google.protobuf.message import Message

from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsServicer
from wallet_server.core.commands.sender import NOWHERE
from wallet_server.execution.errors import RefusedError
from wallet_server.execution.executor import Executor
from wallet_server.execution.submission import Submission
from wallet_server.rpc import command_batch, correlation
from wallet_server.rpc.access.gate import Gate
from wallet_server.rpc.command_batch import Origin, Outcome
from wallet_server.rpc.context import Context, deadline_seconds
from wallet_server.rpc.decode.values import CommandRequest, submission
from wallet_server.rpc.identity import Identity
from wallet_server.rpc.kinds import ASKING_WHO, KINDS, command_of
from wallet_server.rpc.turns import Turns

Response = TypeVar("Response", bound=Message)


class WalletCommands(WalletCommandsServicer):
    """Moves money in and out of wallets."""

    def __init__(
        self, executor: Executor, identity: Identity, gate: Gate, refusals: Counter[str]
    ) -> None:
        """Submits to an executor; counts the refusals in command batches, by their reasons."""
        self._executor = executor
        self._identity = identity
        self._gate = gate
        self._refusals = refusals

    async def OpenWallet(
        self, request: pb.OpenWalletRequest, context: Context
    ) -> pb.OpenWalletResponse:
        return await self._answer("open_wallet", request, pb.OpenWalletResponse(), context)

    async def CreateDeposit(
        self, request: pb.CreateDepositRequest, context: Context
    ) -> pb.CreateDepositResponse:
        return await self._answer("create_deposit", request, pb.CreateDepositResponse(), context)

    async def ApproveDeposit(
        self, request: pb.ApproveDepositRequest, context: Context
    ) -> pb.ApproveDepositResponse:
        return await self._answer("approve_deposit", request, pb.ApproveDepositResponse(), context)

    async def DeclineDeposit(
        self, request: pb.DeclineDepositRequest, context: Context
    ) -> pb.DeclineDepositResponse:
        return await self._answer("decline_deposit", request, pb.DeclineDepositResponse(), context)

    async def ReverseDeposit(
        self, request: pb.ReverseDepositRequest, context: Context
    ) -> pb.ReverseDepositResponse:
        return await self._answer("reverse_deposit", request, pb.ReverseDepositResponse(), context)

    async def AdjustBalance(
        self, request: pb.AdjustBalanceRequest, context: Context
    ) -> pb.AdjustBalanceResponse:
        return await self._answer("adjust_balance", request, pb.AdjustBalanceResponse(), context)

    async def WriteOffDebt(
        self, request: pb.WriteOffDebtRequest, context: Context
    ) -> pb.WriteOffDebtResponse:
        return await self._answer("write_off_debt", request, pb.WriteOffDebtResponse(), context)

    async def RequestWithdrawal(
        self, request: pb.RequestWithdrawalRequest, context: Context
    ) -> pb.RequestWithdrawalResponse:
        return await self._answer(
            "request_withdrawal", request, pb.RequestWithdrawalResponse(), context
        )

    async def ApproveWithdrawal(
        self, request: pb.ApproveWithdrawalRequest, context: Context
    ) -> pb.ApproveWithdrawalResponse:
        return await self._answer(
            "approve_withdrawal", request, pb.ApproveWithdrawalResponse(), context
        )

    async def RejectWithdrawal(
        self, request: pb.RejectWithdrawalRequest, context: Context
    ) -> pb.RejectWithdrawalResponse:
        return await self._answer(
            "reject_withdrawal", request, pb.RejectWithdrawalResponse(), context
        )

    async def SubmitWithdrawal(
        self, request: pb.SubmitWithdrawalRequest, context: Context
    ) -> pb.SubmitWithdrawalResponse:
        return await self._answer(
            "submit_withdrawal", request, pb.SubmitWithdrawalResponse(), context
        )

    async def ConfirmWithdrawal(
        self, request: pb.ConfirmWithdrawalRequest, context: Context
    ) -> pb.ConfirmWithdrawalResponse:
        return await self._answer(
            "confirm_withdrawal", request, pb.ConfirmWithdrawalResponse(), context
        )

    async def FailWithdrawal(
        self, request: pb.FailWithdrawalRequest, context: Context
    ) -> pb.FailWithdrawalResponse:
        return await self._answer("fail_withdrawal", request, pb.FailWithdrawalResponse(), context)

    async def CancelWithdrawal(
        self, request: pb.CancelWithdrawalRequest, context: Context
    ) -> pb.CancelWithdrawalResponse:
        return await self._answer(
            "cancel_withdrawal", request, pb.CancelWithdrawalResponse(), context
        )

    async def ReturnWithdrawal(
        self, request: pb.ReturnWithdrawalRequest, context: Context
    ) -> pb.ReturnWithdrawalResponse:
        return await self._answer(
            "return_withdrawal", request, pb.ReturnWithdrawalResponse(), context
        )

    async def SetAccountStatus(
        self, request: pb.SetAccountStatusRequest, context: Context
    ) -> pb.SetAccountStatusResponse:
        return await self._answer(
            "set_account_status", request, pb.SetAccountStatusResponse(), context
        )

    async def SetLimit(self, request: pb.SetLimitRequest, context: Context) -> pb.SetLimitResponse:
        return await self._answer("set_limit", request, pb.SetLimitResponse(), context)

    async def ConfirmLimitIncrease(
        self, request: pb.ConfirmLimitIncreaseRequest, context: Context
    ) -> pb.ConfirmLimitIncreaseResponse:
        return await self._answer(
            "confirm_limit_increase", request, pb.ConfirmLimitIncreaseResponse(), context
        )

    async def AuthorizeBet(
        self, request: pb.AuthorizeBetRequest, context: Context
    ) -> pb.AuthorizeBetResponse:
        return await self._answer("authorize_bet", request, pb.AuthorizeBetResponse(), context)

    async def SettleBet(
        self, request: pb.SettleBetRequest, context: Context
    ) -> pb.SettleBetResponse:
        return await self._answer("settle_bet", request, pb.SettleBetResponse(), context)

    async def UnsettleBet(
        self, request: pb.UnsettleBetRequest, context: Context
    ) -> pb.UnsettleBetResponse:
        return await self._answer("unsettle_bet", request, pb.UnsettleBetResponse(), context)

    async def RollbackTransaction(
        self, request: pb.RollbackTransactionRequest, context: Context
    ) -> pb.RollbackTransactionResponse:
        return await self._answer(
            "rollback_transaction", request, pb.RollbackTransactionResponse(), context
        )

    async def CashOutBet(
        self, request: pb.CashOutBetRequest, context: Context
    ) -> pb.CashOutBetResponse:
        return await self._answer("cash_out_bet", request, pb.CashOutBetResponse(), context)

    async def ReplanAuthorization(
        self, request: pb.ReplanAuthorizationRequest, context: Context
    ) -> pb.ReplanAuthorizationResponse:
        return await self._answer(
            "replan_authorization", request, pb.ReplanAuthorizationResponse(), context
        )

    async def CreditWin(
        self, request: pb.CreditWinRequest, context: Context
    ) -> pb.CreditWinResponse:
        return await self._answer("credit_win", request, pb.CreditWinResponse(), context)

    async def CloseRound(
        self, request: pb.CloseRoundRequest, context: Context
    ) -> pb.CloseRoundResponse:
        return await self._answer("close_round", request, pb.CloseRoundResponse(), context)

    async def PlayRound(
        self, request: pb.PlayRoundRequest, context: Context
    ) -> pb.PlayRoundResponse:
        return await self._answer("play_round", request, pb.PlayRoundResponse(), context)

    async def RollbackRound(
        self, request: pb.RollbackRoundRequest, context: Context
    ) -> pb.RollbackRoundResponse:
        return await self._answer("rollback_round", request, pb.RollbackRoundResponse(), context)

    async def ReleaseSuspense(
        self, request: pb.ReleaseSuspenseRequest, context: Context
    ) -> pb.ReleaseSuspenseResponse:
        return await self._answer(
            "release_suspense", request, pb.ReleaseSuspenseResponse(), context
        )

    async def GrantCoupon(
        self, request: pb.GrantCouponRequest, context: Context
    ) -> pb.GrantCouponResponse:
        return await self._answer("grant_coupon", request, pb.GrantCouponResponse(), context)

    async def RevokeCoupon(
        self, request: pb.RevokeCouponRequest, context: Context
    ) -> pb.RevokeCouponResponse:
        return await self._answer("revoke_coupon", request, pb.RevokeCouponResponse(), context)

    async def ExpireCoupons(
        self, request: pb.ExpireCouponsRequest, context: Context
    ) -> pb.ExpireCouponsResponse:
        return await self._answer("expire_coupons", request, pb.ExpireCouponsResponse(), context)

    async def CreditPromotion(
        self, request: pb.CreditPromotionRequest, context: Context
    ) -> pb.CreditPromotionResponse:
        return await self._answer(
            "credit_promotion", request, pb.CreditPromotionResponse(), context
        )

    async def ReversePromotion(
        self, request: pb.ReversePromotionRequest, context: Context
    ) -> pb.ReversePromotionResponse:
        return await self._answer(
            "reverse_promotion", request, pb.ReversePromotionResponse(), context
        )

    async def ForfeitBonus(
        self, request: pb.ForfeitBonusRequest, context: Context
    ) -> pb.ForfeitBonusResponse:
        return await self._answer("forfeit_bonus", request, pb.ForfeitBonusResponse(), context)

    async def TransferFunds(
        self, request: pb.TransferFundsRequest, context: Context
    ) -> pb.TransferFundsResponse:
        return await self._answer("transfer_funds", request, pb.TransferFundsResponse(), context)

    async def CompleteRolling(
        self, request: pb.CompleteRollingRequest, context: Context
    ) -> pb.CompleteRollingResponse:
        return await self._answer(
            "complete_rolling", request, pb.CompleteRollingResponse(), context
        )

    async def CancelRolling(
        self, request: pb.CancelRollingRequest, context: Context
    ) -> pb.CancelRollingResponse:
        return await self._answer("cancel_rolling", request, pb.CancelRollingResponse(), context)

    async def ExecuteBatch(
        self, request: pb.ExecuteBatchRequest, context: Context
    ) -> pb.ExecuteBatchResponse:
        origin = Origin(
            correlation.header_of(context),
            deadline_seconds(context),
            self._identity.sender_or_error(context),
            lambda kind, command: self._gate.admit_command(kind, command, context),
        )
        clock = asyncio.get_running_loop().time
        decoded = await command_batch.decode_all(request.commands, origin, Turns(clock))
        submissions = [each for each in decoded if isinstance(each, Submission)]
        answers = iter(await self._executor.submit_all(submissions))
        outcomes = [each if isinstance(each, Exception) else next(answers) for each in decoded]
        self._note_refusals(request, outcomes, context)
        return await command_batch.encode_all(
            request.commands, outcomes, Turns(clock), self._refusals
        )

    def _note_refusals(
        self, request: pb.ExecuteBatchRequest, outcomes: Sequence[Outcome], context: Context
    ) -> None:
        for command, outcome in zip(request.commands, outcomes, strict=True):
            if isinstance(outcome, RefusedError) and (kind := command.WhichOneof("command")):
                refused = getattr(command, kind)
                self._gate.note_refused_command(kind, context, refused, outcome)

    async def _answer(
        self, name: str, request: CommandRequest, response: Response, context: Context
    ) -> Response:
        """Carries out a command of a kind, and returns its response, filled."""
        sender = self._identity.sender(context) if name in ASKING_WHO else NOWHERE
        command = command_of(name, request, sender.actor)
        answered = await self._executor.submit(
            submission(request, command, deadline_seconds(context), sender)
        )
        KINDS[name].fill(response, answered, request.wallet.currency_code)
        return response
