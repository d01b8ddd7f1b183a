"""Reads of wallets, bets, answers and the journal."""

from wallet.v1 import wallet_queries_pb2 as pb
from wallet.v1.wallet_queries_pb2_grpc import WalletQueriesServicer
from wallet_server.core.answer import PostedEntry
from wallet_server.execution.wallet_reader import WalletReader
from wallet_server.rpc import decode
from wallet_server.rpc.context import Context
from wallet_server.rpc.encode.bets import encode_bet
from wallet_server.rpc.encode.entries import encode_entry
from wallet_server.rpc.encode.explanations import encode_explanation
from wallet_server.rpc.encode.responses import encode_answer
from wallet_server.rpc.encode.wallets import encode_wallet
from wallet_server.rpc.page_token import Pages


class WalletQueries(WalletQueriesServicer):
    """Reads wallets."""

    def __init__(self, reader: WalletReader, page_token_secret: bytes) -> None:
        """Asks a reader."""
        self._reader = reader
        self._entries: Pages[tuple[int, int]] = Pages(page_token_secret)

    async def GetWallet(
        self, request: pb.GetWalletRequest, context: Context
    ) -> pb.GetWalletResponse:
        view = await self._reader.wallet(
            decode.wallet_ref(request.wallet), request.minimum_sequence
        )
        return pb.GetWalletResponse(wallet=encode_wallet(view.wallet, view.configuration.topology))

    async def GetBet(self, request: pb.GetBetRequest, context: Context) -> pb.GetBetResponse:
        bet = await self._reader.bet(
            decode.wallet_ref(request.wallet), decode.bet_key(request), request.minimum_sequence
        )
        return pb.GetBetResponse(bet=encode_bet(bet, request.wallet.currency_code))

    async def GetAnswer(
        self, request: pb.GetAnswerRequest, context: Context
    ) -> pb.GetAnswerResponse:
        answer = await self._reader.answer(decode.wallet_ref(request.wallet), request.request_id)
        return pb.GetAnswerResponse(answer=encode_answer(answer, request.wallet.currency_code))

    async def ListEntries(
        self, request: pb.ListEntriesRequest, context: Context
    ) -> pb.ListEntriesResponse:
        rows = await self._reader.entries(
            decode.wallet_ref(request.wallet),
            after=self._entries.after(request),
            limit=self._entries.size(request) + 1,
            newest_first=request.newest_first,
            minimum_sequence=request.minimum_sequence,
        )
        page, token = self._entries.cut(request, rows, key_of=entry_key)
        return pb.ListEntriesResponse(
            entries=[encode_entry(entry) for entry in page], next_page_token=token
        )

    async def ExplainFunding(
        self, request: pb.ExplainFundingRequest, context: Context
    ) -> pb.ExplainFundingResponse:
        explanation = await self._reader.explain_funding(
            decode.wallet_ref(request.wallet),
            request.provider_id,
            decode.amount(request.stake),
            request.selected_source,
            request.minimum_sequence,
        )
        return encode_explanation(explanation, request.wallet.currency_code)


def entry_key(entry: PostedEntry) -> tuple[int, int]:
    """Returns what orders the journal."""
    return (entry.sequence, entry.ordinal)
