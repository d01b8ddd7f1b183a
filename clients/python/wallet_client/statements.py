"""The client's methods that tell where the house stands, and what days did."""

from collections.abc import AsyncIterator

import grpc.aio

from wallet.v1 import statement_queries_pb2 as pb
from wallet.v1.statement_queries_pb2_grpc import StatementQueriesStub
from wallet_client.calls import Calls, Token, copy_of
from wallet_client.retry import RetryPolicy


class StatementCalls(Calls):
    """Reads balances of the house, and daily statements."""

    def __init__(
        self, channel: grpc.aio.Channel, policy: RetryPolicy, token: Token | None = None
    ) -> None:
        """Uses the channel, and sends the token with every call."""
        super().__init__(channel, policy, token)
        self._statements = StatementQueriesStub(channel)

    async def get_house_balances(
        self, request: pb.GetHouseBalancesRequest
    ) -> pb.GetHouseBalancesResponse:
        """Reads one page of what stands on accounts."""
        return await self._read(self._statements.GetHouseBalances, request)

    async def list_daily_statements(
        self, request: pb.ListDailyStatementsRequest
    ) -> pb.ListDailyStatementsResponse:
        """Reads one page of what days did."""
        return await self._read(self._statements.ListDailyStatements, request)

    async def statement_lines(
        self, request: pb.ListDailyStatementsRequest
    ) -> AsyncIterator[pb.StatementLine]:
        """Yields what days did from the request's page on, page by page.

        All of it is exact to the position of the first page, or a later one.
        """
        page = copy_of(request)
        while True:
            response = await self.list_daily_statements(page)
            for line in response.lines:
                yield line
            page.page_token = response.next_page_token
            if not page.page_token:
                return
