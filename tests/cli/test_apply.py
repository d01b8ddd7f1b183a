"""`wallet-server apply`: who may change what is active by it."""

from pathlib import Path

import pytest

from tests.cli.programs import run_here
from tests.database import Database

CHANGED = """
kind: WalletPolicy
debt_blocks_bets: true
bet_blocked_deposits: false
"""


@pytest.fixture
def changed(tmp_path: Path) -> str:
    """A wallet policy other than that of the shape."""
    file = tmp_path / "changed.yaml"
    file.write_text(CHANGED)
    return str(file)


async def test_what_is_active_takes_a_second_person_unless_the_tenant_is_single_handed(
    database: Database, changed: str
) -> None:
    url = database.server_url
    await run_here("apply", "--tenant", "shop", "booking", WALLET_DATABASE_URL=url)
    await run_here(
        "apply", "--tenant", "mine", "--single-handed", "booking", WALLET_DATABASE_URL=url
    )

    same = await run_here("apply", "--tenant", "shop", "booking", WALLET_DATABASE_URL=url)
    shop = await run_here("apply", "--tenant", "shop", changed, WALLET_DATABASE_URL=url)
    insisting = ("apply", "--tenant", "shop", "--single-handed", changed)
    again = await run_here(*insisting, WALLET_DATABASE_URL=url)
    mine = await run_here("apply", "--tenant", "mine", changed, WALLET_DATABASE_URL=url)

    assert (same.code, shop.code, again.code, mine.code) == (0, 1, 1, 0), mine.stderr
    assert shop.stderr == again.stderr
    assert shop.stderr.startswith("Error: tenant shop has an active configuration")
    assert mine.stdout == "WalletPolicy: version 2, active now\nTenant mine is at epoch 2.\n"
    connection = await database.connect()
    rows = await connection.fetch(
        "SELECT tenant_id, version FROM wallet_policies WHERE state = 'ACTIVE' ORDER BY tenant_id"
    )
    assert [tuple(row) for row in rows] == [("mine", 2), ("shop", 1)]


async def test_what_is_applied_is_on_record(database: Database, changed: str) -> None:
    url = database.server_url
    await run_here(
        "apply", "--tenant", "mine", "--single-handed", "booking", WALLET_DATABASE_URL=url
    )
    await run_here("apply", "--tenant", "mine", changed, WALLET_DATABASE_URL=url)

    connection = await database.connect()
    rows = await connection.fetch(
        "SELECT resource_kind, resource_id, resource_revision, actor, method, after ->> 'state' "
        "FROM audit_records WHERE resource_kind IN ('TENANT', 'WALLET_POLICY') "
        "ORDER BY record_time, resource_kind, resource_id, resource_revision"
    )
    assert [tuple(row) for row in rows] == [
        ("TENANT", "mine", 1, "apply", "apply", None),
        ("WALLET_POLICY", "1", 1, "apply", "apply", "ACTIVE"),
        ("WALLET_POLICY", "1", 2, "apply", "apply", "SUPERSEDED"),
        ("WALLET_POLICY", "2", 1, "apply", "apply", "ACTIVE"),
    ]


async def test_that_one_person_may_not_change_it_alone_is_on_record_too(
    database: Database, changed: str
) -> None:
    url = database.server_url
    await run_here("apply", "--tenant", "shop", "booking", WALLET_DATABASE_URL=url)
    await run_here("apply", "--tenant", "shop", changed, WALLET_DATABASE_URL=url)

    connection = await database.connect()
    rows = await connection.fetch(
        "SELECT tenant_id, actor, method, resource_id, refusal ->> 'reason', "
        "refusal -> 'details' ->> 'resource' FROM audit_records WHERE outcome = 'REFUSED'"
    )
    assert [tuple(row) for row in rows] == [
        ("shop", "apply", "apply", "shop", "APPROVER_SAME_AS_AUTHOR", "WalletPolicy")
    ]
