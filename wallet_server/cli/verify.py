"""`wallet-server verify`: derives everything again and lists what differs."""

import asyncio
import sys
from pathlib import Path

import click

from wallet_server.cli.database import open_database
from wallet_server.cli.database_faults import tell_database_faults
from wallet_server.cli.options import database_options, load_settings, scope_options
from wallet_server.cli.tables import count_of
from wallet_server.cli.verify_chain import chain_options, describe_chain
from wallet_server.core.audit.difference import Difference
from wallet_server.core.ids import WalletRef
from wallet_server.execution.chain_verification import ChainScope, verify_chain
from wallet_server.execution.verification import VerificationScope, VerificationSummary
from wallet_server.execution.verification import verify as verify_database


@click.command()
@scope_options
@chain_options
@database_options
def verify(
    *,
    tenant_id: str | None,
    wallets: tuple[WalletRef, ...],
    chain_scope: ChainScope | None,
    database_url: str | None,
    data_dir: Path | None,
    config_file: Path | None,
) -> None:
    """Derives every balance, sequence and bet again from the journal, and compares.

    Also checks every recorded answer against its entries. Lists every difference, one a line, and
    exits with 1 if there is any. It only reads, and may run while servers work.
    docs/operating/verify.md says what each kind of difference means. With --chain, holds the
    chain against the entries and audit records that it covers: docs/operating/tamper-evidence.md.

    \b
    Examples:
        wallet-server verify --data-dir DIRECTORY       (dev prints its own)
        wallet-server verify --database-url postgresql://wallet_server:…@db.example/wallet
        wallet-server verify --tenant acme
        wallet-server verify --wallet acme/player-7/EUR
        wallet-server verify --chain --public-key chain.pem.pub --heads chain-heads.jsonl
    """
    if chain_scope is not None and (tenant_id or wallets):
        raise click.UsageError("The chain is of all tenants: --chain goes with no scope.")
    settings = load_settings(config_file, database_url=database_url)
    with open_database(settings, data_dir) as urls, tell_database_faults(urls.server):
        if chain_scope is not None:
            found = asyncio.run(verify_chain(urls.server, chain_scope, report))
            describe_chain(found, chain_scope)
            sys.exit(1 if found.difference_count else 0)
        scope = VerificationScope(tenant_id, wallets)
        summary = asyncio.run(verify_database(urls.server, scope, report))
    describe(summary)
    sys.exit(1 if summary.difference_count else 0)


def report(difference: Difference) -> None:
    """Prints a difference as soon as it is found."""
    print(difference, flush=True)


def describe(summary: VerificationSummary) -> None:
    """Prints how much was verified, and where the house stands."""
    print(
        f"{count_of(summary.wallet_count, 'wallet')}, {count_of(summary.answer_count, 'answer')},"
        f" {count_of(summary.entry_count, 'entry', 'entries')},"
        f" {count_of(summary.bet_count, 'bet')}:"
        f" {count_of(summary.difference_count, 'difference')}"
    )
    for (tenant_id, account, asset_code), total in sorted(summary.house.items()):
        print(f"    {tenant_id} {account} {asset_code} {total:+}")
