"""`wallet-server conformance`: plays scenario files against a server."""

import asyncio
import sys
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import click

from wallet_server.conformance.own_target import open_own_target
from wallet_server.conformance.reading import read_scenarios
from wallet_server.conformance.remote_target import Remote, open_remote_target
from wallet_server.conformance.report import result_lines, summary_line
from wallet_server.conformance.runner import Result, Verdict, run_scenarios
from wallet_server.conformance.scenario import Scenario
from wallet_server.conformance.target import Target, TargetError
from wallet_server.embedded.errors import EmbeddedPostgresError
from wallet_server.execution.id_source import new_id

EXIT_FAILED = 1
EXIT_UNREADABLE = 2
RUN_ID_CHARACTERS = 12


@click.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--target",
    "address",
    metavar="HOST:PORT",
    help="A server that is up. Scenarios that need a topology or a clock of their own are skipped.",
)
@click.option(
    "--tenant",
    "tenant_id",
    metavar="TENANT",
    default="demo",
    show_default=True,
    help="The tenant to play with on the target. Without --target every scenario has its own.",
)
@click.option(
    "--own-tenants",
    is_flag=True,
    help="Give every scenario a tenant of its own on the target, made by calls.",
)
@click.option(
    "--token-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The bearer token to call the target with.",
)
@click.option("--only", "ids", metavar="ID", multiple=True, help="Only this one. Repeatable.")
@click.option("--batch", "in_batches", is_flag=True, help="Send every command in a batch of one.")
def conformance(
    directory: Path,
    address: str | None,
    tenant_id: str,
    token_file: Path | None,
    ids: tuple[str, ...],
    *,
    own_tenants: bool,
    in_batches: bool,
) -> None:
    """Plays every scenario file (*.yaml) in DIRECTORY over gRPC, and prints a line for each.

    Without --target it starts a fresh server with a Postgres of its own and throws both away
    afterwards. Exits with 1 if any scenario fails, with 2 if any file cannot be read.
    docs/reference/conformance.md describes the files.

    \b
    Examples:
        wallet-server conformance tests/conformance
        wallet-server conformance tests/conformance --only E05 --only E69
        wallet-server conformance tests/conformance --batch
        wallet-server conformance my-scenarios --target 127.0.0.1:50051 --tenant demo
        wallet-server conformance my-scenarios --target 127.0.0.1:50051 --own-tenants
    """
    scenarios = choose(load(directory), ids)
    token = token_file.read_text(encoding="utf-8").strip() if token_file else ""
    tenant = "" if own_tenants else tenant_id
    target = open_target(address, tenant, token, in_batches=in_batches)
    try:
        results = asyncio.run(play_all(scenarios, target))
    except (TargetError, EmbeddedPostgresError) as error:
        raise click.ClickException(str(error)) from error
    print(summary_line(results))
    failed = any(result.verdict is Verdict.FAILED for result in results)
    sys.exit(EXIT_FAILED if failed else 0)


def load(directory: Path) -> list[Scenario]:
    """Reads all files of a directory, or ends the program with everything wrong with them."""
    paths = sorted(directory.glob("*.yaml"))
    if not paths:
        raise click.UsageError(f"{directory} has no *.yaml files")
    scenarios, problems = read_scenarios(paths)
    for problem in problems:
        click.echo(str(problem), err=True)
    if problems:
        sys.exit(EXIT_UNREADABLE)
    return scenarios


def choose(scenarios: Sequence[Scenario], ids: Sequence[str]) -> list[Scenario]:
    """Returns the scenarios that were asked for; all, if none was."""
    unknown = set(ids) - {scenario.id for scenario in scenarios}
    if unknown:
        raise click.UsageError(f"no such scenario: {', '.join(sorted(unknown))}")
    return [scenario for scenario in scenarios if not ids or scenario.id in ids]


def open_target(
    address: str | None, tenant_id: str, token: str, *, in_batches: bool
) -> AbstractAsyncContextManager[Target]:
    """Returns the server to play against, not yet opened."""
    if address is None:
        return open_own_target(in_batches=in_batches)
    run_id = new_id()[-RUN_ID_CHARACTERS:]
    return open_remote_target(Remote(address, run_id, tenant_id, token, in_batches))


async def play_all(
    scenarios: Sequence[Scenario], opening: AbstractAsyncContextManager[Target]
) -> list[Result]:
    """Plays scenarios and prints each result as soon as it is known."""
    results: list[Result] = []
    async with opening as target:
        async for result in run_scenarios(scenarios, target):
            results.append(result)
            print(*result_lines(result), sep="\n", flush=True)
    return results
