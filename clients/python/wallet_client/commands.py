"""The client's methods that are commands."""

from collections.abc import Awaitable, Sequence

import grpc.aio

from wallet.v1 import wallet_commands_pb2 as commands
from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsStub
from wallet_client import batch
from wallet_client.batch import CommandOutcome, CommandRequest
from wallet_client.calls import Calls, with_request_id
from wallet_client.retry import RetryPolicy


class CommandCalls(Calls):
    """Sends commands. One without a `request_id` gets one."""

    def __init__(self, channel: grpc.aio.Channel, policy: RetryPolicy) -> None:
        """Uses the channel."""
        super().__init__(channel, policy)
        self._commands = WalletCommandsStub(channel)

    async def open_wallet(self, request: commands.OpenWalletRequest) -> commands.OpenWalletResponse:
        """Opens a wallet."""
        return await self._command(self._commands.OpenWallet, request)

    async def approve_deposit(
        self, request: commands.ApproveDepositRequest
    ) -> commands.ApproveDepositResponse:
        """Credits money that has arrived."""
        return await self._command(self._commands.ApproveDeposit, request)

    async def adjust_balance(
        self, request: commands.AdjustBalanceRequest
    ) -> commands.AdjustBalanceResponse:
        """Changes a balance by an operator's decision."""
        return await self._command(self._commands.AdjustBalance, request)

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
            return self._commands.ExecuteBatch(call, timeout=seconds)

        return await batch.send_all(named, send, self._policy)
