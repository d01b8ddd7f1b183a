"""The example of a consumer agrees with the wallets, in whatever order it hears of their bets."""

import asyncio
import tempfile
import textwrap
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

import examples
from examples.following import follow
from examples.rolling_progress import RollingProgress, main
from tests.client.test_guides import GUIDES, block
from tests.database import Database
from tests.servers import apply_shape
from wallet.v1.event_pb2 import Event
from wallet.v1.money_pb2 import Money
from wallet.v1.rolling_pb2 import RollingTerms
from wallet.v1.wallet_commands_pb2 import (
    AuthorizeBetRequest,
    CreditPromotionRequest,
    OpenWalletRequest,
    RollbackTransactionRequest,
    SettleBetRequest,
    TransferFundsRequest,
    UnsettleBetRequest,
)
from wallet.v1.wallet_pb2 import WalletRef
from wallet.v1.wallet_queries_pb2 import GetWalletRequest
from wallet_client import WalletClient
from wallet_server.embedded.nats import EmbeddedNats
from wallet_server.server import open_server
from wallet_server.settings import read_settings

EXAMPLES = Path(examples.__file__).parent
PLAYERS = ("ann", "ben", "cat")
BETS_COUNT = 24
GENEROUS = RollingTerms(multiplier_bp=500_000)
FIRST_BUCKETS = ("casino_bonus", "casino_normal")


def eur(minor_units: int) -> Money:
    return Money(asset_code="EUR", minor_units=minor_units)


def wallet_of(player_id: str) -> WalletRef:
    return WalletRef(tenant_id="demo", player_id=player_id, currency_code="EUR")


@pytest.fixture
def own_nats() -> Iterator[EmbeddedNats]:
    """A NATS server with nothing in it, for a stream with the name that it has by itself."""
    with (
        tempfile.TemporaryDirectory(prefix="wallet-test-") as folder,
        EmbeddedNats.start(Path(folder) / "nats") as running,
    ):
        yield running


@pytest.fixture
async def client(database: Database, own_nats: EmbeddedNats) -> AsyncIterator[WalletClient]:
    """A client of a server that relays what happens."""
    await apply_shape(database, "demo", "ruby")
    settings = read_settings(listen_port=0, nats_urls=own_nats.url)
    async with (
        open_server(settings, database.server_url, believes_metadata=True) as server,
        WalletClient(f"127.0.0.1:{server.port}") as opened,
    ):
        yield opened


async def open_wallet(client: WalletClient, player_id: str) -> None:
    """Opens a wallet with requirements on two buckets."""
    ref = wallet_of(player_id)
    await client.open_wallet(OpenWalletRequest(wallet=ref))
    for bucket in FIRST_BUCKETS:
        await client.credit_promotion(
            CreditPromotionRequest(
                wallet=ref, promotion_id=bucket, bucket=bucket, amount=eur(1_000), rolling=GENEROUS
            )
        )


async def bet(client: WalletClient, player_id: str, number: int, random: Random) -> None:
    """Places a bet, and corrects its result more or less often."""
    bet: dict[str, Any] = {"wallet": wallet_of(player_id), "provider_id": "lucky-slots"}
    ref = f"bet-{number}"
    await client.authorize_bet(AuthorizeBetRequest(**bet, bet_ref=ref, stake=eur(40)))
    for version in range(1, random.randint(1, 5)):
        if version % 2:
            refund = random.choice((0, 10, 40))
            await client.settle_bet(
                SettleBetRequest(
                    **bet, bet_ref=ref, result_version=version, payout=eur(0), refund=eur(refund)
                )
            )
        else:
            await client.unsettle_bet(
                UnsettleBetRequest(**bet, bet_ref=ref, result_version=version)
            )
    if random.random() < 0.3:
        await client.rollback_transaction(RollbackTransactionRequest(**bet, transaction_ref=ref))


async def play(client: WalletClient) -> dict[str, dict[str, int]]:
    """Plays in all wallets. Returns how far their requirements are, as the wallets say."""
    random = Random(1)
    for player_id in PLAYERS:
        await open_wallet(client, player_id)
    for number in range(BETS_COUNT):
        player_id = random.choice(PLAYERS)
        await bet(client, player_id, number, random)
    await client.transfer_funds(
        TransferFundsRequest(
            wallet=wallet_of("ann"),
            source="casino_normal",
            target="sports_normal",
            amount=eur(100),
        )
    )
    return {player_id: await progress_of(client, player_id) for player_id in PLAYERS}


async def progress_of(client: WalletClient, player_id: str) -> dict[str, int]:
    """Returns how far the requirements of a wallet are that count anything."""
    wallet = (await client.get_wallet(GetWalletRequest(wallet=wallet_of(player_id)))).wallet
    progress = {each.requirement_id: each.progress.minor_units for each in wallet.requirements}
    return {name: counted for name, counted in sorted(progress.items()) if counted}


def projected(events: list[Event]) -> dict[str, dict[str, int]]:
    """Returns the same, as the example makes it of events."""
    progress = RollingProgress()
    for event in events:
        progress.apply(event)
    return {each: progress.of_wallet(("demo", each, "EUR")) for each in PLAYERS}


async def hear(url: str) -> list[Event]:
    """Returns all events, up to that of the transfer, which comes last."""
    events: list[Event] = []
    following = follow(url, subjects="wallet.demo.>")
    async with asyncio.timeout(60):
        async for _, event in following:
            events.append(event)
            if event.WhichOneof("payload") == "transfer_completed":
                break
    await following.aclose()
    return events


async def test_it_agrees_with_the_wallets_after_corrections_duplicates_and_any_order(
    client: WalletClient, own_nats: EmbeddedNats
) -> None:
    expected = await play(client)
    assert all(expected.values())

    events = await hear(own_nats.url)

    assert max(event.bet_contribution.revision for event in events) > 3
    assert projected(events) == expected
    assert projected(list(reversed(events))) == expected
    assert projected([*events, *events]) == expected
    random = Random(2)
    for _ in range(20):
        shuffled = [*events, *random.choices(events, k=len(events))]
        random.shuffle(shuffled)
        assert projected(shuffled) == expected


async def test_it_prints_progress_as_it_changes(
    client: WalletClient, own_nats: EmbeddedNats, capsys: pytest.CaptureFixture[str]
) -> None:
    printing = asyncio.create_task(main(own_nats.url))
    expected = await play(client)
    lines = {f"demo/{player_id}/EUR {progress}" for player_id, progress in expected.items()}
    printed = ""

    async with asyncio.timeout(60):
        while not lines <= {*printed.splitlines()}:
            printed += capsys.readouterr().out
            await asyncio.sleep(0.02)

    printing.cancel()
    await asyncio.wait({printing})


def test_the_guide_shows_the_example_as_it_is() -> None:
    shown = block(GUIDES / "consume-events-over-nats.md", "python")

    example = (EXAMPLES / "rolling_progress.py").read_text("utf-8")
    assert textwrap.indent(shown, "    ") in example
