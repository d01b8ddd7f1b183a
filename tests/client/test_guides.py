"""The examples of the guides do what the guides say, on a real server."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.servers import RunningServer
from wallet.v1.money_pb2 import Money
from wallet.v1.wallet_commands_pb2 import (
    ApproveDepositRequest,
    AuthorizeBetRequest,
    OpenWalletRequest,
)
from wallet.v1.wallet_pb2 import WalletRef
from wallet_client import WalletClient

GUIDES = Path(__file__).parents[2] / "docs/guide"
CONNECT, RETRY = GUIDES / "connect-a-game-service.md", GUIDES / "retry-safely.md"
EXPLAIN = GUIDES / "explain-a-balance.md"
MANY, PAY = GUIDES / "send-many-at-once.md", GUIDES / "take-deposits-and-pay-out.md"
EXPORT = GUIDES / "export.md"
HALF = Money(asset_code="EUR", minor_units=50)
ADA = WalletRef(tenant_id="demo", player_id="ada", currency_code="EUR")


def block(guide: Path, language: str) -> str:
    """Returns the one block of a language in a guide."""
    [text] = re.findall(
        rf"^```{language}\n(.*?)^```$", guide.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    return text


async def test_the_example_of_a_game_service_prints_what_its_guide_says(
    server: RunningServer, capsys: pytest.CaptureFixture[str]
) -> None:
    async with WalletClient(server.target) as wallets:
        await wallets.open_wallet(OpenWalletRequest(wallet=ADA))
        amount = Money(asset_code="EUR", minor_units=10_000)
        await wallets.approve_deposit(
            ApproveDepositRequest(
                wallet=ADA, deposit_id="d1", bucket="sports_normal", amount=amount
            )
        )
    example: dict[str, Any] = {}
    exec(block(CONNECT, "python"), example)  # noqa: S102 - it is our own guide.

    await example["play"](server.target)

    assert capsys.readouterr().out == block(CONNECT, "text")


async def test_the_example_of_a_cashier_prints_what_its_guide_says(
    server: RunningServer, capsys: pytest.CaptureFixture[str]
) -> None:
    async with WalletClient(server.target) as wallets:
        await wallets.open_wallet(OpenWalletRequest(wallet=ADA))
    example: dict[str, Any] = {}
    exec(block(PAY, "python"), example)  # noqa: S102 - as above.

    await example["pay"](server.target)

    assert capsys.readouterr().out == block(PAY, "text")


async def test_the_example_of_an_explained_balance_prints_what_its_guide_says(
    server: RunningServer, capsys: pytest.CaptureFixture[str]
) -> None:
    async with WalletClient(server.target) as wallets:
        await wallets.open_wallet(OpenWalletRequest(wallet=ADA))
    example: dict[str, Any] = {}
    exec(block(EXPLAIN, "python"), example)  # noqa: S102 - as above.

    await example["explain"](server.target)

    assert capsys.readouterr().out == block(EXPLAIN, "text")


async def test_the_example_of_many_at_once_prints_what_its_guide_says(
    server: RunningServer, capsys: pytest.CaptureFixture[str]
) -> None:
    amount = Money(asset_code="EUR", minor_units=100)
    tickets = [("ada", f"ticket-{number}") for number in (81, 82, 83)]
    async with WalletClient(server.target) as wallets:
        await wallets.execute_batch(
            [
                OpenWalletRequest(wallet=ADA),
                ApproveDepositRequest(
                    wallet=ADA, deposit_id="d1", bucket="sports_normal", amount=amount
                ),
                *(
                    AuthorizeBetRequest(
                        wallet=ADA, provider_id="acme-sports", bet_ref=ticket, stake=HALF
                    )
                    for _, ticket in tickets[::2]
                ),
            ]
        )
    example: dict[str, Any] = {}
    exec(block(MANY, "python"), example)  # noqa: S102 - as above.

    await example["settle"](server.target, tickets)

    assert capsys.readouterr().out == block(MANY, "text")


async def test_the_policy_in_the_guide_to_retries_is_a_policy() -> None:
    example: dict[str, Any] = {}
    exec(block(RETRY, "python"), example)  # noqa: S102 - as above.

    await example["wallets"].close()


async def test_the_example_of_an_export_saves_the_file_that_its_guide_is_about(
    server: RunningServer, tmp_path: Path
) -> None:
    async with WalletClient(server.target) as wallets:
        await wallets.open_wallet(OpenWalletRequest(wallet=ADA))
        await wallets.approve_deposit(
            ApproveDepositRequest(
                wallet=ADA, deposit_id="=1+1", bucket="sports_normal", amount=HALF
            )
        )
    undo, save = re.findall(
        r"^```python\n(.*?)^```$", EXPORT.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    example: dict[str, Any] = {}
    exec(save, example)  # noqa: S102 - it is our own guide.

    said = await example["save"](server.target, tmp_path / "entries.csv")

    assert said == "2 rows"
    _, first, _ = (tmp_path / "entries.csv").read_text("utf-8-sig").splitlines()
    assert first.endswith(";bkt:sports_normal;EUR;0,50;0,50")
    example["cell"] = "'=1;''-1"
    exec(undo, example)  # noqa: S102
    assert example["text"] == "=1;'-1"
