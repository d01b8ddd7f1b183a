"""`wallet-server verify --chain`: what it is held against, and what is told of it."""

from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from wallet_server.cli.tables import count_of
from wallet_server.execution.chain_verification import ChainScope, ChainSummary
from wallet_server.execution.sealing.heads import HeadsFileError, read_heads
from wallet_server.execution.sealing.keys import ChainKeyError, load_public_keys

R = TypeVar("R")

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

OPTIONS = (
    click.option("--chain", is_flag=True, help="Verify the chain, and nothing else."),
    click.option(
        "--public-key",
        "public_keys",
        type=FILE,
        multiple=True,
        help="With --chain: a key that has signed blocks. May be given several times.",
    ),
    click.option(
        "--heads",
        "heads_file",
        type=FILE,
        help="With --chain: heads that were written down before.",
    ),
    click.option(
        "--unsigned-until",
        type=click.IntRange(min=0),
        default=0,
        metavar="NUMBER",
        help="With --chain and --public-key: blocks up to this one need no signature.",
    ),
)


def chain_options(command: Callable[..., R]) -> Callable[..., R]:
    """Adds the options of `--chain`. The command takes `chain_scope`, which is none without it."""

    @wraps(command)
    def with_scope(
        *,
        chain: bool,
        public_keys: tuple[Path, ...],
        heads_file: Path | None,
        unsigned_until: int,
        **options: Any,  # noqa: ANN401 - the command's own.
    ) -> R:
        if not chain and (public_keys or heads_file or unsigned_until):
            raise click.UsageError("--public-key, --heads and --unsigned-until go with --chain.")
        scope = read_scope(public_keys, heads_file, unsigned_until) if chain else None
        return command(chain_scope=scope, **options)

    for option in reversed(OPTIONS):
        with_scope = option(with_scope)
    return with_scope


def read_scope(
    public_keys: Sequence[Path], heads_file: Path | None, unsigned_until: int
) -> ChainScope:
    """Reads keys and heads, or ends the program where they cannot be used."""
    try:
        keys = load_public_keys(public_keys)
        heads = read_heads(heads_file) if heads_file else []
    except (ChainKeyError, HeadsFileError) as error:
        raise click.ClickException(str(error)) from error
    return ChainScope(keys, tuple(heads), unsigned_until)


def describe_chain(summary: ChainSummary, scope: ChainScope) -> None:
    """Prints how much was verified, where the chain ends, and what that proves."""
    print(
        f"{count_of(summary.block_count, 'block')},"
        f" {count_of(summary.entry_count, 'entry', 'entries')},"
        f" {count_of(summary.record_count, 'audit record')}:"
        f" {count_of(summary.difference_count, 'difference')}"
    )
    if summary.head is not None:
        head = summary.head
        signed = f"signed by {head.key_id}" if head.key_id else "not signed"
        print(f"    head {head.number} {head.block_hash.hex()} {head.seal_time:%FT%TZ} {signed}")
    if not scope.keys:
        print("    Signatures were not checked: no --public-key was given.")
    if not scope.heads:
        print("    Whether the chain was cut off was not checked: no --heads were given.")
