"""Commands: each is decoded, submitted, and its answer encoded.

Requests arrive valid, and refusals leave as exceptions: `guard.py`. Many in one call
are `command_batch.py`'s.
"""

import asyncio

from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1.wallet_commands_pb2_grpc import WalletCommandsServicer
from wallet_server.core.commands import Command
from wallet_server.execution.executor import Executor
from wallet_server.execution.submission import Answered, Submission
from wallet_server.rpc import command_batch, correlation, decode
from wallet_server.rpc.command_batch import Origin
from wallet_server.rpc.context import Context, deadline_seconds
from wallet_server.rpc.encode import responses as encode
from wallet_server.rpc.turns import Turns


class WalletCommands(WalletCommandsServicer):
    """Moves money in and out of wallets."""

    def __init__(self, executor: Executor) -> None:
        """Submits to an executor."""
        self._executor = executor

    async def OpenWallet(
        self, request: pb.OpenWalletRequest, context: Context
    ) -> pb.OpenWalletResponse:
        answered = await self._submit(request, context, decode.open_wallet(request))
        return encode.open_wallet(answered)

    async def ApproveDeposit(
        self, request: pb.ApproveDepositRequest, context: Context
    ) -> pb.ApproveDepositResponse:
        answered = await self._submit(request, context, decode.approve_deposit(request))
        return encode.approve_deposit(answered)

    async def AdjustBalance(
        self, request: pb.AdjustBalanceRequest, context: Context
    ) -> pb.AdjustBalanceResponse:
        answered = await self._submit(request, context, decode.adjust_balance(request))
        return encode.adjust_balance(answered)

    async def AuthorizeBet(
        self, request: pb.AuthorizeBetRequest, context: Context
    ) -> pb.AuthorizeBetResponse:
        answered = await self._submit(request, context, decode.authorize_bet(request))
        return encode.authorize_bet(answered, request.wallet.currency_code)

    async def SettleBet(
        self, request: pb.SettleBetRequest, context: Context
    ) -> pb.SettleBetResponse:
        answered = await self._submit(request, context, decode.settle_bet(request))
        return encode.settle_bet(answered, request.wallet.currency_code)

    async def UnsettleBet(
        self, request: pb.UnsettleBetRequest, context: Context
    ) -> pb.UnsettleBetResponse:
        answered = await self._submit(request, context, decode.unsettle_bet(request))
        return encode.unsettle_bet(answered, request.wallet.currency_code)

    async def RollbackTransaction(
        self, request: pb.RollbackTransactionRequest, context: Context
    ) -> pb.RollbackTransactionResponse:
        answered = await self._submit(request, context, decode.rollback_transaction(request))
        return encode.rollback_transaction(answered, request.wallet.currency_code)

    async def ExecuteBatch(
        self, request: pb.ExecuteBatchRequest, context: Context
    ) -> pb.ExecuteBatchResponse:
        origin = Origin(correlation.header_of(context), deadline_seconds(context))
        clock = asyncio.get_running_loop().time
        decoded = await command_batch.decode_all(request.commands, origin, Turns(clock))
        submissions = [each for each in decoded if isinstance(each, Submission)]
        answers = iter(await self._executor.submit_all(submissions))
        outcomes = [each if isinstance(each, Exception) else next(answers) for each in decoded]
        return await command_batch.encode_all(request.commands, outcomes, Turns(clock))

    async def _submit(
        self, request: decode.CommandRequest, context: Context, command: Command
    ) -> Answered:
        return await self._executor.submit(
            decode.submission(request, command, deadline_seconds(context))
        )
