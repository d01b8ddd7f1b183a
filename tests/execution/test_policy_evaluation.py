"""Policies tried against bets that there were: what is told anew of them is what happened."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from tests.database import Database
from tests.execution.conftest import StartExecutor, now
from tests.execution.story import SLOTS, Clock, play, slots_bet, tell
from tests.execution.vocabulary import (
    TENANT,
    Caller,
    authorize,
    credit,
    outcomes,
    settle,
    wallet_of,
)
from wallet_server.core.administration.act import Act
from wallet_server.core.administration.comparison import Comparison, Difference, evaluation_of
from wallet_server.core.administration.described_wallet import WalletDescription
from wallet_server.core.bets.bet import Bet
from wallet_server.core.commands import AdjustBalance, Amount, AuthorizeBet
from wallet_server.core.config.policy import AutoOrder, Policy
from wallet_server.core.ids import BetKey
from wallet_server.core.refusals import InsufficientFunds, PolicyNotFound, TenantNotFound
from wallet_server.core.refusals.administration import PolicyInvalid
from wallet_server.execution import policy_evaluation
from wallet_server.execution.administration.versions import VersionAdmin
from wallet_server.execution.configuration_cache import ConfigurationCache
from wallet_server.execution.configuration_reader import ConfigurationReader
from wallet_server.execution.errors import RefusedError
from wallet_server.execution.policy_evaluation import PolicyEvaluator
from wallet_server.execution.wallet_access import WalletAccess
from wallet_server.shapes import load_shape
from wallet_server.storage import recent_bets
from wallet_server.storage.engine import create_engine
from wallet_server.storage.readers import open_readers

SPORTSBOOK = "acme-sports"
SPORTS = next(
    each
    for each in load_shape("ruby")
    if isinstance(each, Policy) and each.provider_type == "SPORTS"
)
CASH_ONLY = replace(SPORTS, funding_mode=AutoOrder(("sports_normal",)))


@asynccontextmanager
async def evaluating(
    database: Database, now: Callable[[], datetime] = now, *, connections_max: int = 1
) -> AsyncGenerator[tuple[PolicyEvaluator, VersionAdmin]]:
    """What tries policies, and what makes drafts of them."""
    engine = create_engine(database.server_url)
    readers = await open_readers(
        database.server_url, connections_max=connections_max, statement_timeout_seconds=30
    )
    access = WalletAccess(readers, ConfigurationCache())
    yield PolicyEvaluator(ConfigurationReader(engine), access, now), VersionAdmin(engine, now)
    await readers.close()
    await engine.dispose()


async def draft(versions: VersionAdmin, policy: Policy) -> int:
    """Makes a version that nobody has validated. Returns its number."""
    act = Act(TENANT, f"create-{policy.provider_type}", "PolicyAdmin.CreatePolicy")
    return (await versions.create(act, policy)).stored.version


async def recent(
    evaluator: PolicyEvaluator,
    version: int = 0,
    *,
    provider_id: str = SPORTSBOOK,
    provider_type: str = "SPORTS",
    limit: int = 200,
) -> tuple[Comparison, ...]:
    found = await evaluator.try_recent(TENANT, provider_type, version, provider_id, limit)
    assert found.forgotten_count == 0
    return found.comparisons


def by_ref(comparisons: tuple[Comparison, ...]) -> dict[str, Comparison]:
    return {each.bet.key.bet_ref: each for each in comparisons}


def paid(bet: Bet) -> dict[str, int]:
    return {line.source: line.amount for line in bet.lines}


@pytest.mark.parametrize(
    ("provider_id", "provider_type"), [(SPORTSBOOK, "SPORTS"), (SLOTS, "SLOTS")]
)
async def test_the_policy_that_bets_were_placed_under_would_do_the_same_again(
    database: Database, start_executor: StartExecutor, provider_id: str, provider_type: str
) -> None:
    """Whatever has happened to a wallet, it is known what it was before each of its bets."""
    clock = Clock()
    executor = await start_executor(now=clock)
    await tell(executor, wallet_of("ann"), clock)

    async with evaluating(database) as (evaluator, _):
        found = await recent(evaluator, provider_id=provider_id, provider_type=provider_type)

    assert len(found) > 10
    assert {each.bet.key.provider_id for each in found} == {provider_id}
    times = [each.bet.create_time for each in found]
    assert times == sorted(times, reverse=True)
    for each in found:
        assert each.was == evaluation_of(each.bet)
        assert each.would_be == each.was, each.bet.key.bet_ref
        assert each.differences == ()


async def test_a_draft_is_tried_against_what_has_happened(
    database: Database, start_executor: StartExecutor
) -> None:
    caller = Caller(await start_executor())
    await caller.open(balance=100)
    bonus = AdjustBalance("sports_bonus", Amount("EUR", 30), "TEST")
    await caller.send("bonus", bonus)
    await caller.send("b1", authorize("b1", 50))  # 30 of the bonus, 20 of 100.
    await caller.send("s1", settle("b1", 0))
    await outcomes([caller.start("b2", authorize("b2", 90))])  # Declined: there are 80.
    await caller.send("more", credit(20))
    await caller.send("b3", authorize("b3", 100))

    async with evaluating(database) as (evaluator, versions):
        number = await draft(versions, CASH_ONLY)
        tried = await evaluator.try_recent(TENANT, "SPORTS", number, SPORTSBOOK, 10)

    assert tried.version == number == 2
    found = by_ref(tried.comparisons)
    assert list(found) == ["b3", "b2", "b1"]
    assert paid(found["b1"].bet) == {"sports_bonus": 30, "sports_normal": 20}
    assert [line.amount for line in found["b1"].would_be.lines] == [50]
    assert found["b1"].differences == (Difference.LINES,)
    assert found["b2"].was.refusal == InsufficientFunds(required=90, available=80)
    assert found["b2"].differences == ()
    assert found["b3"].differences == ()


async def test_bets_that_were_played_together_each_find_what_those_before_them_left(
    database: Database, start_executor: StartExecutor
) -> None:
    """The first takes 100 of 150, the second the rest: each could pay, and only just."""
    caller = Caller(await start_executor())
    await caller.open()
    await caller.send("fund", AdjustBalance("casino_normal", Amount("EUR", 150), "TEST"))
    await caller.send("play", play("r1"))
    await caller.send("free", slots_bet("free", 0, "r2", free=True))

    async with evaluating(database) as (evaluator, _):
        found = await recent(evaluator, provider_id=SLOTS, provider_type="SLOTS")

    assert set(by_ref(found)) == {"r1-b1", "r1-b2", "free"}
    assert [each.differences for each in found] == [()] * 3


async def test_the_newest_bets_are_found_wherever_they_are_and_of_one_provider_and_tenant(
    database: Database, start_executor: StartExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent_bets, "PAGES_AT_FIRST", 1)
    caller = Caller(await start_executor())
    players = [wallet_of(f"player-{number}") for number in range(20)]
    await caller.open(*players, balance=1_000)
    for number in range(10):
        for player in players:
            await caller.send(f"b{number}", authorize(f"{player.player_id}-{number}", 1), player)
            await outcomes([caller.start(f"o{number}", slots_bet(f"s{number}", 1), player)])

    async with evaluating(database) as (evaluator, _):
        some = await recent(evaluator, limit=45)
        every = await recent(evaluator, limit=200)
        with pytest.raises(RefusedError) as raised:
            await evaluator.try_recent("other", "SPORTS", 0, SPORTSBOOK, 10)

    assert [each.bet.key for each in some] == [each.bet.key for each in every[:45]]
    assert len(every) == 200
    assert {each.bet.key.provider_id for each in every} == {SPORTSBOOK}
    assert raised.value.refusal == TenantNotFound("other")


async def test_no_more_is_looked_through_than_is_said(
    database: Database, start_executor: StartExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = Caller(await start_executor())
    await caller.open(balance=100)
    for number in range(4):
        await caller.send(f"b{number}", authorize(f"b{number}", 1))

    async with evaluating(database) as (evaluator, _):
        monkeypatch.setattr(policy_evaluation, "PAGES_MAX", 0)
        assert await recent(evaluator) == ()
        monkeypatch.undo()
        monkeypatch.setattr(policy_evaluation, "ENTRIES_MAX", 2)
        found = await evaluator.try_recent(TENANT, "SPORTS", 0, SPORTSBOOK, 10)

    assert [each.bet.key.bet_ref for each in found.comparisons] == ["b3", "b2"]
    assert found.forgotten_count == 2


async def test_one_question_about_bets_is_looked_into_at_a_time(
    database: Database, tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another would keep reads of wallets from their connections."""
    looking, most = 0, 0
    find = policy_evaluation.find_recent_bets

    async def count_and_find(*arguments: Any, **named: Any) -> Any:
        nonlocal looking, most
        looking += 1
        most = max(most, looking)
        found = await find(*arguments, **named)
        looking -= 1
        return found

    monkeypatch.setattr(policy_evaluation, "find_recent_bets", count_and_find)

    async with evaluating(database, connections_max=4) as (evaluator, _):
        found = await asyncio.gather(*(recent(evaluator) for _ in range(4)))

    assert (len(found), most) == (4, 1)


async def test_a_described_bet_needs_no_wallet_to_be(database: Database, tenant: str) -> None:
    bet = AuthorizeBet(BetKey("", ""), Amount("EUR", 50))
    wallet = WalletDescription(
        "EUR", {"sports_bonus": Amount("EUR", 30), "sports_normal": Amount("EUR", 40)}
    )

    async with evaluating(database) as (evaluator, versions):
        active = await evaluator.try_described(TENANT, "SPORTS", 0, bet, wallet)
        number = await draft(versions, CASH_ONLY)
        drafted = await evaluator.try_described(TENANT, "SPORTS", number, bet, wallet)

    assert [(line.source, line.amount) for line in active.evaluation.lines] == [
        ("sports_bonus", 30),
        ("sports_normal", 20),
    ]
    assert drafted.evaluation.refusal == InsufficientFunds(required=50, available=40)
    assert (active.version, drafted.version) == (1, 2)


async def test_what_is_not_there_or_makes_no_sense_is_not_tried(
    database: Database, tenant: str
) -> None:
    async with evaluating(database) as (evaluator, versions):
        with pytest.raises(RefusedError) as missing:
            await evaluator.try_recent(TENANT, "SPORTS", 9, SPORTSBOOK, 10)
        number = await draft(versions, replace(SPORTS, destinations=()))
        with pytest.raises(RefusedError) as senseless:
            await evaluator.try_recent(TENANT, "SPORTS", number, SPORTSBOOK, 10)

    assert missing.value.refusal == PolicyNotFound(TENANT, "SPORTS", 9)
    assert isinstance(senseless.value.refusal, PolicyInvalid)
    reasons = {each.reason for each in senseless.value.refusal.problems}
    assert reasons == {"MISSING_DESTINATION"}
