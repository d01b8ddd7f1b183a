"""`wallet-server apply`: makes YAML documents the configuration of a tenant."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import click

from wallet_server.cli.database import open_database
from wallet_server.cli.database_faults import tell_database_faults
from wallet_server.cli.options import database_options, load_settings
from wallet_server.cli.tables import count_of
from wallet_server.core.config.documents import title_of
from wallet_server.core.config.problem import Problem
from wallet_server.execution.activation import (
    AppliedReport,
    ConfigurationInvalidError,
    SecondPersonNeededError,
    apply_documents,
)
from wallet_server.execution.clock import SystemClock
from wallet_server.execution.errors import ConfigurationChangingError, ContentionError
from wallet_server.shapes import shape_names, shape_source
from wallet_server.shapes.source import SourceDocument, SourceProblem, locate_problem, read_source
from wallet_server.storage.engine import create_engine


@click.command()
@click.option(
    "--tenant", "tenant_id", metavar="TENANT", required=True, help="Whose configuration it is."
)
@click.option(
    "--single-handed",
    is_flag=True,
    help="If the tenant is new: one person may change its configuration alone, as here. For"
    " development.",
)
@click.argument("sources", metavar="FILE…", nargs=-1, required=True)
@database_options
def apply(
    tenant_id: str,
    sources: tuple[str, ...],
    database_url: str | None,
    data_dir: Path | None,
    config_file: Path | None,
    *,
    single_handed: bool,
) -> None:
    """Makes topologies, policies and provider profiles the active ones of a tenant.

    FILE is a YAML file, which may hold several documents, or the name of a shape that ships: ruby
    or booking. All become active at once, or none does: then every problem is listed, with where
    it is and why, and the exit code is 1. What is active already stays as it is. A tenant that is
    new is made. Servers that run take the new versions over by themselves.

    This is for the first configuration of a tenant, and for tenants that are single-handed. Others
    take a second person: change them by TopologyAdmin and PolicyAdmin.

    \b
    Examples:
        wallet-server apply --tenant acme ruby
        wallet-server apply --tenant acme topology.yaml policies.yaml
        wallet-server apply --tenant demo --data-dir DIRECTORY slots.yaml
                                                        (dev prints its own)
    """
    settings = load_settings(config_file, database_url=database_url)
    documents = read_documents(sources)
    with open_database(settings, data_dir) as urls, tell_database_faults(urls.server):
        applying = apply_to(urls.server, tenant_id, documents, single_handed=single_handed)
        report = asyncio.run(applying)
    describe(report)


def read_documents(sources: Sequence[str]) -> list[SourceDocument]:
    """Reads all documents, or ends the program with all that is wrong with them."""
    documents: list[SourceDocument] = []
    problems: list[SourceProblem] = []
    for source in sources:
        read = read_named(source)
        if isinstance(read, list):
            problems += read
        else:
            documents += read
    if problems:
        fail(problems)
    return documents


def read_named(source: str) -> tuple[SourceDocument, ...] | list[SourceProblem]:
    """Reads a shape that ships or, where none has the name, a file."""
    if source in shape_names() and not Path(source).exists():
        return shape_source(source)
    try:
        text = Path(source).read_bytes()
    except OSError as error:
        shipped = ", ".join(shape_names())
        message = f"{error.strerror}; shapes that ship: {shipped}"
        return [SourceProblem(source, 0, Problem("", "UNREADABLE_FILE", message))]
    return read_source(text, file=source)


async def apply_to(
    database_url: str, tenant_id: str, documents: Sequence[SourceDocument], *, single_handed: bool
) -> AppliedReport:
    """Applies the documents, or ends the program with all that keeps them from it."""
    engine = create_engine(database_url)
    try:
        values = [document.value for document in documents]
        return await apply_documents(
            engine,
            tenant_id,
            values,
            SystemClock().now(),
            single_handed=single_handed,
            must_be_single_handed=True,
        )
    except ConfigurationInvalidError as error:
        by_title = {title_of(document.value): document for document in documents}
        fail([locate_problem(problem, by_title) for problem in error.problems])
    except SecondPersonNeededError as error:
        message = (
            f"tenant {tenant_id} has an active configuration, and changing it takes a second"
            " person: use TopologyAdmin and PolicyAdmin. Nothing was changed."
        )
        raise click.ClickException(message) from error
    except (ContentionError, ConfigurationChangingError) as error:
        message = "somebody else changes this tenant's configuration; try again"
        raise click.ClickException(message) from error
    finally:
        await engine.dispose()


def fail(problems: Sequence[SourceProblem]) -> NoReturn:
    """Prints every problem and ends the program."""
    for problem in problems:
        click.echo(str(problem), err=True)
    click.echo(f"Nothing was changed: {count_of(len(problems), 'problem')}.", err=True)
    sys.exit(1)


def describe(report: AppliedReport) -> None:
    """Prints what became of each document."""
    for document in report.documents:
        became = "active now" if document.is_new else "active before, unchanged"
        print(f"{document.title}: version {document.version}, {became}")
    if report.is_changed:
        print(f"Tenant {report.tenant_id} is at epoch {report.epoch}.")
    else:
        print(f"Tenant {report.tenant_id} stays at epoch {report.epoch}: nothing is new.")
