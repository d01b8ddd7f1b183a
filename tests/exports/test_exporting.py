"""What files say is what the ledger says, whatever happened in it."""

import hashlib
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.database import Database
from tests.execution.story import START
from tests.exports.reading import (
    EVERYTHING,
    PLAYER,
    make,
    read_csv,
    read_pdf,
    read_xlsx,
    request_of,
)
from wallet_server.core.accounts import Account, is_house
from wallet_server.core.exports.request import ExportFormat, ExportKind, ExportScope
from wallet_server.core.exports.totals import house_of
from wallet_server.core.ids import WalletRef
from wallet_server.execution.verification import VerificationScope, verify
from wallet_server.exports import export_processes
from wallet_server.exports.export_processes import ExportProcesses
from wallet_server.exports.exporting import ExportSummary, connect
from wallet_server.exports.steps import (
    LedgerMismatchError,
    TenantMissingError,
    WalletMissingError,
)

OF_PLAYER = ExportScope(tenant_id="demo", wallets=(PLAYER,))
Key: TypeAlias = tuple[str, Account, str]
EXPONENTS = {"EUR": 2, "PTS": 0}

SUMS = """
SELECT e.asset_code, part.account, sum(part.change)::bigint AS change
FROM entries AS e, unnest(e.accounts, e.changes) AS part (account, change)
GROUP BY 1, 2
"""


def minor_units(text: str, asset_code: str) -> int:
    """Returns a plain amount as the ledger has it."""
    return int(Decimal(text or "0").scaleb(EXPONENTS[asset_code]))


async def house_in_ledger(database: Database, tenant_id: str = "demo") -> dict[Key, int]:
    """Returns what `verify` says that the house has."""
    summary = await verify(database.server_url, VerificationScope(tenant_id), print)
    assert summary.difference_count == 0
    return dict(summary.house)


# --- Totals


@pytest.mark.parametrize("form", ExportFormat)
@pytest.mark.parametrize("kind", [ExportKind.ENTRIES, ExportKind.FINANCE])
async def test_totals_are_those_of_verify(
    ledger: Database, kind: ExportKind, form: ExportFormat
) -> None:
    content, summary, _ = await make(ledger, kind, form)

    assert house_of(summary.totals) == await house_in_ledger(ledger)
    assert summary.size_bytes == len(content)
    assert summary.digest == hashlib.sha256(content).digest()


async def test_the_changes_of_a_csv_file_add_up_to_the_ledger(ledger: Database) -> None:
    content, summary, _ = await make(ledger, ExportKind.ENTRIES)

    found = Counter[tuple[str, str]]()
    rows = read_csv(content)
    for row in rows:
        found[row["asset"], row["account"]] += minor_units(row["change"], row["asset"])
    async with connect(ledger.server_url) as connection:
        sums = await connection.fetch(SUMS)
    expected = {(r["asset_code"], r["account"]): r["change"] for r in sums}
    assert dict(found) == expected
    assert len(rows) == summary.row_count
    assert len({tuple(row.values())[:5] for row in rows}) == summary.entry_count


async def test_the_rows_of_a_workbook_are_those_of_a_csv_file(ledger: Database) -> None:
    content, summary, _ = await make(ledger, ExportKind.ENTRIES)
    sheets = read_xlsx((await make(ledger, ExportKind.ENTRIES, ExportFormat.XLSX))[0])

    head, *rows = sheets["Entries"]
    named = [dict(zip(head, row, strict=True)) for row in rows]
    expected = [(r["account"], Decimal(r["change"])) for r in read_csv(content)]
    assert [(r["account"], round(Decimal(str(r["change"])), 2)) for r in named] == expected
    totals = [row for row in sheets["Totals"][1:] if is_house(Account(str(row[1])))]
    assert {
        (row[0], row[1], row[2]): minor_units(str(row[6]), str(row[2])) for row in totals
    } == await house_in_ledger(ledger)
    assert summary.row_count == len(rows)


# --- Statements


async def test_a_statement_closes_with_what_the_wallet_has(ledger: Database) -> None:
    content, _, _ = await make(ledger, ExportKind.STATEMENT, scope=OF_PLAYER)

    closing = {
        row["account"]: minor_units(row["balance"], row["asset"])
        for row in read_csv(content)
        if row["line"] == "CLOSING"
    }
    async with connect(ledger.server_url) as connection:
        row = await connection.fetchrow(
            "SELECT accounts, balances, debt_assets, debts FROM wallets WHERE player_id = 'player'"
        )
    assert row is not None
    held = dict(zip(row["accounts"], row["balances"], strict=True))
    owed = {f"DEBT:{a}": d for a, d in zip(row["debt_assets"], row["debts"], strict=True)}
    assert closing == {account: each for account, each in (held | owed).items() if each}


async def test_a_statement_goes_on_where_the_one_before_has_ended(ledger: Database) -> None:
    middle = START + timedelta(days=1)
    first = ExportScope(wallets=(PLAYER,), end_time=middle)
    second = ExportScope(wallets=(PLAYER,), start_time=middle)

    def of(content: bytes, line: str) -> dict[str, str]:
        return {r["account"]: r["balance"] for r in read_csv(content) if r["line"] == line}

    whole, early, late = [
        (await make(ledger, ExportKind.STATEMENT, scope=scope))[0]
        for scope in (OF_PLAYER, first, second)
    ]
    assert of(early, "OPENING") == {}
    assert of(early, "CLOSING") == of(late, "OPENING") != {}
    assert of(late, "CLOSING") == of(whole, "CLOSING")
    changes = [
        [r for r in read_csv(content) if r["line"] == "CHANGE"] for content in (whole, early, late)
    ]
    assert changes[0] == changes[1] + changes[2]
    assert changes[1]
    assert changes[2]


async def test_a_statement_of_some_kinds_of_commands_says_what_the_others_did(
    ledger: Database,
) -> None:
    scope = ExportScope(wallets=(PLAYER,), commands=frozenset({"SettleBet"}))

    rows = read_csv((await make(ledger, ExportKind.STATEMENT, scope=scope))[0])

    assert {r["command"] for r in rows if r["line"] == "CHANGE"} == {"SettleBet"}
    sums = Counter[str]()
    for row in rows:
        if row["line"] in {"CHANGE", "OTHERS"}:
            sums[row["account"]] += minor_units(row["in"], row["asset"])
            sums[row["account"]] -= minor_units(row["out"], row["asset"])
    closing = {
        r["account"]: minor_units(r["balance"], r["asset"]) for r in rows if r["line"] == "CLOSING"
    }
    assert {account: each for account, each in sums.items() if each} == closing


async def test_a_statement_of_a_tenant_has_a_page_for_every_wallet(ledger: Database) -> None:
    scope = ExportScope(tenant_id="demo")

    pages = read_pdf((await make(ledger, ExportKind.STATEMENT, ExportFormat.PDF, scope))[0])

    told = ["other" if "Wallet demo/other/EUR" in page else "player" for page in pages]
    assert {*told} == {"other", "player"}
    assert told == sorted(told)


async def test_what_contradicts_itself_is_not_exported(own_ledger: Database) -> None:
    await own_ledger.tamper(
        "UPDATE entries SET balances_after[1] = balances_after[1] + 1 WHERE sequence = 5"
    )

    with pytest.raises(LedgerMismatchError, match="after command 5 it comes to"):
        await make(own_ledger, ExportKind.STATEMENT, scope=OF_PLAYER)


# --- Finance reports


async def test_a_finance_report_opens_and_closes_with_what_accounts_have(ledger: Database) -> None:
    middle = START + timedelta(days=1)

    early, late = [
        read_csv((await make(ledger, ExportKind.FINANCE, scope=scope))[0])
        for scope in (ExportScope(end_time=middle), ExportScope(start_time=middle))
    ]

    def of(rows: list[dict[str, str]], line: str) -> dict[tuple[str, str], int]:
        return {
            (r["account"], r["asset"]): amount
            for r in rows
            if r["line"] == line and (amount := minor_units(r["balance"], r["asset"]))
        }

    house = {
        (account, asset_code): each
        for (_, account, asset_code), each in (await house_in_ledger(ledger)).items()
    }
    assert set(of(early, "OPENING").values()) == set()
    assert of(early, "CLOSING") == of(late, "OPENING")
    assert {k: v for k, v in of(late, "CLOSING").items() if k[0].startswith("H:")} == {
        k: v for k, v in house.items() if v
    }
    assert sum(v for (_, asset), v in of(late, "CLOSING").items() if asset == "EUR") == 0


async def test_a_finance_report_of_some_kinds_says_what_the_others_did(ledger: Database) -> None:
    scope = ExportScope(commands=frozenset({"ApproveDeposit"}))

    rows = read_csv((await make(ledger, ExportKind.FINANCE, scope=scope))[0])

    assert {r["command"] for r in rows if r["line"] == "DAY"} == {"ApproveDeposit"}
    for line in ("DAY", "OTHERS"):
        balance = sum(
            minor_units(r["credits"], r["asset"]) - minor_units(r["debits"], r["asset"])
            for r in rows
            if r["line"] == line and r["asset"] == "EUR"
        )
        assert balance == 0


# --- Scope


@pytest.mark.parametrize("kind", ExportKind)
async def test_what_is_not_there_is_refused(ledger: Database, kind: ExportKind) -> None:
    nobody = WalletRef("demo", "nobody", "EUR")

    with pytest.raises(WalletMissingError, match="there is no wallet demo/nobody/EUR"):
        await make(ledger, kind, scope=ExportScope(wallets=(PLAYER, nobody)))
    with pytest.raises(TenantMissingError, match="there is no tenant gone"):
        await make(ledger, kind, scope=ExportScope(tenant_id="gone"))


@pytest.mark.parametrize("form", ExportFormat)
@pytest.mark.parametrize("kind", ExportKind)
async def test_a_ledger_without_anything_is_exported_too(
    database: Database, kind: ExportKind, form: ExportFormat
) -> None:
    content, summary, progress = await make(database, kind, form)

    assert content
    assert (summary.row_count, summary.entry_count, summary.totals) == (0, 0, ())
    assert progress == []


# --- On the way


async def test_progress_rises_to_all_there_is(ledger: Database) -> None:
    for kind in ExportKind:
        _, _, progress = await make(ledger, kind)

        done = [each.done_commands for each in progress]
        assert done == sorted(done)
        assert {each.total_commands for each in progress} == {400}
        assert done[-1] == 400


async def test_a_process_of_its_own_makes_the_same_file(ledger: Database) -> None:
    content, summary, _ = await make(ledger, ExportKind.ENTRIES, scope=EVERYTHING)

    own = bytearray()
    processes = ExportProcesses(ledger.server_url, exports_max=1, tenant_exports_max=1)
    async for part in processes.parts(request_of(ExportKind.ENTRIES)):
        if isinstance(part, ExportSummary):
            assert part == summary
        else:
            own += getattr(part, "data", b"")
    assert bytes(own) == content


async def test_the_process_finds_its_program_where_the_server_has_and_no_terminal_reaches_it(
    ledger: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "found_only_here.py").write_text(
        "from wallet_server.exports.export_process import main"
    )
    monkeypatch.syspath_prepend(tmp_path)
    program = """
import os
import found_only_here
assert os.getsid(0) == os.getpid()
found_only_here.main()
"""
    monkeypatch.setattr(export_processes, "PROGRAM", ("-P", "-c", program))
    processes = ExportProcesses(ledger.server_url, exports_max=1, tenant_exports_max=1)

    parts = [part async for part in processes.parts(request_of(ExportKind.ENTRIES))]

    assert isinstance(parts[-1], ExportSummary)
