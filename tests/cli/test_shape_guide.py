"""The guide to a shape of one's own, read and carried out: from a file to settled bets."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.programs import run_in
from tests.servers import RunningServer
from wallet_client import WalletClient

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs/guide/shape-your-own-wallet.md"
ARENA = ROOT / "tests/conformance/shapes/arena.yaml"
PROGRAM = "wallet-server "


def blocks(language: str) -> list[str]:
    """Returns the blocks of a language."""
    text = GUIDE.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def commands() -> list[list[str]]:
    """Returns the arguments of every call of the program."""
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    assert all(line.startswith(PROGRAM) for line in lines)
    return [line.removeprefix(PROGRAM).split() for line in lines]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the files that the guide has its reader write."""
    *documents, scenario = blocks("yaml")
    (tmp_path / "shapes").mkdir()
    (tmp_path / "shapes/arena.yaml").write_text("---\n".join(documents), encoding="utf-8")
    (tmp_path / "MATCH.yaml").write_text(scenario, encoding="utf-8")
    return tmp_path


def test_the_shape_is_the_one_that_scenarios_play_with(folder: Path) -> None:
    written = (folder / "shapes/arena.yaml").read_text(encoding="utf-8")

    assert written == ARENA.read_text(encoding="utf-8")


async def test_what_is_expected_of_the_shape_holds(folder: Path) -> None:
    conformance, _ = commands()

    done = await run_in(folder, *conformance)

    assert (done.stderr, done.stdout) == ("", blocks("text")[0])


async def test_bets_are_settled_in_the_shape(
    folder: Path, server: RunningServer, capsys: pytest.CaptureFixture[str]
) -> None:
    _, apply = commands()
    example: dict[str, Any] = {}
    [code] = blocks("python")
    exec(code, example)  # noqa: S102 - it is our own guide.

    url = server.database.server_url
    applied = await run_in(folder, *apply, WALLET_DATABASE_URL=url)
    async with WalletClient(server.target) as wallets:
        await example["play"](wallets)

    assert (applied.stderr, applied.stdout) == ("", blocks("text")[1])
    assert capsys.readouterr().out == blocks("text")[2]
