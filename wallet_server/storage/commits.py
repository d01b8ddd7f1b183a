"""What a batch leaves for those who come behind it: see `sealing.py` for what becomes of it.

A commit says which commands of which wallets the batch has recorded, by how much it has changed
what refers to buckets, and which of its commands are to be audited.
"""

from collections.abc import Mapping, Sequence
from uuid import NAMESPACE_OID, UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from wallet_server.core.administration.usage_changes import usage_changes
from wallet_server.core.administration.wallet_acts import is_act
from wallet_server.core.batch import Fold
from wallet_server.core.ids import WalletRef
from wallet_server.storage.json_text import to_json
from wallet_server.storage.keys import Key, key_of
from wallet_server.storage.loading import Loaded
from wallet_server.storage.tables_administration import commits

NO_WALLETS_SHARD = 0
"""Where commits lie that are of no single wallet."""


def commit_key(fold: Fold, ref: WalletRef) -> Key:
    """Returns what the commit of a batch is called, by a wallet of it.

    No other commit has this command of this wallet.
    """
    shard, wallet_id = key_of(ref)
    return shard, str(uuid5(NAMESPACE_OID, f"{wallet_id}/{fold.wallets[ref].sequence}"))


def commit_document(fold: Fold, loaded: Loaded, refs: Sequence[WalletRef]) -> str:
    """Returns the commit of a batch. `refs` are the wallets that it changes.

    `time` is when it was decided, `wallets` has their keys and their first and last new sequence,
    `usage` tenant, bucket, kind, asset, count and total, and `acts` keys of wallets and request
    ids. The last two may be missing.
    """
    known = loaded.wallets
    document: dict[str, object] = {
        "time": fold.recorded[0].answer.answer_time,
        "wallets": [
            (
                *key_of(ref),
                known[ref].sequence + 1 if ref in known else 1,
                fold.wallets[ref].sequence,
            )
            for ref in refs
        ],
    }
    usage = usage_changes(fold, known)
    if usage:
        document["usage"] = [(*key, each.count, each.total) for key, each in usage.items()]
    acts = [
        (*key_of(each.task.wallet), each.task.request_id)
        for each in fold.recorded
        if is_act(each.task.command)
    ]
    if acts:
        document["acts"] = acts
    return to_json(document)


async def insert_commit(
    connection: AsyncConnection, commit_id: UUID, document: Mapping[str, object]
) -> None:
    """Adds a commit that is of no batch."""
    row = {"shard": NO_WALLETS_SHARD, "commit_id": commit_id, "document": document}
    await connection.execute(sa.insert(commits).values(row))
