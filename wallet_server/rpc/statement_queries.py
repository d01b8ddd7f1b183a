"""Reads of where the house stands, and of what days did."""

from datetime import date

from wallet.v1 import statement_queries_pb2 as pb
from wallet.v1.statement_queries_pb2_grpc import StatementQueriesServicer
from wallet_server.core.accounts import Account
from wallet_server.core.statements.reading import AccountBalance, BalanceKey, StatementLine
from wallet_server.core.statements.totals import LineKey
from wallet_server.execution.statements.reader import StatementReader
from wallet_server.rpc.context import Context
from wallet_server.rpc.decode.statements import balance_filter, line_filter
from wallet_server.rpc.encode.statements import encode_balance, encode_head, encode_line
from wallet_server.rpc.page_token import Pages


class StatementQueries(StatementQueriesServicer):
    """Tells where the house stands, and what each day did in its books."""

    def __init__(self, reader: StatementReader, page_token_secret: bytes) -> None:
        """Asks a reader."""
        self._reader = reader
        self._balances: Pages[tuple[str, str]] = Pages(page_token_secret)
        self._lines: Pages[tuple[str, str, str, str, str]] = Pages(page_token_secret)

    async def GetHouseBalances(
        self, request: pb.GetHouseBalancesRequest, context: Context
    ) -> pb.GetHouseBalancesResponse:
        after = self._balances.after(request)
        page = await self._reader.balances(
            balance_filter(request),
            after=BalanceKey(after[0], Account(after[1])) if after else None,
            limit=self._balances.size(request) + 1,
            minimum_position=request.minimum_position,
        )
        rows, token = self._balances.cut(request, page.rows, key_of=balance_key)
        return pb.GetHouseBalancesResponse(
            balances=map(encode_balance, rows),
            position=encode_head(page.head),
            next_page_token=token,
        )

    async def ListDailyStatements(
        self, request: pb.ListDailyStatementsRequest, context: Context
    ) -> pb.ListDailyStatementsResponse:
        after = self._lines.after(request)
        page = await self._reader.lines(
            line_filter(request),
            after=read_line_key(after) if after else None,
            limit=self._lines.size(request) + 1,
            minimum_position=request.minimum_position,
        )
        rows, token = self._lines.cut(request, page.rows, key_of=line_key)
        return pb.ListDailyStatementsResponse(
            lines=map(encode_line, rows), position=encode_head(page.head), next_page_token=token
        )


def balance_key(balance: AccountBalance) -> tuple[str, str]:
    """Returns where a balance stands, as a page token keeps it."""
    return balance.key


def line_key(line: StatementLine) -> tuple[str, str, str, str, str]:
    """Returns where a line stands, as a page token keeps it."""
    return line.key.day.isoformat(), *line.key[1:]


def read_line_key(key: tuple[str, str, str, str, str]) -> LineKey:
    """Returns where a line stands, as it was kept."""
    day, asset_code, provider_type, account, command = key
    return LineKey(date.fromisoformat(day), asset_code, provider_type, Account(account), command)
