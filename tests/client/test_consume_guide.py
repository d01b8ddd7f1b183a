"""The example of the guide on events does what the guide says, on a real server."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.client.test_guides import ADA, GUIDES, block
from tests.database import Database
from tests.servers import apply_shape
from wallet.v1.money_pb2 import Money
from wallet.v1.wallet_commands_pb2 import (
    ApproveDepositRequest,
    AuthorizeBetRequest,
    OpenWalletRequest,
    SettleBetRequest,
)
from wallet_client import WalletClient
from wallet_server.server import open_server
from wallet_server.settings import Settings

CONSUME = GUIDES / "consume-events.md"
PATIENCE_SECONDS = 60
TICKETS = {"ticket-81": 900, "ticket-82": 0}


def eur(minor_units: int) -> Money:
    return Money(asset_code="EUR", minor_units=minor_units)


async def play(wallets: WalletClient, bet_ref: str, payout: int) -> None:
    await wallets.authorize_bet(
        AuthorizeBetRequest(wallet=ADA, provider_id="acme-sports", bet_ref=bet_ref, stake=eur(500))
    )
    await wallets.settle_bet(
        SettleBetRequest(
            wallet=ADA,
            provider_id="acme-sports",
            bet_ref=bet_ref,
            result_version=1,
            payout=eur(payout),
        )
    )


async def printed_by(follow: Callable[..., Any], lines_count: int, *arguments: object) -> str:
    """Lets the example follow until it has printed so many lines. Returns what it printed."""
    printed = list[str]()
    follow.__globals__["print"] = printed.append
    following = asyncio.create_task(follow(*arguments))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while len(printed) < lines_count and not following.done():
            await asyncio.sleep(0.01)
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    return "".join(f"{line}\n" for line in printed)


@pytest.fixture
async def target(database: Database) -> Any:
    """A server that tells of what happens, with a tenant whose player Ada has money."""
    await apply_shape(database, "demo", "ruby")
    settings = Settings(listen_port=0, without_authentication=True)
    async with open_server(settings, database.server_url) as server:
        yield f"127.0.0.1:{server.port}"


async def test_the_example_of_a_consumer_prints_what_its_guide_says(
    target: str, tmp_path: Path
) -> None:
    example: dict[str, Any] = {}
    exec(block(CONSUME, "python"), example)  # noqa: S102 - it is our own guide.
    cursor = tmp_path / "cursor"
    async with WalletClient(target) as wallets:
        await wallets.open_wallet(OpenWalletRequest(wallet=ADA))
        await wallets.approve_deposit(
            ApproveDepositRequest(
                wallet=ADA, deposit_id="d1", bucket="sports_normal", amount=eur(10_000)
            )
        )
        for bet_ref, payout in TICKETS.items():
            await play(wallets, bet_ref, payout)

        told = await printed_by(example["follow"], 4, target, cursor)
        await play(wallets, "ticket-83", 100)
        told_later = await printed_by(example["follow"], 2, target, cursor)

    assert told == block(CONSUME, "text")
    assert told_later == "ada places ticket-83 for 5.00\nada gets 1.00 for ticket-83\n"
