"""Reads of wallets, bets, answers and the journal."""

from wallet.v1 import wallet_queries_pb2 as pb
from wallet_server.core.cashier.adjustment import Adjustment
from wallet_server.core.cashier.deposit import Deposit
from wallet_server.core.cashier.withdrawal import Withdrawal
from wallet_server.core.ids import BetKey
from wallet_server.execution.wallet_reader import WalletReader
from wallet_server.rpc.context import Context
from wallet_server.rpc.decode import queries as decode
from wallet_server.rpc.decode.history import moment
from wallet_server.rpc.decode.values import amount, bet_key, wallet_ref
from wallet_server.rpc.encode.answers import encode_answer
from wallet_server.rpc.encode.bets import encode_bet
from wallet_server.rpc.encode.cashier import (
    encode_adjustment,
    encode_deposit,
    encode_withdrawal,
)
from wallet_server.rpc.encode.coupons import encode_coupon
from wallet_server.rpc.encode.explanations import encode_explanation
from wallet_server.rpc.encode.history import encode_past_wallet
from wallet_server.rpc.encode.rolling import encode_requirement
from wallet_server.rpc.encode.rounds import encode_round, encode_win
from wallet_server.rpc.encode.wallets import encode_wallet
from wallet_server.rpc.encode.withdrawable import encode_withdrawable
from wallet_server.rpc.journal_queries import JournalQueries
from wallet_server.rpc.page_token import Pages


class WalletQueries(JournalQueries):
    """Reads wallets."""

    def __init__(self, reader: WalletReader, page_token_secret: bytes) -> None:
        """Asks a reader."""
        super().__init__(reader.journal, reader.past, page_token_secret)
        self._reader = reader
        self._lists = reader.lists
        self._cashier = reader.cashier
        self._bets: Pages[tuple[str, str]] = Pages(page_token_secret)
        self._items: Pages[tuple[str]] = Pages(page_token_secret)

    async def GetWallet(
        self, request: pb.GetWalletRequest, context: Context
    ) -> pb.GetWalletResponse:
        ref, at = wallet_ref(request.wallet), moment(request)
        if at is not None:
            past = await self._past.wallet(ref, at, request.minimum_sequence)
            return pb.GetWalletResponse(past=encode_past_wallet(past))
        view = await self._reader.wallet(ref, request.minimum_sequence)
        topology = view.configuration.topology
        shown = encode_wallet(view.wallet, topology, view.withdrawable, view.limits)
        return pb.GetWalletResponse(wallet=shown)

    async def GetBet(self, request: pb.GetBetRequest, context: Context) -> pb.GetBetResponse:
        bet = await self._reader.bet(
            wallet_ref(request.wallet), bet_key(request), request.minimum_sequence
        )
        return pb.GetBetResponse(bet=encode_bet(bet, request.wallet.currency_code))

    async def ListBets(self, request: pb.ListBetsRequest, context: Context) -> pb.ListBetsResponse:
        after = self._bets.after(request)
        rows = await self._lists.bets(
            wallet_ref(request.wallet),
            after=BetKey(*after) if after else None,
            limit=self._bets.size(request) + 1,
            provider_id=request.provider_id,
            states=decode.bet_states(request),
            live_only=request.live_only,
            minimum_sequence=request.minimum_sequence,
        )
        page, token = self._bets.cut(request, rows, key_of=lambda bet: bet.key)
        currency_code = request.wallet.currency_code
        return pb.ListBetsResponse(
            bets=[encode_bet(bet, currency_code) for bet in page], next_page_token=token
        )

    async def GetRound(self, request: pb.GetRoundRequest, context: Context) -> pb.GetRoundResponse:
        view = await self._lists.round(
            wallet_ref(request.wallet),
            request.provider_id,
            request.round_ref,
            request.minimum_sequence,
        )
        currency_code = request.wallet.currency_code
        return pb.GetRoundResponse(
            round=encode_round(view.round),
            wins=[encode_win(win, currency_code) for win in view.wins],
        )

    async def GetWin(self, request: pb.GetWinRequest, context: Context) -> pb.GetWinResponse:
        win = await self._lists.win(
            wallet_ref(request.wallet),
            BetKey(request.provider_id, request.win_ref),
            request.minimum_sequence,
        )
        return pb.GetWinResponse(win=encode_win(win, request.wallet.currency_code))

    async def ListCoupons(
        self, request: pb.ListCouponsRequest, context: Context
    ) -> pb.ListCouponsResponse:
        [after] = self._items.after(request) or ("",)
        found = await self._lists.coupons(
            wallet_ref(request.wallet),
            after=after,
            limit=self._items.size(request) + 1,
            wanted=decode.wanted_coupons(request),
            minimum_sequence=request.minimum_sequence,
        )
        page, token = self._items.cut(request, found.grants, key_of=lambda each: (each.grant_id,))
        return pb.ListCouponsResponse(
            coupons=[encode_coupon(each, found.wallet) for each in page], next_page_token=token
        )

    async def ListRequirements(
        self, request: pb.ListRequirementsRequest, context: Context
    ) -> pb.ListRequirementsResponse:
        [after] = self._items.after(request) or ("",)
        rows = await self._lists.requirements(
            wallet_ref(request.wallet),
            after=after,
            limit=self._items.size(request) + 1,
            wanted=decode.wanted_requirements(request),
            minimum_sequence=request.minimum_sequence,
        )
        page, token = self._items.cut(request, rows, key_of=lambda each: (each.requirement_id,))
        return pb.ListRequirementsResponse(
            requirements=[encode_requirement(each) for each in page], next_page_token=token
        )

    async def GetDeposit(
        self, request: pb.GetDepositRequest, context: Context
    ) -> pb.GetDepositResponse:
        deposit = await self._cashier.deposit(
            wallet_ref(request.wallet), request.deposit_id, request.minimum_sequence
        )
        return pb.GetDepositResponse(deposit=encode_deposit(deposit))

    async def ListDeposits(
        self, request: pb.ListDepositsRequest, context: Context
    ) -> pb.ListDepositsResponse:
        [after] = self._items.after(request) or ("",)
        rows = await self._cashier.items(
            wallet_ref(request.wallet),
            Deposit,
            after=after,
            limit=self._items.size(request) + 1,
            wanted=decode.wanted_deposits(request),
            minimum_sequence=request.minimum_sequence,
        )
        page, token = self._items.cut(request, rows, key_of=lambda each: (each.deposit_id,))
        return pb.ListDepositsResponse(
            deposits=[encode_deposit(each) for each in page], next_page_token=token
        )

    async def GetWithdrawal(
        self, request: pb.GetWithdrawalRequest, context: Context
    ) -> pb.GetWithdrawalResponse:
        withdrawal = await self._cashier.withdrawal(
            wallet_ref(request.wallet), request.withdrawal_id, request.minimum_sequence
        )
        return pb.GetWithdrawalResponse(withdrawal=encode_withdrawal(withdrawal))

    async def ListWithdrawals(
        self, request: pb.ListWithdrawalsRequest, context: Context
    ) -> pb.ListWithdrawalsResponse:
        [after] = self._items.after(request) or ("",)
        rows = await self._cashier.items(
            wallet_ref(request.wallet),
            Withdrawal,
            after=after,
            limit=self._items.size(request) + 1,
            wanted=decode.wanted_withdrawals(request),
            minimum_sequence=request.minimum_sequence,
        )
        page, token = self._items.cut(request, rows, key_of=lambda each: (each.withdrawal_id,))
        return pb.ListWithdrawalsResponse(
            withdrawals=[encode_withdrawal(each) for each in page], next_page_token=token
        )

    async def ListAdjustments(
        self, request: pb.ListAdjustmentsRequest, context: Context
    ) -> pb.ListAdjustmentsResponse:
        [after] = self._items.after(request) or ("",)
        rows = await self._cashier.items(
            wallet_ref(request.wallet),
            Adjustment,
            after=after,
            limit=self._items.size(request) + 1,
            wanted=decode.wanted_adjustments(request),
            minimum_sequence=request.minimum_sequence,
        )
        page, token = self._items.cut(request, rows, key_of=lambda each: (each.adjustment_id,))
        return pb.ListAdjustmentsResponse(
            adjustments=[encode_adjustment(each) for each in page], next_page_token=token
        )

    async def GetWithdrawable(
        self, request: pb.GetWithdrawableRequest, context: Context
    ) -> pb.GetWithdrawableResponse:
        explanation = await self._cashier.withdrawable(
            wallet_ref(request.wallet),
            amount(request.amount) if request.HasField("amount") else None,
            accept_forfeiture=request.accept_forfeiture,
            minimum_sequence=request.minimum_sequence,
        )
        return encode_withdrawable(explanation, request.wallet.currency_code)

    async def GetAnswer(
        self, request: pb.GetAnswerRequest, context: Context
    ) -> pb.GetAnswerResponse:
        answer = await self._reader.answer(wallet_ref(request.wallet), request.request_id)
        return pb.GetAnswerResponse(answer=encode_answer(answer, request.wallet.currency_code))

    async def ExplainFunding(
        self, request: pb.ExplainFundingRequest, context: Context
    ) -> pb.ExplainFundingResponse:
        bet = decode.unplaced_bet(request)
        explanation = await self._reader.explain_funding(
            wallet_ref(request.wallet), bet, request.minimum_sequence
        )
        return encode_explanation(explanation, request.wallet.currency_code)
