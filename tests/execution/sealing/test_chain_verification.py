"""`verify --chain` is content with what was sealed, and finds what was altered since.

Each alteration is made in Postgres, by its superuser.
"""

from pathlib import Path

import pytest

from tests.database import Database
from wallet_server.core.audit.difference import Difference
from wallet_server.execution.chain_verification import ChainScope, ChainSummary, verify_chain
from wallet_server.execution.sealing.keys import load_public_keys


async def find(database: Database, scope: ChainScope) -> tuple[list[Difference], ChainSummary]:
    found: list[Difference] = []
    return found, await verify_chain(database.server_url, scope, found.append)


@pytest.fixture
def scope(public_key_file: Path) -> ChainScope:
    return ChainScope(load_public_keys([public_key_file]))


async def test_what_was_sealed_is_as_it_was(sealed: Database, scope: ChainScope) -> None:
    found, summary = await find(sealed, scope)
    connection = await sealed.connect()

    assert [str(each) for each in found] == []
    assert summary.block_count > 3
    assert summary.entry_count == await connection.fetchval("SELECT count(*) FROM entries")
    assert summary.record_count == await connection.fetchval("SELECT count(*) FROM audit_records")
    assert summary.record_count > 0
    assert summary.head is not None
