"""The client's methods that are commands."""

from collections.abc import Awaitable, Sequence

import grpc.aio

from wallet.v1 import wallet_commands_pb2 as commands
from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsStub
from wallet_client import batch
from wallet_client.batch import CommandOutcome, CommandRequest
from wallet_client.calls import Calls, Token, with_request_id
from wallet_client.retry import RetryPolicy


class CommandCalls(Calls):
    """Sends commands. One without a `request_id` gets one."""

    def __init__(
        self, channel: grpc.aio.Channel, policy: RetryPolicy, token: Token | None = None
    ) -> None:
        """Uses the channel, and sends the token with every call."""
        super().__init__(channel, policy, token)
        self._commands = WalletCommandsStub(channel)

    async def open_wallet(self, request: commands.OpenWalletRequest) -> commands.OpenWalletResponse:
        """Opens a wallet."""
        return await self._command(self._commands.OpenWallet, request)

    async def create_deposit(
        self, request: commands.CreateDepositRequest
    ) -> commands.CreateDepositResponse:
        """Announces money that is on its way."""
        return await self._command(self._commands.CreateDeposit, request)

    async def approve_deposit(
        self, request: commands.ApproveDepositRequest
    ) -> commands.ApproveDepositResponse:
        """Credits money that has arrived."""
        return await self._command(self._commands.ApproveDeposit, request)

    async def decline_deposit(
        self, request: commands.DeclineDepositRequest
    ) -> commands.DeclineDepositResponse:
        """Ends a deposit that does not arrive."""
        return await self._command(self._commands.DeclineDeposit, request)

    async def reverse_deposit(
        self, request: commands.ReverseDepositRequest
    ) -> commands.ReverseDepositResponse:
        """Takes a deposit back, or a part of it."""
        return await self._command(self._commands.ReverseDeposit, request)

    async def adjust_balance(
        self, request: commands.AdjustBalanceRequest
    ) -> commands.AdjustBalanceResponse:
        """Changes a balance by an operator's decision."""
        return await self._command(self._commands.AdjustBalance, request)

    async def write_off_debt(
        self, request: commands.WriteOffDebtRequest
    ) -> commands.WriteOffDebtResponse:
        """Forgives debt."""
        return await self._command(self._commands.WriteOffDebt, request)

    async def request_withdrawal(
        self, request: commands.RequestWithdrawalRequest
    ) -> commands.RequestWithdrawalResponse:
        """Holds money that is to be paid out."""
        return await self._command(self._commands.RequestWithdrawal, request)

    async def approve_withdrawal(
        self, request: commands.ApproveWithdrawalRequest
    ) -> commands.ApproveWithdrawalResponse:
        """Approves a withdrawal, as one of the persons whom that takes."""
        return await self._command(self._commands.ApproveWithdrawal, request)

    async def reject_withdrawal(
        self, request: commands.RejectWithdrawalRequest
    ) -> commands.RejectWithdrawalResponse:
        """Refuses to pay a withdrawal."""
        return await self._command(self._commands.RejectWithdrawal, request)

    async def submit_withdrawal(
        self, request: commands.SubmitWithdrawalRequest
    ) -> commands.SubmitWithdrawalResponse:
        """Says that a withdrawal was handed to the payment provider."""
        return await self._command(self._commands.SubmitWithdrawal, request)

    async def confirm_withdrawal(
        self, request: commands.ConfirmWithdrawalRequest
    ) -> commands.ConfirmWithdrawalResponse:
        """Says that a withdrawal was paid, or a part of it."""
        return await self._command(self._commands.ConfirmWithdrawal, request)

    async def fail_withdrawal(
        self, request: commands.FailWithdrawalRequest
    ) -> commands.FailWithdrawalResponse:
        """Says that the payment provider did not pay."""
        return await self._command(self._commands.FailWithdrawal, request)

    async def cancel_withdrawal(
        self, request: commands.CancelWithdrawalRequest
    ) -> commands.CancelWithdrawalResponse:
        """Takes a withdrawal back, for the player."""
        return await self._command(self._commands.CancelWithdrawal, request)

    async def return_withdrawal(
        self, request: commands.ReturnWithdrawalRequest
    ) -> commands.ReturnWithdrawalResponse:
        """Says that the bank sent back what was paid."""
        return await self._command(self._commands.ReturnWithdrawal, request)

    async def set_account_status(
        self, request: commands.SetAccountStatusRequest
    ) -> commands.SetAccountStatusResponse:
        """Says what a player may do."""
        return await self._command(self._commands.SetAccountStatus, request)

    async def set_limit(self, request: commands.SetLimitRequest) -> commands.SetLimitResponse:
        """Limits what a player does, or takes the limit away."""
        return await self._command(self._commands.SetLimit, request)

    async def confirm_limit_increase(
        self, request: commands.ConfirmLimitIncreaseRequest
    ) -> commands.ConfirmLimitIncreaseResponse:
        """Has a limit hold that has waited."""
        return await self._command(self._commands.ConfirmLimitIncrease, request)

    async def authorize_bet(
        self, request: commands.AuthorizeBetRequest
    ) -> commands.AuthorizeBetResponse:
        """Takes a stake."""
        return await self._command(self._commands.AuthorizeBet, request)

    async def settle_bet(self, request: commands.SettleBetRequest) -> commands.SettleBetResponse:
        """Gives a bet, or a part of it, its result."""
        return await self._command(self._commands.SettleBet, request)

    async def unsettle_bet(
        self, request: commands.UnsettleBetRequest
    ) -> commands.UnsettleBetResponse:
        """Takes back results."""
        return await self._command(self._commands.UnsettleBet, request)

    async def rollback_transaction(
        self, request: commands.RollbackTransactionRequest
    ) -> commands.RollbackTransactionResponse:
        """Undoes a bet, a win or a cash-out, or keeps it from ever coming."""
        return await self._command(self._commands.RollbackTransaction, request)

    async def cash_out_bet(
        self, request: commands.CashOutBetRequest
    ) -> commands.CashOutBetResponse:
        """Pays a bet, or a part of it, before it has its result."""
        return await self._command(self._commands.CashOutBet, request)

    async def replan_authorization(
        self, request: commands.ReplanAuthorizationRequest
    ) -> commands.ReplanAuthorizationResponse:
        """Sends what an open bet would bring to a bucket to another."""
        return await self._command(self._commands.ReplanAuthorization, request)

    async def credit_win(self, request: commands.CreditWinRequest) -> commands.CreditWinResponse:
        """Credits a win."""
        return await self._command(self._commands.CreditWin, request)

    async def close_round(self, request: commands.CloseRoundRequest) -> commands.CloseRoundResponse:
        """Ends a round."""
        return await self._command(self._commands.CloseRound, request)

    async def play_round(self, request: commands.PlayRoundRequest) -> commands.PlayRoundResponse:
        """Places bets and credits wins of a round, all of it or nothing."""
        return await self._command(self._commands.PlayRound, request)

    async def rollback_round(
        self, request: commands.RollbackRoundRequest
    ) -> commands.RollbackRoundResponse:
        """Undoes a round."""
        return await self._command(self._commands.RollbackRound, request)

    async def release_suspense(
        self, request: commands.ReleaseSuspenseRequest
    ) -> commands.ReleaseSuspenseResponse:
        """Decides on a win that came too late."""
        return await self._command(self._commands.ReleaseSuspense, request)

    async def grant_coupon(
        self, request: commands.GrantCouponRequest
    ) -> commands.GrantCouponResponse:
        """Grants a coupon."""
        return await self._command(self._commands.GrantCoupon, request)

    async def revoke_coupon(
        self, request: commands.RevokeCouponRequest
    ) -> commands.RevokeCouponResponse:
        """Takes a coupon back."""
        return await self._command(self._commands.RevokeCoupon, request)

    async def expire_coupons(
        self, request: commands.ExpireCouponsRequest
    ) -> commands.ExpireCouponsResponse:
        """Ends coupons whose time is over."""
        return await self._command(self._commands.ExpireCoupons, request)

    async def credit_promotion(
        self, request: commands.CreditPromotionRequest
    ) -> commands.CreditPromotionResponse:
        """Credits a promotion."""
        return await self._command(self._commands.CreditPromotion, request)

    async def reverse_promotion(
        self, request: commands.ReversePromotionRequest
    ) -> commands.ReversePromotionResponse:
        """Takes a promotion back, or keeps it from ever being credited."""
        return await self._command(self._commands.ReversePromotion, request)

    async def forfeit_bonus(
        self, request: commands.ForfeitBonusRequest
    ) -> commands.ForfeitBonusResponse:
        """Gives up restricted money."""
        return await self._command(self._commands.ForfeitBonus, request)

    async def transfer_funds(
        self, request: commands.TransferFundsRequest
    ) -> commands.TransferFundsResponse:
        """Moves money between buckets."""
        return await self._command(self._commands.TransferFunds, request)

    async def complete_rolling(
        self, request: commands.CompleteRollingRequest
    ) -> commands.CompleteRollingResponse:
        """Releases a requirement that is fulfilled."""
        return await self._command(self._commands.CompleteRolling, request)

    async def cancel_rolling(
        self, request: commands.CancelRollingRequest
    ) -> commands.CancelRollingResponse:
        """Ends a requirement."""
        return await self._command(self._commands.CancelRolling, request)

    async def execute_batch(self, requests: Sequence[CommandRequest]) -> list[CommandOutcome]:
        """Carries out many commands, in calls of up to 500, and says what became of each.

        In their order come their responses, and in the place of what was refused or
        never answered the `WalletError` that a method of its own would have raised.
        Nothing is raised. Only those without an answer are sent again, and in smaller
        calls where a message is too large.
        """
        named: list[CommandRequest] = [with_request_id(request) for request in requests]

        def send(
            call: commands.ExecuteBatchRequest, seconds: float
        ) -> Awaitable[commands.ExecuteBatchResponse]:
            return self._commands.ExecuteBatch(call, timeout=seconds, metadata=self._headers())

        return await batch.send_all(named, send, self._policy)
