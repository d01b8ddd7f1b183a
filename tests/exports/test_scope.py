"""Files have what was asked for, and nothing of others."""

from datetime import timedelta

import pytest

from tests.database import Database
from tests.execution.story import START
from tests.exports.reading import (
    OTHER,
    PLAYER,
    make,
    read_csv,
)
from wallet_server.core.exports.request import ExportKind, ExportScope
from wallet_server.core.exports.totals import house_of

OF_PLAYER = ExportScope(tenant_id="demo", wallets=(PLAYER,))


@pytest.mark.parametrize("kind", ExportKind)
async def test_other_tenants_and_wallets_are_left_out(ledger: Database, kind: ExportKind) -> None:
    _, all_of_it, _ = await make(ledger, kind)
    _, of_one, _ = await make(ledger, kind, scope=OF_PLAYER)
    _, of_other, _ = await make(ledger, kind, scope=ExportScope(wallets=(OTHER,)))

    assert of_one.entry_count + of_other.entry_count == all_of_it.entry_count
    if kind is not ExportKind.STATEMENT:
        one, other = house_of(of_one.totals), house_of(of_other.totals)
        assert {k: one[k] + other[k] for k in one} == house_of(all_of_it.totals)


async def test_entries_of_a_time_and_of_a_kind_are_those_that_were_asked_for(
    ledger: Database,
) -> None:
    middle = START + timedelta(days=1)
    scopes = [
        ExportScope(start_time=middle),
        ExportScope(end_time=middle),
        ExportScope(end_time=middle, commands=frozenset({"SettleBet", "AuthorizeBet"})),
    ]

    late, early, bets = [
        read_csv((await make(ledger, ExportKind.ENTRIES, scope=scope))[0]) for scope in scopes
    ]

    bound = f"{middle:%Y-%m-%dT%H:%M:%S.%fZ}"
    assert min(row["time"] for row in late) >= bound > max(row["time"] for row in early)
    assert bets == [r for r in early if r["command"] in {"SettleBet", "AuthorizeBet"}] != []
