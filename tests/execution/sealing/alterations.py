"""What somebody with all rights may do to rows that are sealed, and what must be told of it."""

OF_PLAYER = "wallet_id = (SELECT wallet_id FROM wallets WHERE player_id = 'player')"

ALTERATIONS: dict[str, tuple[str, list[str]]] = {
    "an entry's amount": (
        f"UPDATE entries SET changes = ARRAY[10001, -10001] WHERE {OF_PLAYER} AND sequence = 2",
        ["CHAIN_ENTRY demo/player/EUR #2: its 1 entries were changed, after block 1"],
    ),
    "an entry's time": (
        (
            f"UPDATE entries SET entry_time = entry_time + interval '1 us'"
            f" WHERE {OF_PLAYER} AND sequence = 2"
        ),
        ["CHAIN_ENTRY demo/player/EUR #2: its 1 entries were changed, after block 1"],
    ),
    "an entry's time that is no time": (
        f"UPDATE entries SET entry_time = 'infinity' WHERE {OF_PLAYER} AND sequence = 2",
        ["CHAIN_ENTRY demo/player/EUR #2: its 1 entries were changed, after block 1"],
    ),
    "an entry whose amounts are no list": (
        (
            "ALTER TABLE entries DROP CONSTRAINT entries_sound_check;"
            f" UPDATE entries SET changes = ARRAY[changes] WHERE {OF_PLAYER} AND sequence = 2"
        ),
        ["CHAIN_ENTRY demo/player/EUR #2: its 1 entries were changed, after block 1"],
    ),
    "an entry whose amounts are counted from elsewhere": (
        (
            "ALTER TABLE entries DROP CONSTRAINT entries_sound_check;"
            " UPDATE entries SET changes = ('[0:1]=' || changes::text)::bigint[]"
            f" WHERE {OF_PLAYER} AND sequence = 2"
        ),
        ["CHAIN_ENTRY demo/player/EUR #2: its 1 entries were changed, after block 1"],
    ),
    "a removed entry": (
        f"DELETE FROM entries WHERE {OF_PLAYER} AND sequence = 2",
        ["CHAIN_ENTRY demo/player/EUR #2: 1 of 1 entries were removed, after block 1"],
    ),
    "an entry that is inserted among others": (
        (
            f"INSERT INTO entries SELECT shard, wallet_id, 1, 0, asset_code, accounts, changes,"
            f" balances_after, entry_time, request_id, command, provider_id, bet_ref, correlation_id"
            f" FROM entries WHERE {OF_PLAYER} AND sequence = 2"
        ),
        ["CHAIN_ENTRY demo/player/EUR #1: 1 entries were added to 0, after block 1"],
    ),
    "an entry that is inserted after the last": (
        (
            f"INSERT INTO entries SELECT shard, wallet_id, 9999, 0, asset_code, accounts, changes,"
            f" balances_after, entry_time, request_id, command, provider_id, bet_ref, correlation_id"
            f" FROM entries WHERE {OF_PLAYER} AND sequence = 2"
        ),
        ["CHAIN_UNSEALED demo/player/EUR #9999: no block has its entries"],
    ),
    "an inserted entry, and a commit that names as many that are sealed": (
        (
            f"INSERT INTO entries SELECT shard, wallet_id, 9999, 0, asset_code, accounts, changes,"
            f" balances_after, entry_time, request_id, command, provider_id, bet_ref, correlation_id"
            f" FROM entries WHERE {OF_PLAYER} AND sequence = 2;"
            f" INSERT INTO commits SELECT shard, gen_random_uuid(), json_build_object('wallets',"
            f" json_build_array(json_build_array(shard, wallet_id, 2, 2)))"
            f" FROM wallets WHERE player_id = 'player'"
        ),
        ["CHAIN_UNSEALED demo/player/EUR #9999: no block has its entries"],
    ),
    "entries that change places": (
        (
            f"UPDATE entries SET sequence = 5 - sequence + 5000 WHERE {OF_PLAYER} AND sequence IN (2, 3);"
            f" UPDATE entries SET sequence = sequence - 5000 WHERE {OF_PLAYER} AND sequence > 5000"
        ),
        [
            "CHAIN_ENTRY demo/player/EUR #2: its 1 entries were changed, after block 1",
            "CHAIN_ENTRY demo/player/EUR #3: its 1 entries were changed, after block 1",
        ],
    ),
    "an entry that is removed and another that is inserted": (
        f"UPDATE entries SET sequence = 9999 WHERE {OF_PLAYER} AND sequence = 2",
        [
            "CHAIN_ENTRY demo/player/EUR #2: 1 of 1 entries were removed, after block 1",
            "CHAIN_UNSEALED demo/player/EUR #9999: no block has its entries",
        ],
    ),
    "a removed audit record": (
        "DELETE FROM audit_records WHERE resource_kind = 'TOPOLOGY'",
        ["CHAIN_RECORD demo audit record *: it was removed, after block 1"],
    ),
    "what an audit record says": (
        "UPDATE audit_records SET actor = 'nobody' WHERE resource_kind = 'TOPOLOGY'",
        ["CHAIN_RECORD demo audit record *: it was changed, after block 1"],
    ),
    "an audit record from before our era": (
        "UPDATE audit_records SET record_time = '0044-03-15 BC' WHERE resource_kind = 'TOPOLOGY'",
        ["CHAIN_RECORD demo audit record *: it was changed, after block 1"],
    ),
    "an inserted audit record": (
        (
            "INSERT INTO audit_records SELECT tenant_id, gen_random_uuid(), record_time, actor,"
            " actor_roles, credential_id, peer, method, resource_kind, resource_id, resource_revision,"
            " 'another', fingerprint, outcome, refusal, before, after, reason, correlation_id, shard,"
            " wallet_id FROM audit_records WHERE resource_kind = 'TOPOLOGY'"
        ),
        ["CHAIN_UNSEALED demo audit record *: no block has it"],
    ),
    "an inserted audit record, and a commit that names one that is sealed": (
        (
            "INSERT INTO commits SELECT 0, gen_random_uuid(), json_build_object('records',"
            " json_build_array(json_build_array(tenant_id, record_id)))"
            " FROM audit_records WHERE resource_kind = 'TOPOLOGY';"
            " INSERT INTO audit_records SELECT tenant_id, gen_random_uuid(), record_time, actor,"
            " actor_roles, credential_id, peer, method, resource_kind, resource_id, resource_revision,"
            " 'another', fingerprint, outcome, refusal, before, after, reason, correlation_id, shard,"
            " wallet_id FROM audit_records WHERE resource_kind = 'TOPOLOGY'"
        ),
        ["CHAIN_UNSEALED demo audit record *: no block has it"],
    ),
    "an audit record that is there a second time, and says otherwise": (
        (
            "ALTER TABLE audit_records DROP CONSTRAINT audit_records_pkey;"
            " INSERT INTO audit_records SELECT tenant_id, record_id, record_time, 'nobody',"
            " actor_roles, credential_id, peer, method, resource_kind, resource_id, resource_revision,"
            " 'another', fingerprint, outcome, refusal, before, after, reason, correlation_id, shard,"
            " wallet_id FROM audit_records WHERE resource_kind = 'TOPOLOGY';"
            " UPDATE audit_records SET actor = actor"
            " WHERE resource_kind = 'TOPOLOGY' AND request_id <> 'another'"
        ),
        ["CHAIN_RECORD demo audit record *: 1 more of its name were added, after block 1"],
    ),
    "an audit record that is there a second time, and says the same": (
        (
            "ALTER TABLE audit_records DROP CONSTRAINT audit_records_pkey;"
            " INSERT INTO audit_records SELECT * FROM audit_records WHERE resource_kind = 'TOPOLOGY'"
        ),
        ["CHAIN_RECORD demo audit record *: 1 more of its name were added, after block 1"],
    ),
    "an entry that is there a second time": (
        (
            "ALTER TABLE entries DROP CONSTRAINT entries_pkey;"
            f" INSERT INTO entries SELECT * FROM entries WHERE {OF_PLAYER} AND sequence = 2"
        ),
        ["CHAIN_ENTRY demo/player/EUR #2: 1 entries were added to 1, after block 1"],
    ),
    "a block that is there a second time": (
        (
            "ALTER TABLE chain_blocks DROP CONSTRAINT chain_blocks_pkey;"
            " INSERT INTO chain_blocks SELECT * FROM chain_blocks WHERE number = 2"
        ),
        ["CHAIN_BLOCK chain block 2: "],
    ),
    "a removed block": (
        "DELETE FROM chain_blocks WHERE number = 2",
        ["CHAIN_BLOCK chain block 3: before it, block 2 is missing", "CHAIN_UNSEALED"],
    ),
    "two removed blocks": (
        "DELETE FROM chain_blocks WHERE number IN (2, 3)",
        ["CHAIN_BLOCK chain block 4: before it, blocks 2 to 3 are missing", "CHAIN_UNSEALED"],
    ),
    "a truncated chain": (
        "DELETE FROM chain_blocks WHERE number > 2",
        [
            "CHAIN_HEAD chain block *: it was the head once, and is gone; the last block is 2",
            "CHAIN_UNSEALED",
        ],
    ),
    "a chain that is removed with all that it covered": (
        "TRUNCATE chain_blocks, entries, audit_records",
        ["CHAIN_HEAD chain block *: it was the head once, and is gone; the last block is 0"],
    ),
    "blocks that change places": (
        (
            "UPDATE chain_blocks SET number = 5 - number + 5000 WHERE number IN (2, 3);"
            " UPDATE chain_blocks SET number = number - 5000 WHERE number > 5000"
        ),
        [
            "CHAIN_BLOCK chain block 2: it does not follow the block before",
            "CHAIN_BLOCK chain block 2: its hash is not of what it says",
            "CHAIN_BLOCK chain block 3: it does not follow the block before",
            "CHAIN_BLOCK chain block 3: its hash is not of what it says",
            "CHAIN_BLOCK chain block 3: it is older than the block before",
            "CHAIN_BLOCK chain block 4: it does not follow the block before",
        ],
    ),
    "a block's time": (
        "UPDATE chain_blocks SET seal_time = seal_time + interval '1 us' WHERE number = 2",
        ["CHAIN_BLOCK chain block 2: its hash is not of what it says"],
    ),
    "a block's time that no calendar has": (
        "UPDATE chain_blocks SET seal_time = '20000-01-01' WHERE number = 2",
        [
            "CHAIN_BLOCK chain block 2: its hash is not of what it says",
            "CHAIN_BLOCK chain block 3: it is older than the block before",
        ],
    ),
    "a block's contents": (
        (
            "UPDATE chain_blocks SET contents = set_byte(contents, 20, get_byte(contents, 20) # 1)"
            " WHERE number = 2"
        ),
        ["CHAIN_BLOCK chain block 2: its contents are not those that were sealed"],
    ),
    "contents that cannot be read": (
        "UPDATE chain_blocks SET contents = '' WHERE number = 2",
        [
            "CHAIN_BLOCK chain block 2: its contents are not those that were sealed",
            "CHAIN_BLOCK chain block 2: it cannot be read",
            "CHAIN_UNSEALED",
        ],
    ),
    "a block's signature": (
        (
            "UPDATE chain_blocks SET signature = set_byte(signature, 0, get_byte(signature, 0) # 1)"
            " WHERE number = 2"
        ),
        ["CHAIN_SIGNATURE chain block 2: its signature is not of the key"],
    ),
    "a removed signature": (
        "UPDATE chain_blocks SET signature = '', key_id = '' WHERE number = 2",
        ["CHAIN_SIGNATURE chain block 2: it is not signed"],
    ),
}
"""What somebody does, and how each line begins that must be told of it. `*` stands for anything."""
