"""`python -m tests.benchmarks`: measures, prints the figures, writes bench.json and the plots.

QUICK=1 measures less, within ninety seconds; FULL=1 also measures a large ledger. Ends with 1
if what was measured counts for nothing, and with 0 also where a target is missed.
"""

import argparse
import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.bench import Bench
from tests.benchmarks.load.grpc_load import run_load
from tests.benchmarks.plan import Plan, choose_plan
from tests.benchmarks.results.ratios import ratios_of
from tests.benchmarks.results.record import write_record
from tests.benchmarks.results.report import Report
from tests.benchmarks.stage import Stage
from tests.benchmarks.surroundings import machine
from tests.benchmarks.surroundings.databases import start_postgres
from tests.benchmarks.surroundings.echo_server import sample_responses
from tests.benchmarks.surroundings.proofs import grant, make_proofs
from tests.benchmarks.surroundings.seeding import BASE, prepare_base
from tests.benchmarks.surroundings.verifying import UnsoundError, run_verification
from tests.benchmarks.surroundings.workers import Worker
from tests.benchmarks.traffic import Funding

GENERATORS_COUNT = 3
"""The last is for what goes on beside."""

VERIFIERS_COUNT = 4

ENTRIES_PER_BET = 2

INTERRUPTED = 130

ROOT = Path(__file__).resolve().parents[2]

ON_DISK = Path("/var/tmp")  # noqa: S108 - unlike /tmp it is never in memory; folders in it are private.


def main() -> None:
    """Runs the bench."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # Ends as Ctrl-C does.
    options = parse_options()
    started = time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - started:4.0f} s] {text}", flush=True)

    plan_name, plan = choose_plan(os.environ)
    about = machine.describe(options.folder)
    say(f"{plan_name}: " + ", ".join(f"{name} {value}" for name, value in about.items()))
    try:
        bench = asyncio.run(measure(options.folder, plan, say))
    except UnsoundError as error:
        sys.exit(f"What was measured counts for nothing: {error}")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    ratios, left_out = ratios_of(bench.figures)
    report = Report(plan_name, plan, about, bench.trials, bench.figures, ratios, left_out)
    say("done")
    report.print()
    report.write(options.output)
    if plan.is_record and not options.no_docs:
        write_record(ROOT, report)


def parse_options() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "--folder", type=Path, default=ON_DISK, help="where the data lies meanwhile: a real disk"
    )
    parser.add_argument("--output", type=Path, default=Path("bench.json"))
    parser.add_argument(
        "--no-docs", action="store_true", help="leave docs/performance.md alone, as QUICK=1 does"
    )
    return parser.parse_args()


async def measure(folder: Path, plan: Plan, say: Callable[[str], None]) -> Bench:
    """Starts what all measurements share, and measures."""
    with ExitStack() as stack:
        generators = [start(stack, run_load) for _ in range(GENERATORS_COUNT)]
        verifiers = [start(stack, run_verification) for _ in range(VERIFIERS_COUNT)]
        databases = stack.enter_context(start_postgres(folder))
        rich_bets = plan.large_entries // plan.wallet_count // ENTRIES_PER_BET
        await prepare_base(databases, rich_bets=rich_bets)
        await grant(databases, BASE)
        proofs = make_proofs(Path(stack.enter_context(TemporaryDirectory())))
        responses = await sample_responses(databases.url(BASE), Funding.ONE)
        bench = Bench(Stage(plan, databases, generators, verifiers, responses, proofs), say)
        await bench.run()
    return bench


def start(stack: ExitStack, run: Callable[..., Any]) -> Worker[Any, Any]:
    """Starts a process that ends with the stack."""
    worker: Worker[Any, Any] = Worker(run)
    stack.callback(worker.stop)
    return worker


if __name__ == "__main__":
    main()
