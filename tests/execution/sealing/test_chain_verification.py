"""`verify --chain` is content with what was sealed, and finds what was altered since.

Each alteration is made in Postgres, by its superuser.
"""

import asyncio
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from tests.database import Database
from tests.execution.conftest import StartExecutor
from tests.execution.sealing.alterations import ALTERATIONS, OF_PLAYER
from tests.execution.sealing.conftest import COMMITS_MAX, seal_all
from tests.execution.vocabulary import Caller, authorize, credit, settle, wallet_of
from wallet_server.core.administration.chain import (
    Head,
    digest_of,
    head_of,
    read_contents,
    seal,
    write_contents,
    write_range,
)
from wallet_server.core.audit.difference import Check, Difference
from wallet_server.execution.chain_verification import ChainScope, ChainSummary, verify_chain
from wallet_server.execution.sealing.keys import (
    PublicKeys,
    SigningKey,
    load_public_keys,
    load_signing_key,
    make_key_pair,
)
from wallet_server.storage.chain_reading import load_entries
from wallet_server.storage.engine import create_engine


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


@pytest.mark.parametrize("name", ALTERATIONS)
async def test_what_was_altered_is_found(sealed: Database, scope: ChainScope, name: str) -> None:
    statements, expected = ALTERATIONS[name]
    _, before = await find(sealed, scope)
    assert before.head is not None
    superuser = await sealed.connect_superuser()
    await superuser.execute(statements)

    found, _ = await find(sealed, replace(scope, heads=(before.head,)))

    lines = [str(each) for each in found]
    assert [each for each in expected if not any(begins(line, each) for line in lines)] == []
    assert [line for line in lines if not any(begins(line, each) for each in expected)] == []


def begins(line: str, pattern: str) -> bool:
    return fnmatchcase(line, pattern.replace("[", "[[]") + "*")


async def test_a_forged_chain_is_found_by_its_signatures_and_by_a_known_head(
    sealed: Database, scope: ChainScope, tmp_path: Path
) -> None:
    """Whoever alters an entry and makes all blocks anew has no key to sign them with."""
    _, before = await find(sealed, scope)
    assert before.head is not None
    superuser = await sealed.connect_superuser()
    await superuser.execute(
        f"UPDATE entries SET correlation_id = 'x' WHERE {OF_PLAYER} AND sequence = 2"
    )
    make_key_pair(tmp_path / "forged.pem")
    await forge(sealed, load_signing_key(tmp_path / "forged.pem"))

    by_links, _ = await find(sealed, ChainScope(PublicKeys(())))
    by_keys, after = await find(sealed, scope)
    by_head, _ = await find(sealed, ChainScope(PublicKeys(()), heads=(before.head,)))

    assert by_links == []
    assert {each.check for each in by_keys} == {Check.CHAIN_SIGNATURE}
    assert len(by_keys) == after.block_count
    assert [each.check for each in by_head] == [Check.CHAIN_HEAD]


async def forge(database: Database, key: SigningKey) -> None:
    """Makes all blocks anew, over what is there now, as the superuser."""
    connection = await database.connect_superuser()
    rows = await connection.fetch("SELECT * FROM chain_blocks ORDER BY number")
    head: Head | None = None
    for row in rows:
        ranges, records = read_contents(row["contents"])
        found = await load_entries(connection, ranges)
        written = b"".join(
            write_range(
                each._replace(
                    digest=digest_of(*(entry.row for entry in entries)), entries_count=len(entries)
                )
            )
            for each, entries in zip(ranges, found, strict=True)
        )
        block = key.sign(
            seal(
                write_contents(written, records),
                entries_count=row["entries_count"],
                records_count=row["records_count"],
                previous=head,
                now=row["seal_time"],
            )
        )
        await connection.execute(
            "UPDATE chain_blocks SET contents = $2, previous_hash = $3, contents_hash = $4,"
            " block_hash = $5, key_id = $6, signature = $7 WHERE number = $1",
            block.number,
            *(block.contents, block.previous_hash, block.contents_hash),
            *(block.block_hash, block.key_id, block.signature),
        )
        head = head_of(block)


async def test_a_known_head_that_is_not_signed_proves_nothing(
    sealed: Database, scope: ChainScope
) -> None:
    _, before = await find(sealed, scope)
    assert before.head is not None
    head = replace(before.head, signature=bytes(64))

    found, _ = await find(sealed, replace(scope, heads=(head,)))

    assert [each.check for each in found] == [Check.CHAIN_HEAD]


async def test_blocks_from_before_there_was_a_key_need_no_signature(
    sealed: Database, scope: ChainScope
) -> None:
    superuser = await sealed.connect_superuser()
    await superuser.execute("UPDATE chain_blocks SET key_id = '', signature = '' WHERE number < 3")

    found, _ = await find(sealed, replace(scope, unsigned_until=2))
    strictly, _ = await find(sealed, replace(scope, unsigned_until=1))

    assert found == []
    assert [each.subject for each in strictly] == ["block 2"]


async def test_rows_that_wait_for_a_block_are_fine_and_then_are_sealed(
    sealed: Database, scope: ChainScope, key: SigningKey, start_executor: StartExecutor
) -> None:
    before = (await find(sealed, scope))[1]
    caller = Caller(await start_executor(url=sealed.server_url), wallet_of("late"))
    await caller.open(balance=100)

    found, waiting = await find(sealed, scope)
    engine = create_engine(sealed.server_url)
    await seal_all(engine, key)
    await engine.dispose()
    found_after, after = await find(sealed, scope)

    assert (found, found_after) == ([], [])
    assert waiting.entry_count == before.entry_count
    assert after.entry_count == before.entry_count + 1
    assert after.record_count == before.record_count + 1


async def test_roles_of_an_audit_record_that_are_counted_from_elsewhere_are_found(
    sealed: Database, scope: ChainScope, key: SigningKey
) -> None:
    superuser = await sealed.connect_superuser()
    await superuser.execute(
        "INSERT INTO audit_records SELECT tenant_id, gen_random_uuid(), record_time, actor,"
        " '{owner,admin}', credential_id, peer, method, resource_kind, resource_id,"
        " resource_revision, 'another', fingerprint, outcome, refusal, before, after, reason,"
        " correlation_id, shard, wallet_id FROM audit_records WHERE resource_kind = 'TOPOLOGY';"
        " INSERT INTO commits SELECT 0, gen_random_uuid(), json_build_object('records',"
        " json_build_array(json_build_array(tenant_id, record_id)))"
        " FROM audit_records WHERE request_id = 'another'"
    )
    engine = create_engine(sealed.server_url)
    await seal_all(engine, key)
    await engine.dispose()
    found_before, _ = await find(sealed, scope)

    await superuser.execute(
        "UPDATE audit_records SET actor_roles = '[0:1]={owner,admin}' WHERE request_id = 'another'"
    )
    found, _ = await find(sealed, scope)

    assert found_before == []
    assert {each.check for each in found} == {Check.CHAIN_RECORD}


async def test_what_was_inserted_is_found_after_a_block_was_made_twice_of_other_rows(
    sealed: Database, scope: ChainScope, key: SigningKey
) -> None:
    statements, _ = ALTERATIONS[
        "an inserted entry, and a commit that names as many that are sealed"
    ]
    superuser = await sealed.connect_superuser()
    await superuser.execute(statements)
    engine = create_engine(sealed.server_url)
    await seal_all(engine, key)
    await engine.dispose()

    found, _ = await find(sealed, scope)

    assert [(each.check, each.subject) for each in found] == [(Check.CHAIN_UNSEALED, "#9999")]


async def test_what_servers_were_made_to_seal_again_is_found_by_a_known_head_alone(
    sealed: Database, scope: ChainScope, key: SigningKey
) -> None:
    """Whoever puts commits back into the queue needs no key: servers sign what they find there."""
    _, before = await find(sealed, scope)
    assert before.head is not None
    superuser = await sealed.connect_superuser()
    await superuser.execute(
        "INSERT INTO commits SELECT shard, gen_random_uuid(), json_build_object('wallets',"
        " json_build_array(json_build_array(shard, wallet_id, 1, sequence))) FROM wallets;"
        " INSERT INTO commits SELECT 0, gen_random_uuid(), json_build_object('records',"
        " json_agg(json_build_array(tenant_id, record_id))) FROM audit_records;"
        f" UPDATE entries SET correlation_id = 'x' WHERE {OF_PLAYER} AND sequence = 2;"
        " TRUNCATE chain_blocks"
    )
    engine = create_engine(sealed.server_url)
    await seal_all(engine, key)
    await engine.dispose()

    found, _ = await find(sealed, scope)
    by_head, _ = await find(sealed, replace(scope, heads=(before.head,)))

    assert found == []
    assert [each.check for each in by_head] == [Check.CHAIN_HEAD]


async def test_servers_may_work_and_seal_while_the_chain_is_verified(
    sealed: Database, scope: ChainScope, key: SigningKey, start_executor: StartExecutor
) -> None:
    executor = await start_executor(url=sealed.server_url)
    engine = create_engine(sealed.server_url, connections_max=1)

    async def bet(name: str) -> None:
        caller = Caller(executor, wallet_of(name))
        await caller.open(balance=100_000)
        for number in range(30):
            await caller.send(f"a{number}", authorize(f"bet-{number}"))
            await caller.send(f"s{number}", settle(f"bet-{number}", 15))

    betting = asyncio.gather(*(bet(f"busy-{number}") for number in range(8)))
    found: list[Difference] = []
    while not betting.done():
        await seal_all(engine, key)
        found += (await find(sealed, scope))[0]
    await betting
    await seal_all(engine, key)
    last, summary = await find(sealed, scope)
    await engine.dispose()

    assert found + last == []
    connection = await sealed.connect()
    assert summary.entry_count == await connection.fetchval("SELECT count(*) FROM entries")


async def test_two_sealers_at_once_make_each_block_once(
    sealed: Database, scope: ChainScope, key: SigningKey, start_executor: StartExecutor
) -> None:
    caller = Caller(await start_executor(url=sealed.server_url), wallet_of("late"))
    await caller.open(balance=100)
    for number in range(2 * COMMITS_MAX):
        await caller.send(f"r{number}", credit())
    engines = [create_engine(sealed.server_url) for _ in range(2)]

    made = await asyncio.gather(
        *(seal_all(engine, key) for engine in engines), return_exceptions=True
    )
    await seal_all(engines[0], key)
    found, _ = await find(sealed, scope)
    for engine in engines:
        await engine.dispose()

    assert [each for each in made if not isinstance(each, int | IntegrityError)] == []
    assert found == []
