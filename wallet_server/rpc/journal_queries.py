"""Reads of the journal, and of what it explains."""

from wallet.v1 import wallet_queries_pb2 as pb
from wallet.v1.wallet_queries_pb2_grpc import WalletQueriesServicer
from wallet_server.core.history.balance_change import NOTHING_KNOWN, balance_change
from wallet_server.core.history.causes import cause_of, kind_of
from wallet_server.core.history.entry_filter import JournalPlace, PageAsked
from wallet_server.execution.journal_reads import JournalReads, place_of
from wallet_server.execution.past_reads import PastReads
from wallet_server.rpc.context import Context
from wallet_server.rpc.decode import history as decode
from wallet_server.rpc.decode.values import wallet_ref
from wallet_server.rpc.encode.entries import encode_entry
from wallet_server.rpc.encode.history import encode_balance_change, encode_balance_explanation
from wallet_server.rpc.page_token import ListRequest, Pages


class JournalQueries(WalletQueriesServicer):
    """Shows entries, and why accounts hold what they hold."""

    def __init__(self, journal: JournalReads, past: PastReads, page_token_secret: bytes) -> None:
        """Asks the readers of the journal."""
        self._journal = journal
        self._past = past
        self._entries: Pages[tuple[int, int]] = Pages(page_token_secret)

    async def ListEntries(
        self, request: pb.ListEntriesRequest, context: Context
    ) -> pb.ListEntriesResponse:
        found = await self._journal.entries(
            wallet_ref(request.wallet),
            self._asked(request, newest_first=request.newest_first),
            wanted=decode.wanted_entries(request),
            span=decode.span_of(request),
            minimum_sequence=request.minimum_sequence,
        )
        page, token = self._entries.cut(request, found.entries, place_of, found.following)
        return pb.ListEntriesResponse(
            entries=[encode_entry(entry) for entry in page], next_page_token=token
        )

    async def ExplainBalance(
        self, request: pb.ExplainBalanceRequest, context: Context
    ) -> pb.ExplainBalanceResponse:
        explained = await self._past.explain(
            wallet_ref(request.wallet),
            decode.player_account(request.account),
            start=decode.start_of(request),
            end=decode.end_of(request),
            minimum_sequence=request.minimum_sequence,
        )
        return encode_balance_explanation(explained)

    async def ListBalanceChanges(
        self, request: pb.ListBalanceChangesRequest, context: Context
    ) -> pb.ListBalanceChangesResponse:
        account = decode.player_account(request.account)
        found = await self._journal.entries(
            wallet_ref(request.wallet),
            self._asked(request, newest_first=request.newest_first),
            wanted=decode.wanted_changes(request, account),
            span=decode.span_of_changes(request),
            with_about=True,
            minimum_sequence=request.minimum_sequence,
        )
        page, token = self._entries.cut(request, found.entries, place_of, found.following)
        causes = decode.wanted_causes(request)
        return pb.ListBalanceChangesResponse(
            changes=[
                encode_balance_change(
                    balance_change(account, entry, found.about.get(entry.request_id, NOTHING_KNOWN))
                )
                for entry in page
                if not causes or cause_of(kind_of(entry)) in causes
            ],
            next_page_token=token,
        )

    def _asked(self, request: ListRequest, *, newest_first: bool) -> PageAsked:
        """Returns the page that is asked for."""
        after = self._entries.after(request)
        place = None if after is None else JournalPlace(*after)
        return PageAsked(place, self._entries.size(request) + 1, newest_first)
