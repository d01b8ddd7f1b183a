"""The configuration that a batch is decided by: cached, and never an old one."""

from dataclasses import replace

import pytest

from tests.database import Database
from tests.execution.conftest import Recordings, StartExecutor, now
from tests.execution.ledger import Ledger
from tests.execution.story_of_draining import with_draining
from tests.execution.vocabulary import (
    ONE_LANE,
    TENANT,
    Caller,
    authorize,
    credit,
    outcomes,
    wallets_of,
)
from wallet_server.core.accounts import bucket
from wallet_server.core.config.policy import AutoOrder, Policy
from wallet_server.core.ids import WalletRef
from wallet_server.core.refusals import TenantNotFound
from wallet_server.execution.activation import apply_documents
from wallet_server.execution.errors import ConfigurationChangingError, RefusedError
from wallet_server.execution.settings import EngineSettings
from wallet_server.shapes import load_shape
from wallet_server.storage import configurations
from wallet_server.storage.engine import create_engine


async def activate_another_sports_policy(database: Database) -> None:
    """Makes the player's own money of the cashier pay first for sports bets."""
    (policy,) = (
        each
        for each in load_shape("ruby")
        if isinstance(each, Policy) and each.provider_type == "SPORTS"
    )
    assert isinstance(policy.funding_mode, AutoOrder)
    order = tuple(reversed(policy.funding_mode.order))
    engine = create_engine(database.server_url)
    await apply_documents(engine, TENANT, [replace(policy, funding_mode=AutoOrder(order))], now())
    await engine.dispose()


def loads(statements: list[str]) -> int:
    return statements.count(configurations.LOAD)


async def test_a_batch_that_was_decided_by_an_old_configuration_is_decided_anew(
    start_executor: StartExecutor, database: Database, ledger: Ledger, recordings: Recordings
) -> None:
    caller = Caller(await start_executor())
    await caller.open(balance=100)
    await caller.send("more", replace(credit(100), bucket="withdrawable"))
    first = await caller.send("bet-1", authorize("b1"))

    recordings.actions.append(lambda: activate_another_sports_policy(database))
    second = await caller.send("bet-2", authorize("b2"))

    assert first.answer.bet is not None
    assert first.answer.bet.snapshot is not None
    assert first.answer.bet.snapshot.policy_version == 1
    assert second.answer.bet is not None
    assert second.answer.bet.snapshot is not None
    assert second.answer.bet.snapshot.policy_version == 2
    paid = {c.account: c.change for e in second.answer.entries for c in e.changes}
    assert paid[bucket("withdrawable")] == -10
    assert caller.executor.statistics.troubles == {"22012": 1}
    assert await ledger.differences() == []


async def activate_the_shape(database: Database) -> None:
    """Makes what ships active again."""
    engine = create_engine(database.server_url)
    documents = [with_draining(each) for each in load_shape("ruby")]
    await apply_documents(engine, TENANT, documents, now())
    await engine.dispose()


async def test_a_configuration_that_changes_at_every_attempt_is_said_to(
    start_executor: StartExecutor, database: Database, ledger: Ledger, recordings: Recordings
) -> None:
    caller = Caller(await start_executor(EngineSettings(lanes_count=1, attempts_max=2)))
    await caller.open(balance=100)
    recordings.actions.append(lambda: activate_another_sports_policy(database))
    recordings.actions.append(lambda: activate_the_shape(database))

    with pytest.raises(ConfigurationChangingError):
        await caller.send("bet", authorize("b1"))
    answered = await caller.send("bet", authorize("b1"))

    assert not answered.replayed
    assert await ledger.differences() == []


async def test_a_configuration_is_loaded_once_and_again_when_its_epoch_moves(
    start_executor: StartExecutor, database: Database, statements: list[str]
) -> None:
    caller = Caller(await start_executor())
    await caller.open(balance=100)
    for number in range(5):
        await caller.send(f"bet-{number}", authorize(f"b{number}"))
    assert loads(statements) == 1

    await activate_another_sports_policy(database)
    for number in range(5, 10):
        await caller.send(f"bet-{number}", authorize(f"b{number}"))

    assert loads(statements) == 2
    assert caller.executor.statistics.troubles == {}


@pytest.mark.parametrize("epochs_back", [1, 2])
async def test_after_a_failover_to_another_past_what_was_known_of_an_epoch_counts_no_more(
    start_executor: StartExecutor,
    database: Database,
    ledger: Ledger,
    recordings: Recordings,
    epochs_back: int,
) -> None:
    """The copy that took over had not heard of an activation, and gives its epoch to another."""
    caller = Caller(await start_executor(ONE_LANE))
    await caller.open(balance=100)
    await activate_another_sports_policy(database)
    first = await caller.send("bet-1", authorize("b1"))
    await activate_the_shape(database)
    await database.tamper("UPDATE tenants SET epoch = epoch - $1", epochs_back)
    caller.executor._connections[0].close_now()

    second = await caller.send("bet-2", authorize("b2"))

    versions = [
        each.answer.bet and each.answer.bet.snapshot and each.answer.bet.snapshot.policy_version
        for each in (first, second)
    ]
    assert versions == [2, 3]
    assert recordings.errors == []
    assert await ledger.differences() == []


async def test_an_unknown_tenant_is_refused_and_never_remembered(
    start_executor: StartExecutor, database: Database, statements: list[str]
) -> None:
    caller = Caller(await start_executor())
    stranger = WalletRef("stranger", "player", "EUR")

    (before,) = await outcomes([caller.send("r", credit(), stranger)])
    assert isinstance(before, RefusedError)
    assert before.refusal == TenantNotFound("stranger")
    engine = create_engine(database.server_url)
    await apply_documents(engine, "stranger", load_shape("ruby"), now())
    await engine.dispose()
    await caller.open(stranger)


async def test_two_tenants_in_a_batch_are_each_decided_by_their_own(
    start_executor: StartExecutor, database: Database, ledger: Ledger
) -> None:
    engine = create_engine(database.server_url)
    await apply_documents(engine, "hotel", load_shape("booking"), now())
    await engine.dispose()
    caller = Caller(await start_executor())
    guests = [WalletRef("hotel", wallet.player_id, "EUR") for wallet in wallets_of(5)]

    await caller.open(*wallets_of(5), *guests)
    wrong = await outcomes([caller.send("r", credit(), guest) for guest in guests])

    assert all(isinstance(each, RefusedError) for each in wrong)
    assert await ledger.differences() == []
