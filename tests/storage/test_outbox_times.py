"""When a wallet was last left to be told of: what is left next is later, whatever clocks say."""

from datetime import datetime, timedelta

import pytest

from tests.database import Database
from tests.storage.batches import NOW, Lane, load_wallets, opening_of, wallet_of
from wallet_server.storage.outbox import TICK, outbox_time
from wallet_server.storage.recording import record

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("told", "known"),
    [(NOW, NOW), (NOW + HOUR, NOW + HOUR), (NOW - HOUR, NOW - HOUR), (None, NOW)],
    ids=["when it changed", "by a clock that is ahead", "before it changed", "never"],
)
async def test_what_is_left_next_is_later(
    connections: Lane, database: Database, told: datetime | None, known: datetime
) -> None:
    loader, recorder = connections
    wallet = wallet_of("player")
    fold = opening_of(wallet)
    await record(recorder, fold, await load_wallets(loader, wallet))
    await database.tamper("UPDATE wallets SET outbox_time = $1", told)

    loaded = await load_wallets(loader, wallet)

    assert loaded.outbox_times == {wallet.ref: known}
    assert outbox_time(fold, loaded) == max(NOW, known + TICK)
