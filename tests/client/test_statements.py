"""The client reads where the house stands, and what days did."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.client.test_guides import GUIDES, block
from tests.events import give_positions
from tests.servers import RunningServer
from wallet.v1 import statement_queries_pb2 as pb
from wallet.v1.money_pb2 import Money
from wallet.v1.wallet_commands_pb2 import (
    ApproveDepositRequest,
    AuthorizeBetRequest,
    OpenWalletRequest,
    SettleBetRequest,
)
from wallet.v1.wallet_pb2 import WalletRef
from wallet_client import WalletClient
from wallet_server.execution.statements.rebuilding import rebuild_statements
from wallet_server.execution.statements.settings import StatementSettings

GUIDE = GUIDES / "read-statements.md"
ADA = WalletRef(tenant_id="demo", player_id="ada", currency_code="EUR")


async def count(server: RunningServer, time_zone: str = "UTC") -> None:
    """Has all counted in statements that has happened, with days of a time zone."""
    connection = await server.database.connect()
    await give_positions(connection)
    await rebuild_statements(server.database.server_url, "demo", time_zone, StatementSettings())


async def test_balances_and_lines_of_all_pages(server: RunningServer) -> None:
    async with WalletClient(server.target) as wallets:
        await wallets.open_wallet(OpenWalletRequest(wallet=ADA))
        amount = Money(asset_code="EUR", minor_units=500)
        for deposit_id in ("d1", "d2"):
            await wallets.approve_deposit(
                ApproveDepositRequest(
                    wallet=ADA, deposit_id=deposit_id, bucket="sports_normal", amount=amount
                )
            )
        await count(server)
        found = await wallets.get_house_balances(pb.GetHouseBalancesRequest(tenant_id="demo"))
        today = datetime.now(UTC)
        request = pb.ListDailyStatementsRequest(
            tenant_id="demo",
            first_date=f"{today.year - 1}-01-01",
            last_date=f"{today.year + 1}-12-31",
            page_size=1,
        )
        lines = [line async for line in wallets.statement_lines(request)]

    assert {each.account: each.balance.minor_units for each in found.balances} == {
        "H:CASH": "-1000",
        "bkt:sports_normal": "1000",
    }
    assert {
        (each.account, each.command, each.debits.minor_units, each.credits.minor_units)
        for each in lines
    } == {
        ("H:CASH", "ApproveDeposit", "1000", "0"),
        ("bkt:sports_normal", "ApproveDeposit", "0", "1000"),
    }
    assert {each.changes_count for each in lines} == {2}
    assert found.position.at_end


async def test_the_example_of_the_guide_prints_what_it_says(
    server: RunningServer, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime.now(UTC)
    hours_past_noon = now.hour - 12  # Where it is noon now, no day ends meanwhile.
    stake = Money(asset_code="EUR", minor_units=300)
    bet: dict[str, Any] = {"wallet": ADA, "provider_id": "acme-sports", "bet_ref": "b1"}
    async with WalletClient(server.target) as wallets:
        await wallets.open_wallet(OpenWalletRequest(wallet=ADA))
        await wallets.approve_deposit(
            ApproveDepositRequest(
                wallet=ADA,
                deposit_id="d1",
                bucket="sports_normal",
                amount=Money(asset_code="EUR", minor_units=1000),
            )
        )
        await wallets.authorize_bet(AuthorizeBetRequest(**bet, stake=stake))
        await wallets.settle_bet(
            SettleBetRequest(**bet, result_version=1, payout=Money(asset_code="EUR"))
        )
    await count(server, f"Etc/GMT{hours_past_noon:+}")
    day = (now - timedelta(hours=hours_past_noon)).date().isoformat()
    example: dict[str, Any] = {}
    exec(block(GUIDE, "python"), example)  # noqa: S102 - it is our own guide.

    await example["report"](server.target, "demo", day)

    assert capsys.readouterr().out == block(GUIDE, "text")
