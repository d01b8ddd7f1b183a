"""What readers of statements ask for, and what they get."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Generic, NamedTuple, TypeVar

from wallet_server.core.accounts import Account
from wallet_server.core.statements.period import Period
from wallet_server.core.statements.totals import LineKey, LineTotal
from wallet_server.core.value import value


class BalanceKey(NamedTuple):
    """An account of statements."""

    asset_code: str
    account: Account


@value
class BalanceFilter:
    """Which balances of a tenant are asked for: in all assets or one; now, or after a day."""

    tenant_id: str
    asset_code: str = ""
    day: date | None = None


@value
class LineFilter:
    """Which lines of a tenant are asked for; empty is for all."""

    tenant_id: str
    period: Period
    asset_code: str = ""
    provider_type: str = ""
    account: str = ""


@value
class AccountBalance:
    """What stands on an account, in minor units over all wallets: credits less debits."""

    key: BalanceKey
    balance: int


@value
class StatementLine:
    """What the commands of a kind did on an account in a day."""

    key: LineKey
    total: LineTotal


@value
class StatementsHead:
    """How far the statements of a tenant are.

    `position` is that of the last event that is counted, and `position_time` when it was given;
    None where there is none, or it is kept no more. They are not `is_ready` while they are made.
    `last_position` is that of the tenant's last event.
    """

    is_ready: bool
    position: int
    position_time: datetime | None
    last_position: int
    time_zone: str


Row = TypeVar("Row")


@value
class StatementPage(Generic[Row]):
    """Some rows of statements, and to where they are exact: both of one snapshot."""

    rows: Sequence[Row]
    head: StatementsHead
