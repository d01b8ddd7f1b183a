"""`serve`, `migrate`, `apply` and `verify` on a database that is given by its URL."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import grpc.aio
import pytest
from grpc_health.v1 import health_pb2

from tests.cli.programs import (
    end_of,
    ending,
    read_log_until,
    read_served_port,
    run,
    run_afresh,
    start,
    start_afresh,
)
from tests.database import Connection, Database
from wallet.v1 import wallet_commands_pb2, wallet_pb2

# What a call gets that had not reached its handler, or was refused by it.
MAY_BE_SENT_AGAIN = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED}

WALLET = wallet_pb2.WalletRef(tenant_id="acme", player_id="p", currency_code="EUR")


async def call_all(port: int, call_count: int) -> list[object]:
    """Opens the wallet, and adjusts it many times at once."""
    async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
        method = channel.unary_unary(
            "/wallet.v1.WalletCommands/OpenWallet",
            request_serializer=wallet_commands_pb2.OpenWalletRequest.SerializeToString,
            response_deserializer=wallet_commands_pb2.OpenWalletResponse.FromString,
        )
        requests = [
            wallet_commands_pb2.OpenWalletRequest(request_id=f"r{number}", wallet=WALLET)
            for number in range(call_count)
        ]
        return list(await asyncio.gather(*(method(r) for r in requests), return_exceptions=True))


async def test_from_an_empty_database_to_a_clean_stop(empty_database: Database) -> None:
    owner, server = empty_database.owner_url, empty_database.server_url

    migrated = await run_afresh("migrate", WALLET_OWNER_DATABASE_URL=owner)
    again = await run("migrate", "--database-url", owner)
    applied = await run_afresh("apply", "--tenant", "acme", "ruby", WALLET_DATABASE_URL=server)
    reapplied = await run("apply", "--tenant", "acme", "ruby", WALLET_DATABASE_URL=server)
    serving = await start_afresh("serve", "--port", "0", WALLET_DATABASE_URL=server)
    async with ending(serving) as running:
        port = await read_served_port(running)
        answered = await call_all(port, 20)
        stopped = await running.stop(signal.SIGTERM)
    verified = await run_afresh("verify", WALLET_DATABASE_URL=server)

    assert (migrated.code, again.code) == (0, 0), migrated.stderr
    assert "went from nothing to" in migrated.stdout
    assert "already" in again.stdout
    assert "Tenant acme is at epoch 1" in applied.stdout
    assert "nothing is new" in reapplied.stdout
    assert all(isinstance(each, wallet_commands_pb2.OpenWalletResponse) for each in answered)
    assert stopped.code == 0, stopped.stderr
    assert verified.code == 0
    assert "1 wallet, 20 answers" in verified.stdout


async def wait_until_answers_wait(connection: Connection) -> None:
    """Waits until somebody is kept from recording answers."""
    waiting = "SELECT count(*) FROM pg_locks WHERE relation = 'answers'::regclass AND NOT granted"
    while not await connection.fetchval(waiting):
        await asyncio.sleep(0.02)


async def test_a_stop_finishes_what_was_accepted(database: Database) -> None:
    patient = {"WALLET_LOCK_TIMEOUT_SECONDS": "60", "WALLET_STATEMENT_TIMEOUT_SECONDS": "60"}
    url, connection = database.server_url, await database.connect_superuser()
    await run("apply", "--tenant", "acme", "ruby", WALLET_DATABASE_URL=url)
    async with start("serve", "--port", "0", WALLET_DATABASE_URL=url, **patient) as running:
        port = await read_served_port(running)
        async with connection.transaction():
            await connection.execute("LOCK TABLE answers IN EXCLUSIVE MODE")
            calls = asyncio.create_task(call_all(port, 500))
            await wait_until_answers_wait(connection)
            running.process.send_signal(signal.SIGTERM)
            await read_log_until(running, "stopping")
        stopped = await end_of(running.process)
        answered = await calls

    recorded = await connection.fetchval("SELECT count(*) FROM answers")
    ok = [each for each in answered if isinstance(each, wallet_commands_pb2.OpenWalletResponse)]
    failed = [each for each in answered if isinstance(each, grpc.aio.AioRpcError)]
    assert stopped.code == 0, stopped.stderr
    assert 0 < len(ok) <= recorded
    assert {error.code() for error in failed} <= MAY_BE_SENT_AGAIN
    assert (await run("verify", WALLET_DATABASE_URL=url)).code == 0


async def test_health_is_told(database: Database) -> None:
    async with start("serve", "--port", "0", WALLET_DATABASE_URL=database.server_url) as running:
        port = await read_served_port(running)
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            check = channel.unary_unary(
                "/grpc.health.v1.Health/Check",
                request_serializer=health_pb2.HealthCheckRequest.SerializeToString,
                response_deserializer=health_pb2.HealthCheckResponse.FromString,
            )
            response = await check(health_pb2.HealthCheckRequest())
        await running.stop(signal.SIGTERM)

    assert response.status == health_pb2.HealthCheckResponse.SERVING


async def test_a_database_without_a_schema_is_refused(empty_database: Database) -> None:
    ended = await run("serve", "--port", "0", WALLET_DATABASE_URL=empty_database.server_url)

    assert ended.code == 1
    assert "wallet-server migrate" in ended.stderr


async def test_everything_wrong_with_a_document_is_listed_and_nothing_changed(
    database: Database, tmp_path: Path
) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text("kind: Policy\nprovider_type: SPORTS\nfunding_mode: {auto_order: {order: [x]}}\n"
                    "---\nkind: ProviderProfile\nprovider_id: 7\nprovider_type: 8\n")  # fmt: skip

    ended = await run(
        "apply", "--tenant", "acme", str(file), WALLET_DATABASE_URL=database.server_url
    )

    connection = await database.connect()
    assert ended.code == 1
    assert ended.stderr.count("wrong.yaml:") >= 2, ended.stderr
    assert "Nothing was changed" in ended.stderr
    assert await connection.fetchval("SELECT count(*) FROM tenants") == 0


async def test_a_difference_is_listed_and_ends_with_one(database: Database) -> None:
    url = database.server_url
    await run("apply", "--tenant", "acme", "ruby", WALLET_DATABASE_URL=url)
    async with start("serve", "--port", "0", WALLET_DATABASE_URL=url) as running:
        await call_all(await read_served_port(running), 1)
        await running.stop(signal.SIGTERM)
    await database.tamper("UPDATE wallets SET sequence = 7")

    ended = await run("verify", "--wallet", "acme/p/EUR", WALLET_DATABASE_URL=url)

    assert ended.code == 1
    assert ended.stdout.startswith("SEQUENCE acme/p/EUR #7: the last answer is #1\n")
    assert "1 difference\n" in ended.stdout


@pytest.mark.parametrize("command", ["serve", "migrate", "verify"])
async def test_a_command_without_a_database_says_how_to_name_one(command: str) -> None:
    ended = await run(command)

    assert ended.code == 2
    assert "WALLET_DATABASE_URL" in ended.stderr


COMMANDS = ["serve --port 0", "migrate", "apply --tenant acme ruby", "verify"]


@pytest.mark.parametrize("command", COMMANDS)
async def test_a_database_that_is_not_there_is_told_without_its_password(command: str) -> None:
    ended = await run(*command.split(), "--database-url", "postgresql://x:hunter2@127.0.0.1:1/x")

    expected = "Error: the database at 127.0.0.1:1 cannot be used: connection refused\n"
    assert (ended.code, ended.stderr) == (1, expected)


@pytest.mark.parametrize("command", COMMANDS)
async def test_a_wrong_password_is_told_in_one_sentence(command: str, database: Database) -> None:
    role, _, rest = database.server_url.partition(":")[2].partition(":")
    url = f"postgresql:{role}:hunter2@{rest.partition('@')[2]}"

    ended = await run(*command.split(), "--database-url", url)

    assert ended.code == 1
    assert len(ended.stderr.splitlines()) == 1
    assert "cannot be used: password authentication failed for user" in ended.stderr
    assert "hunter2" not in ended.stderr


async def test_a_database_without_tables_is_told_what_is_missing(empty_database: Database) -> None:
    ended = await run("verify", "--database-url", empty_database.server_url)

    assert ended.code == 1
    assert "wallet-server migrate" in ended.stderr


async def test_a_taken_port_is_told_in_our_words_alone(database: Database) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = await run(
            *("serve", "--port", port),
            WALLET_DATABASE_URL=database.server_url,
            WALLET_LOG_LEVEL="ERROR",
        )

    assert ended.code == 1
    assert ended.stderr == (
        f"Error: Nothing can listen at 127.0.0.1:{port}: it is taken, or not an address here.\n"
    )


async def test_the_log_has_our_lines_with_all_they_say(database: Database) -> None:
    url = database.server_url
    environment = {"WALLET_LOG_FORMAT": "TEXT", "WALLET_LANES_COUN": "2"}
    async with start("serve", "--port", "0", WALLET_DATABASE_URL=url, **environment) as running:
        assert running.process.stderr is not None
        lines: list[str] = []
        while not lines or "serving" not in lines[-1]:
            lines.append((await asyncio.wait_for(running.process.stderr.readline(), 60)).decode())
        await running.stop(signal.SIGTERM)

    assert 'ignored=["WALLET_LANES_COUN"]' in lines[0]
    assert re.search(r"serving host=127\.0\.0\.1 port=\d+\n", lines[-1])
    assert all(" wallet_server." in line for line in lines)


@pytest.mark.parametrize("found", [[], ["--wallet", "acme/nobody/EUR"]], ids=["none", "one"])
async def test_output_that_nobody_reads_any_more_ends_a_command_quietly(
    database: Database, found: list[str]
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "wallet_server", "verify", *found),
        *("--database-url", database.server_url),
        stdout=writing,
        stderr=asyncio.subprocess.PIPE,
    )
    os.close(writing)

    _, stderr = await asyncio.wait_for(process.communicate(), 60)

    assert (process.returncode, stderr) == (1, b"")


@pytest.mark.parametrize(
    "command", ["", "dev", "serve", "migrate", "apply", "verify", "conformance"]
)
async def test_every_command_explains_itself_with_examples(command: str) -> None:
    ended = await run(*command.split(), "--help")

    assert ended.code == 0
    assert "wallet-server" in ended.stdout
    assert command == "" or "Examples:" in ended.stdout


def test_python_without_assertions_is_refused() -> None:
    ended = subprocess.run(
        [sys.executable, "-O", "-m", "wallet_server", "--help"], capture_output=True, check=False
    )

    assert ended.returncode == 1
    assert b"Assertions are part of this program" in ended.stderr
