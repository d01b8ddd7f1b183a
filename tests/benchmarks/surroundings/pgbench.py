"""pgbench, which comes with Postgres: its standard transaction, on the same Postgres.

That is its TPC-B-like one of five statements, prepared; durability as it ships.
"""

import asyncio
import os
import re
from asyncio.subprocess import PIPE
from dataclasses import dataclass

from tests.benchmarks.surroundings.databases import Databases
from wallet_server.embedded.binaries import INSTALLATION, Binaries, find_package
from wallet_server.embedded.roles import Role

DATABASE = "pgbench"
THREADS_COUNT = 2

RATE = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)
LATENCY = re.compile(r"^latency average = ([0-9.]+) ms", re.MULTILINE)


class PgbenchError(Exception):
    """pgbench failed. The message is what it said."""


@dataclass(frozen=True, slots=True)
class PgbenchResult:
    """Transactions a second, and how long one took on average, in seconds."""

    transactions_per_second: float
    latency_seconds: float


async def prepare_pgbench(databases: Databases, scale: int) -> None:
    """Makes pgbench's tables. A scale below the number of clients would make them queue."""
    await databases.postgres.create_database(DATABASE)
    await _run(databases, "--initialize", "--init-steps=dtgvp", f"--scale={scale}", "--quiet")


async def run_pgbench(databases: Databases, clients: int, seconds: float) -> PgbenchResult:
    """Runs it for whole seconds: as many as asked for, at least one."""
    said = await _run(
        databases,
        f"--client={clients}",
        f"--jobs={min(THREADS_COUNT, clients)}",
        f"--time={max(1, round(seconds))}",
        "--protocol=prepared",
        "--no-vacuum",
    )
    return read_result(said)


def read_result(said: str) -> PgbenchResult:
    """Reads pgbench's report.

    Raises:
        PgbenchError: It is none.
    """
    rate, latency = RATE.search(said), LATENCY.search(said)
    if rate is None or latency is None:
        raise PgbenchError(said)
    return PgbenchResult(float(rate[1]), float(latency[1]) / 1_000)


async def _run(databases: Databases, *arguments: str) -> str:
    options = databases.postgres.connect_options(Role.OWNER, DATABASE)
    program = Binaries(find_package() / INSTALLATION).postgres.with_name("pgbench")
    process = await asyncio.create_subprocess_exec(
        *(program, *arguments),
        env={
            **os.environ,
            "PGHOST": options["host"],
            "PGPORT": str(options["port"]),
            "PGUSER": options["user"],
            "PGPASSWORD": options["password"],
            "PGDATABASE": options["database"],
        },
        stdout=PIPE,
        stderr=PIPE,
        start_new_session=True,
    )
    try:
        said, complained = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise PgbenchError(complained.decode())
    return said.decode()
