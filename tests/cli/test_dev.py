"""`wallet-server dev`: one command from nothing to a settled bet."""

import asyncio
import json
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.programs import Running, run, run_afresh, run_here, start
from tests.embedded.clusters import open_directory

GRPCURL = Path(sys.executable).parent / "grpcurl"


@pytest.fixture(scope="module")
def directory() -> Iterator[Path]:
    with open_directory() as made:
        yield made


@pytest.fixture(scope="module")
async def begun(directory: Path) -> Path:
    """A data directory that a server has begun, and on which none has played yet."""
    data_dir = directory / "begun"
    ended = await run("dev", "--no-demo", "--once", "--port", "0", "--data-dir", str(data_dir))
    assert ended.code == 0, ended.stderr
    return data_dir


@pytest.fixture
def data_dir(begun: Path, request: pytest.FixtureRequest) -> str:
    """A copy of it of the test's own."""
    copied = begun.with_name(str(request.node.name))
    subprocess.run(["/bin/cp", "-a", str(begun), str(copied)], check=True)
    return str(copied)


async def call(command: str) -> str:
    """Runs a command as it was printed."""
    process = await asyncio.create_subprocess_exec(
        *shlex.split(command), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    stdout, _ = await asyncio.wait_for(process.communicate(), 30)
    return stdout.decode()


async def read_invitation(running: Running) -> list[str]:
    await running.read_until("Ctrl-C")
    return [line.strip() for line in running.lines if re.search(" -plaintext | --data-dir ", line)]


async def test_the_demonstration_is_played_again_on_the_data_of_the_first_run(
    directory: Path,
) -> None:
    arguments = ("dev", "--once", "--port", "0", "--data-dir", str(directory / "twice"))
    first, second = await run(*arguments), await run(*arguments)

    assert (first.code, second.code) == (0, 0), first.stderr + second.stderr
    assert "Found demo-1 of an earlier run" not in first.stdout
    assert "Found demo-1 of an earlier run, after 35 commands" in second.stdout
    assert first.stderr == second.stderr == ""
    for told in ("240.00", "loses", "rolls it back", "BET_TOMBSTONED", "coupon free-bet", "left"):
        assert told in first.stdout
    played = first.stdout.partition("is open.")[2]
    assert played == second.stdout.partition("is open.")[2]
    assert re.search(r"sports_bonus +20\.00 +-20\.00 +0\.00 +20\.00", played)
    assert re.search(r"casino_normal +0\.00 +0\.00 +0\.00 +0\.00", played)


@pytest.mark.skipif(not GRPCURL.exists(), reason="no package brings grpcurl to this platform")
async def test_the_printed_commands_work_as_they_are(data_dir: str) -> None:
    arguments = ("dev", "--port", "0", "--data-dir", data_dir)
    async with start(*arguments) as running:
        services, wallet, bet, verify = await read_invitation(running)

        assert "wallet.v1.WalletCommands" in await call(services)
        assert '"player_id": "demo-1"' in await call(wallet)
        assert '"OUTCOME_APPLIED"' in await call(bet)
        assert '"replayed": true' in await call(bet)
        assert "0 differences" in await call(verify)

        assert (await running.stop(signal.SIGINT)).code == 0


@pytest.mark.skipif(not GRPCURL.exists(), reason="no package brings grpcurl to this platform")
async def test_without_a_demonstration_the_printed_commands_pay_for_their_bet(
    data_dir: str,
) -> None:
    arguments = ("dev", "--no-demo", "--port", "0", "--data-dir", data_dir)
    for balance in (9_000, 18_000):
        async with start(*arguments) as running:
            _, *calls, verify = await read_invitation(running)

            *_, bet = [await call(printed) for printed in calls]
            await running.stop(signal.SIGINT)

        assert '"OUTCOME_APPLIED"' in bet
        assert f'"balance_after": "{balance}"' in bet
        assert "1 wallet, " in await call(verify)


async def test_its_log_is_for_people_unless_the_settings_say_otherwise(data_dir: str) -> None:
    arguments = ("dev", "--no-demo", "--once", "--port", "0", "--data-dir", data_dir)

    plain = await run(*arguments, WALLET_LANES_COUN="2")
    chosen = await run(*arguments, WALLET_LOG_FORMAT="json", WALLET_LOG_LEVEL="info")

    assert plain.stderr.endswith(
        'unknown settings in the environment ignored=["WALLET_LANES_COUN"]\n'
    )
    assert "drained" in [json.loads(line)["message"] for line in chosen.stderr.splitlines()]


async def test_other_commands_reach_its_database_while_it_runs_and_afterwards(
    data_dir: str,
) -> None:
    async with start("dev", "--port", "0", "--data-dir", data_dir) as running:
        await running.read_until("Ctrl-C")

        verified = await run_here("verify", "--data-dir", data_dir)
        applied = await run_here("apply", "--tenant", "acme", "--data-dir", data_dir, "booking")

        assert (await running.stop(signal.SIGTERM)).code == 0
    afterwards = await run("verify", "--data-dir", data_dir)

    assert (verified.code, applied.code, afterwards.code) == (0, 0, 0), applied.stderr
    assert "1 wallet, 35 answers" in verified.stdout
    assert "Tenant acme is at epoch 1." in applied.stdout
    assert afterwards.stdout == verified.stdout


async def test_a_port_that_is_taken_is_told_before_anything_starts(directory: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        data_dir = directory / "never"
        ended = await run("dev", "--port", port, "--data-dir", str(data_dir))

    assert ended.code == 1
    assert f"port {port} of 127.0.0.1 is taken" in ended.stderr
    assert "--port 0" in ended.stderr
    assert not data_dir.exists()


async def test_a_data_directory_in_use_is_told(data_dir: str) -> None:
    arguments = ("dev", "--no-demo", "--port", "0", "--data-dir", data_dir)
    async with start(*arguments) as running:
        await running.read_until("Ctrl-C")

        ended = await run(*arguments)

        await running.stop(signal.SIGINT)
    assert ended.code == 1
    assert "is in use by process" in ended.stderr


async def test_after_a_kill_the_next_start_finds_the_data(data_dir: str) -> None:
    arguments = ("dev", "--port", "0", "--data-dir", data_dir)
    async with start(*arguments) as running:
        await running.read_until("Ctrl-C")
        await running.stop(signal.SIGKILL)

    ended = await run(*arguments, "--once")

    assert ended.code == 0, ended.stderr
    assert "Found demo-1 of an earlier run" in ended.stdout


async def test_it_is_up_in_good_time(directory: Path) -> None:
    """A bound for a busy machine; measured at rest: docs/operating/running.md."""
    ended = await run_afresh("dev", "--once", "--port", "0", "--data-dir", str(directory / "timed"))

    said = re.search(r"ready after (\d+\.\d) s", ended.stdout)
    assert said is not None
    assert float(said[1]) < 30
