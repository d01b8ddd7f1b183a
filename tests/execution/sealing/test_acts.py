"""What administrative commands leave in the audit records, once they are sealed."""

import pytest

from tests.database import Database
from tests.execution.conftest import StartExecutor
from tests.execution.sealing.conftest import seal_all
from tests.execution.vocabulary import WALLET, Caller
from wallet_server.core.commands import AdjustBalance, Amount, RejectWithdrawal, SetAccountStatus
from wallet_server.core.commands.actor import Actor
from wallet_server.core.ids import locate
from wallet_server.core.players.status import AccountStatus
from wallet_server.execution.errors import RefusedError
from wallet_server.storage.engine import create_engine
from wallet_server.storage.json_text import from_json

CLERK = Actor("clerk", ("support", "cashier"))


async def test_who_did_what_to_which_wallet_and_why(
    database: Database, start_executor: StartExecutor
) -> None:
    caller = Caller(await start_executor())
    await caller.open()
    adjusting = AdjustBalance(
        "sports_normal", Amount("EUR", 5), "GOODWILL", "they waited", actor=CLERK
    )
    await caller.send("adjust", adjusting, correlation_id="c1")
    await caller.send("freeze", SetAccountStatus(AccountStatus.FROZEN, "FRAUD", actor=CLERK))
    with pytest.raises(RefusedError):
        await caller.send("reject", RejectWithdrawal("w1", "FRAUD", actor=CLERK))

    engine = create_engine(database.server_url)
    await seal_all(engine, None)
    await engine.dispose()

    connection = await database.connect()
    rows = await connection.fetch(
        "SELECT * FROM audit_records WHERE resource_kind = 'WALLET' ORDER BY resource_revision"
    )
    adjusted, frozen, *_ = rows
    assert [row["method"] for row in rows[:2]] == [
        "WalletCommands.AdjustBalance",
        "WalletCommands.SetAccountStatus",
    ]
    assert (adjusted["actor"], adjusted["actor_roles"]) == ("clerk", ["support", "cashier"])
    assert adjusted["resource_id"] == "demo/player/EUR"
    assert adjusted["resource_revision"] == 2
    assert (adjusted["shard"], adjusted["wallet_id"]) == locate(WALLET)
    assert (adjusted["request_id"], adjusted["correlation_id"]) == ("adjust", "c1")
    assert adjusted["reason"] == "GOODWILL: they waited"
    assert {row["outcome"] for row in rows[:2]} == {"APPLIED"}
    assert frozen["reason"] == "FRAUD"
    for refused in rows[2:]:  # Only what is refused for ever is an answer, and so on record.
        assert refused["outcome"] == "REFUSED"
        assert from_json(refused["refusal"])["reason"]
