"""`python -m tests.benchmarks`: runs the bench, prints its figures, writes bench.json."""

import argparse
import asyncio
from collections.abc import Sequence
from pathlib import Path

from tests.benchmarks import machine
from tests.benchmarks.bench import Bench, Plan
from tests.benchmarks.databases import TEMPLATE, Databases, prepare, start_postgres
from tests.benchmarks.echo_server import sample_responses
from tests.benchmarks.figures import Figures, ratios_of
from tests.benchmarks.grpc_load import run_load
from tests.benchmarks.report import print_report, write_report
from tests.benchmarks.traffic import players
from tests.benchmarks.workers import Worker

GENERATORS_COUNT = 2
ON_DISK = Path("/var/tmp")  # noqa: S108 - unlike /tmp it is never in memory; folders in it are private.


def main() -> None:
    """Runs the bench."""
    options = parse_options()
    about = machine.describe(options.folder)
    print(*(f"{name} {value}" for name, value in about.items()), sep=", ", flush=True)
    plan = Plan(options.wallets, options.rounds, options.seconds)
    figures = asyncio.run(measure(options.folder, plan))
    ratios = ratios_of(figures)
    print_report(figures, ratios)
    write_report(options.output, about, figures, ratios)


def parse_options() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--wallets", type=int, default=3_000, help="how many there are")
    parser.add_argument("--rounds", type=int, default=2, help="how often each is measured")
    parser.add_argument("--seconds", type=float, default=1.0, help="how long each time")
    parser.add_argument(
        "--folder", type=Path, default=ON_DISK, help="where the data lies meanwhile: a real disk"
    )
    parser.add_argument("--output", type=Path, default=Path("bench.json"))
    return parser.parse_args()


async def measure(folder: Path, plan: Plan) -> Sequence[Figures]:
    """Starts what all measurements share, and measures."""
    generators = [Worker(run_load) for _ in range(GENERATORS_COUNT)]
    try:
        with start_postgres(folder) as postgres:
            databases = Databases(postgres)
            await prepare(databases, plan.wallet_count)
            sample = await sample_responses(databases.url(TEMPLATE), players(1)[0])
            return await Bench(plan, databases, generators, sample).run()
    finally:
        for generator in generators:
            generator.stop()


if __name__ == "__main__":
    main()
