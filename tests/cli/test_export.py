"""`wallet-server export`: files for people, and what they come to."""

import errno
import hashlib
import io
import os
import re
import signal
from pathlib import Path

import pytest
from click import ClickException

from tests.cli.programs import Ended, run, run_here, start
from tests.database import Database
from tests.execution.ledger import wait_until
from tests.exports.conftest import ledger, own_ledger
from tests.exports.reading import read_csv, read_pdf, read_xlsx, request_of
from wallet_server.cli.export import write
from wallet_server.cli.progress import progress_bar
from wallet_server.core.exports.request import ExportKind

__all__ = ["ledger", "own_ledger"]

PRIVATE = 0o600


async def export(database: Database, *arguments: str) -> Ended:
    """Runs it on a database."""
    return await run_here("export", *arguments, WALLET_DATABASE_URL=database.server_url)


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_a_file_is_as_its_name_says_and_nobody_elses(
    ledger: Database, tmp_path: Path
) -> None:
    readers = {"csv": read_csv, "xlsx": read_xlsx, "pdf": read_pdf}
    for kind in ("entries", "statement", "finance"):
        for suffix, read in readers.items():
            path = tmp_path / f"{kind}.{suffix}"

            ended = await export(ledger, kind, "--tenant", "demo", "-o", str(path))

            assert ended.code == 0, ended.stderr
            assert read(path.read_bytes())
            assert path.stat().st_mode & 0o777 == PRIVATE
    assert len(files_in(tmp_path)) == 9


async def test_it_says_what_the_file_has_come_to_as_verify_does(
    ledger: Database, tmp_path: Path
) -> None:
    path = tmp_path / "all.csv"

    said = await export(ledger, "entries", "-o", str(path))
    verified = await run_here("verify", WALLET_DATABASE_URL=ledger.server_url)

    first, digest, *house = said.stdout.splitlines()
    size_bytes = path.stat().st_size
    assert first == f"{path}: 712 rows of 318 entries, {size_bytes} bytes"
    assert digest == f"    SHA-256 {hashlib.sha256(path.read_bytes()).hexdigest()}"
    assert house == verified.stdout.splitlines()[1:] != []
    assert said.stderr == ""


async def test_of_a_finance_report_it_counts_no_entries_which_that_does_not_tell(
    ledger: Database, tmp_path: Path
) -> None:
    path = tmp_path / "finance.csv"

    said = await export(ledger, "finance", "--tenant", "demo", "-o", str(path))

    first, digest, *house = said.stdout.splitlines()
    rows = read_csv(path.read_bytes())
    assert first == f"{path}: {len(rows)} rows, {path.stat().st_size} bytes"
    assert digest.startswith("    SHA-256 ")
    assert any(line.startswith("    demo H:GAME:SPORTS EUR ") for line in house)


async def test_standard_output_has_the_file_and_nothing_else(ledger: Database) -> None:
    ended = await run(
        *("export", "entries", "--format", "csv", "-o", "-", "--kind", "settlebet"),
        WALLET_DATABASE_URL=ledger.server_url,
    )

    assert ended.code == 0, ended.stderr
    rows = read_csv(ended.stdout.encode())
    assert {row["command"] for row in rows} == {"SettleBet"}
    assert ended.stderr.startswith(f"{len(rows)} rows of ")


async def test_times_and_languages_are_as_they_are_written(
    ledger: Database, tmp_path: Path
) -> None:
    path = tmp_path / "late.csv"

    ended = await export(
        ledger,
        *("statement", "--wallet", "demo/player/EUR", "--locale", "de-DE"),
        *("--from", "2030-01-02", "--until", "2031-01-01T12:30:00+01:00", "-o", str(path)),
    )

    assert ended.code == 0, ended.stderr
    rows = read_csv(path.read_bytes(), delimiter=";")
    assert {row["player"] for row in rows} == {"player"}
    assert {row["line"] for row in rows} == {"OPENING", "CHANGE", "CLOSING"}
    assert min(row["time"] for row in rows if row["time"]) > "2030-01-02"
    assert any(re.fullmatch(r"[\d.]*\d,\d\d", row["balance"]) for row in rows)


async def test_a_file_says_in_utc_what_it_is_of(ledger: Database, tmp_path: Path) -> None:
    path = tmp_path / "all.pdf"

    ended = await export(
        ledger,
        *("entries", "--tenant", "demo", "--from", "2030-01-02", "-o", str(path)),
        *("--until", "2031-01-01T12:30:00+01:00"),
    )

    assert ended.code == 0, ended.stderr
    first, *_ = read_pdf(path.read_bytes())
    assert "From 2030-01-02 00:00:00 UTC" in first
    assert "Until 2031-01-01 11:30:00 UTC" in first


async def test_what_makes_no_sense_is_said_and_leaves_no_file(
    ledger: Database, tmp_path: Path
) -> None:
    file = ("-o", str(tmp_path / "x.csv"))
    cases = [
        (("entries",), "Missing option '--output'"),
        (("secrets", *file), "'secrets' is none of entries, statement, finance"),
        (("entries", "-o", str(tmp_path / "x.doc")), "Which format?"),
        (("statement", *file), "Whose statement?"),
        (("entries", "--from", "2030-01-02", "--until", "2030-01-02", *file), "must be before"),
        (("entries", "--from", "noon", *file), "'noon' is no time such as"),
        (("entries", "--from", "0001-01-01T00:00+01:00", *file), "is no time such as"),
        (("entries", "--kind", "Nothing", *file), "'Nothing' is not one of"),
        (("entries", "--wallet", "player", *file), "is not TENANT/PLAYER/CURRENCY"),
        (("entries", "--wallet", "demo/no/EUR", *file), "there is no wallet demo/no/EUR"),
        (("entries", "--tenant", "gone", *file), "there is no tenant gone"),
        (("entries", "--tenant", "x", "--wallet", "demo/player/EUR", *file), "is no wallet of x"),
        (("entries", "--locale", "xx", *file), "There is no locale 'xx'."),
        (("entries", "-o", str(tmp_path / "no" / "x.csv")), "cannot be written to"),
    ]

    for arguments, expected in cases:
        ended = await export(ledger, *arguments)
        assert ended.code != 0
        assert expected in ended.stderr.replace("\n", " "), ended.stderr
    assert files_in(tmp_path) == []


async def test_a_file_that_was_there_is_replaced_only_by_a_whole_one(
    ledger: Database, tmp_path: Path
) -> None:
    path = tmp_path / "kept.csv"
    path.write_text("before")

    failed = await export(ledger, "entries", "--tenant", "gone", "-o", str(path))
    assert (failed.code, path.read_text()) == (1, "before")

    ended = await export(ledger, "entries", "--tenant", "demo", "-o", str(path))
    assert ended.code == 0
    assert path.read_text().startswith("tenant,player,")


async def test_what_cannot_be_written_is_no_trouble_with_the_database(
    ledger: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "all.csv"
    folder.mkdir()

    taken = await export(ledger, "entries", "-o", str(folder))

    assert (taken.code, taken.stderr) == (1, f"Error: {folder} cannot be written: Is a directory\n")
    assert files_in(tmp_path) == [folder]


class Full(io.BytesIO):
    """A file on a disk that is full."""

    def write(self, _: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


async def test_a_full_disk_is_told_as_such(ledger: Database) -> None:
    request, said = request_of(ExportKind.ENTRIES), "my-file cannot be written: No space left"

    with progress_bar("commands read") as bar, pytest.raises(ClickException, match=said):
        await write(ledger.server_url, request, Full(), "my-file", bar)


WAITING = """
    SELECT EXISTS (
        SELECT FROM pg_stat_activity
        WHERE application_name = 'wallet-server export' AND wait_event_type = 'Lock'
            AND datname = current_database()
    )
"""


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
async def test_one_that_is_told_to_stop_leaves_no_file(
    own_ledger: Database, tmp_path: Path, suffix: str, signal_number: signal.Signals
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    connection = await own_ledger.connect_superuser()
    async with connection.transaction():
        await connection.execute("LOCK TABLE entries")
        async with start(
            *("export", "entries", "-o", str(tmp_path / f"all.{suffix}")),
            WALLET_DATABASE_URL=own_ledger.server_url,
            TMPDIR=str(folder),
        ) as running:
            watching = await own_ledger.connect_superuser()
            await wait_until(lambda: watching.fetchval(WAITING))

            ended = await running.stop(signal_number)

    assert (ended.code, ended.stderr) == (1, "\nAborted!\n")
    assert files_in(tmp_path) == [folder]
    assert files_in(folder) == []
