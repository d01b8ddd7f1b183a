"""Requests for statements, as values."""

from wallet.v1 import statement_queries_pb2 as pb
from wallet_server.core.refusals.statements import StatementPeriodInvalid
from wallet_server.core.statements.period import Period, period_of
from wallet_server.core.statements.reading import BalanceFilter, LineFilter
from wallet_server.execution.errors import RefusedError


def balance_filter(request: pb.GetHouseBalancesRequest) -> BalanceFilter:
    """Decodes which balances are asked for.

    Raises:
        RefusedError: The day is not in the calendar.
    """
    day = period(request.date, request.date).last if request.date else None
    return BalanceFilter(request.tenant_id, request.asset_code, day)


def line_filter(request: pb.ListDailyStatementsRequest) -> LineFilter:
    """Decodes which lines are asked for.

    Raises:
        RefusedError: The days make no sense.
    """
    return LineFilter(
        tenant_id=request.tenant_id,
        period=period(request.first_date, request.last_date),
        asset_code=request.asset_code,
        provider_type=request.provider_type,
        account=request.account,
    )


def period(first: str, last: str) -> Period:
    """Decodes a first and a last day.

    Raises:
        RefusedError: They make no sense.
    """
    found = period_of(first, last)
    if isinstance(found, StatementPeriodInvalid):
        raise RefusedError(found)
    return found
