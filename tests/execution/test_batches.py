"""Batches on a real Postgres: what shares one, and what keeps apart."""

import asyncio
from typing import Any

import pytest

from tests.execution.conftest import Recordings, StartExecutor
from tests.execution.ledger import Ledger
from tests.execution.vocabulary import (
    ONE_LANE,
    WALLET,
    Caller,
    authorize,
    cash_after,
    credit,
    outcomes,
    settle,
    wallet_of,
    wallets_of,
)
from wallet_server.core import batch
from wallet_server.core.commands import AdjustBalance, Amount, Command, OpenWallet
from wallet_server.core.decision import Decision
from wallet_server.core.ids import WalletRef
from wallet_server.core.refusals import InsufficientFunds, RequestIdReused, WalletNotFound
from wallet_server.execution.errors import RefusedError
from wallet_server.execution.settings import EngineSettings
from wallet_server.execution.submission import Answered

PLUG = wallet_of("plug")


def refusal_of(outcome: Answered | BaseException) -> object:
    assert isinstance(outcome, RefusedError), outcome
    return outcome.refusal


def is_replayed(outcome: Answered | BaseException) -> bool:
    assert isinstance(outcome, Answered | RefusedError), outcome
    return outcome.replayed


async def test_commands_that_queue_behind_a_batch_are_one_batch(
    start_executor: StartExecutor, ledger: Ledger, recordings: Recordings
) -> None:
    caller = Caller(await start_executor(ONE_LANE))
    wallets = wallets_of(30)
    await caller.open(PLUG, *wallets)
    recordings.sizes.clear()

    async with ledger.hold(PLUG):
        running = caller.start("plug", credit(), PLUG)
        await ledger.wait_until_blocked()
        queued = [caller.start("queued", credit(), wallet) for wallet in wallets]
        await asyncio.sleep(0)
    await asyncio.gather(running, *queued)

    assert recordings.sizes == [1, 30]
    assert await ledger.differences() == []


async def test_a_batch_never_exceeds_its_limit(
    start_executor: StartExecutor, ledger: Ledger, recordings: Recordings
) -> None:
    settings = EngineSettings(lanes_count=1, batch_commands_max=8)
    caller = Caller(await start_executor(settings))
    await caller.open(PLUG)
    recordings.sizes.clear()

    async with ledger.hold(PLUG):
        running = [caller.start("plug", credit(), PLUG)]
        await ledger.wait_until_blocked()
        running += [caller.start("open", OpenWallet(), wallet) for wallet in wallets_of(20)]
        await asyncio.sleep(0)
    await asyncio.gather(*running)

    assert recordings.sizes == [1, 8, 8, 4]


async def test_the_commands_of_a_wallet_keep_their_order_within_and_across_batches(
    start_executor: StartExecutor, ledger: Ledger
) -> None:
    caller = Caller(await start_executor(EngineSettings(lanes_count=3, batch_commands_max=7)))
    await caller.open()
    expected = [f"r{number}" for number in range(100)]

    answers = await asyncio.gather(*(caller.send(each, credit()) for each in expected))

    assert [cash_after(each.answer) for each in answers] == list(range(1, 101))
    assert await ledger.requests() == ["open", *expected]


async def test_a_wallets_life_fits_into_one_batch(
    start_executor: StartExecutor, ledger: Ledger, recordings: Recordings
) -> None:
    caller = Caller(await start_executor(ONE_LANE))
    await caller.open(PLUG)
    recordings.sizes.clear()

    async with ledger.hold(PLUG):
        running = caller.start("plug", credit(), PLUG)
        await ledger.wait_until_blocked()
        life = [
            caller.start("open", OpenWallet()),
            caller.start("fund", credit(100)),
            caller.start("bet", authorize("b1", 60)),
            caller.start("settled", settle("b1", 90)),
            caller.start("again", authorize("b2", 130)),
        ]
        await asyncio.sleep(0)
    answers = await asyncio.gather(running, *life)

    assert recordings.sizes == [1, 5]
    assert cash_after(answers[-1].answer) == 0
    assert await ledger.requests() == ["open", "fund", "bet", "settled", "again"]
    assert await ledger.differences() == []


async def test_a_request_that_is_twice_in_a_batch_has_one_effect_and_one_answer(
    start_executor: StartExecutor, ledger: Ledger, recordings: Recordings
) -> None:
    caller = Caller(await start_executor(ONE_LANE))
    await caller.open(PLUG, WALLET)
    recordings.sizes.clear()

    async with ledger.hold(PLUG):
        running = caller.start("plug", credit(), PLUG)
        await ledger.wait_until_blocked()
        twice = [caller.start("same", credit(5)), caller.start("same", credit(5))]
        other = caller.start("same", credit(6))
        await asyncio.sleep(0)
    first, second = await asyncio.gather(*twice)
    (reused,) = await outcomes([other])
    await running

    assert first.answer == second.answer
    assert (first.replayed, second.replayed) == (False, True)
    assert refusal_of(reused) == RequestIdReused("same")
    assert recordings.sizes == [1, 1]
    assert await ledger.requests() == ["open", "same"]
    assert await ledger.entries_count("same") == 1


async def test_two_servers_that_get_one_request_at_once_give_one_answer(
    start_executor: StartExecutor, ledger: Ledger, recordings: Recordings
) -> None:
    one, other = Caller(await start_executor()), Caller(await start_executor())
    await one.open()

    async def be_overtaken() -> None:
        await other.send("same", credit(5))

    recordings.actions.append(be_overtaken)
    answer = await one.send("same", credit(5))

    assert answer.replayed
    assert answer.answer == (await other.send("same", credit(5))).answer
    with pytest.raises(RefusedError) as refused:
        await other.send("same", credit(6))
    assert refused.value.refusal == RequestIdReused("same")
    assert await ledger.entries_count("same") == 1


async def test_two_servers_open_a_wallet_once(
    start_executor: StartExecutor, ledger: Ledger, recordings: Recordings
) -> None:
    one, other = Caller(await start_executor()), Caller(await start_executor())

    async def be_overtaken() -> None:
        await other.send("other", OpenWallet())

    recordings.actions.append(be_overtaken)
    await one.send("one", OpenWallet())

    assert await ledger.requests() == ["other", "one"]
    assert len(recordings.errors) == 1


async def test_two_servers_open_a_players_wallets_in_two_currencies(
    start_executor: StartExecutor, ledger: Ledger, recordings: Recordings
) -> None:
    one, other = Caller(await start_executor()), Caller(await start_executor())
    dollars = WalletRef(WALLET.tenant_id, WALLET.player_id, "USD")

    async def be_overtaken() -> None:
        await other.send("open", OpenWallet(), dollars)

    recordings.actions.append(be_overtaken)
    await one.send("open", OpenWallet())

    assert await ledger.connection.fetchval("SELECT count(*) FROM players") == 1
    assert await ledger.requests(dollars) == await ledger.requests() == ["open"]
    assert await ledger.differences() == []


async def test_a_refusal_is_an_answer_and_leaves_the_rest_of_its_batch_alone(
    start_executor: StartExecutor, ledger: Ledger, recordings: Recordings
) -> None:
    caller = Caller(await start_executor(ONE_LANE))
    await caller.open(PLUG, WALLET, balance=10)
    recordings.sizes.clear()

    async with ledger.hold(PLUG):
        running = [caller.start("plug", credit(), PLUG)]
        await ledger.wait_until_blocked()
        running += [
            caller.start("before", credit(1)),
            caller.start("declined", authorize("b1", 1000)),
            caller.start("unknown", credit(1), wallet_of("nobody")),
            caller.start("after", credit(1)),
        ]
        await asyncio.sleep(0)
    _, before, declined, unknown, after = await outcomes(running)

    assert isinstance(before, Answered)
    assert isinstance(refusal_of(declined), InsufficientFunds)
    assert isinstance(refusal_of(unknown), WalletNotFound)
    assert isinstance(after, Answered)
    assert recordings.sizes == [1, 3]  # What is declined is recorded; an unknown wallet is not.
    assert await ledger.requests() == ["open", "fund", "before", "declined", "after"]


async def test_a_refusal_that_is_recorded_stays_when_it_would_be_decided_otherwise(
    start_executor: StartExecutor, ledger: Ledger
) -> None:
    caller = Caller(await start_executor())
    await caller.open()
    first = await outcomes([caller.send("bet", authorize("b1"))])
    await caller.send("fund", credit(1000))

    again = await outcomes([caller.send("bet", authorize("b1"))])

    assert refusal_of(again[0]) == refusal_of(first[0])
    assert not is_replayed(first[0])
    assert is_replayed(again[0])


async def test_nothing_is_written_where_nothing_is_recorded(
    start_executor: StartExecutor, recordings: Recordings, statements: list[str]
) -> None:
    caller = Caller(await start_executor())

    with pytest.raises(RefusedError):
        await caller.send("r", credit())

    assert not any("INSERT" in statement for statement in statements)


async def test_a_bug_fails_the_command_that_meets_it_alone(
    start_executor: StartExecutor, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = Caller(await start_executor(ONE_LANE))
    await caller.open(PLUG, WALLET)
    decide = batch.decide

    def decide_with_a_bug(command: Command, *arguments: Any) -> Decision:
        if command == credit(666):
            raise ZeroDivisionError
        return decide(command, *arguments)

    monkeypatch.setattr(batch, "decide", decide_with_a_bug)
    async with ledger.hold(PLUG):
        running = [caller.start("plug", credit(), PLUG)]
        await ledger.wait_until_blocked()
        running += [
            caller.start("before", credit(1)),
            caller.start("bug", credit(666)),
            caller.start("after", credit(1)),
        ]
        await asyncio.sleep(0)
    _, before, bug, after = await outcomes(running)

    assert isinstance(before, Answered)
    assert isinstance(bug, ZeroDivisionError)
    assert isinstance(after, Answered)
    assert await ledger.requests() == ["open", "before", "after"]


@pytest.mark.parametrize("bucket", ["sports_bonus", "points"])
async def test_every_kind_of_bucket_makes_the_round_trip(
    start_executor: StartExecutor, ledger: Ledger, bucket: str
) -> None:
    caller = Caller(await start_executor())
    await caller.open()
    asset_code = "PTS" if bucket == "points" else "EUR"
    command = AdjustBalance(bucket, Amount(asset_code, 7), "TEST", 'quotes " \\ {}, NULL')

    first = await caller.send("r", command)
    again = await caller.send("r", command)

    assert again.answer == first.answer
    assert await ledger.differences() == []
