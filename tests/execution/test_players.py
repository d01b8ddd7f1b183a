"""What holds for a player holds for all wallets at once, in a batch and between servers."""

import asyncio

from tests.execution.conftest import Recordings, StartExecutor
from tests.execution.ledger import Ledger
from tests.execution.test_conflicts import states_of
from tests.execution.vocabulary import (
    ONE_LANE,
    TENANT,
    Caller,
    authorize,
    credit,
    outcomes,
    sports_bet,
)
from wallet_server.core.commands import (
    Amount,
    ApproveDeposit,
    AuthorizeBet,
    Command,
    OpenWallet,
    SetAccountStatus,
    SetLimit,
)
from wallet_server.core.ids import WalletRef
from wallet_server.core.players.limit import LimitKind, LimitPeriod
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.refusals import AccountBetBlocked, DepositLimit, StakeLimit
from wallet_server.execution.errors import RefusedError

EUROS, DOLLARS = (WalletRef(TENANT, "player", currency) for currency in ("EUR", "USD"))


def deposit(deposit_id: str, currency: str, minor_units: int) -> ApproveDeposit:
    return ApproveDeposit(deposit_id, "sports_normal", Amount(currency, minor_units))


def limit(kind: LimitKind, minor_units: int) -> SetLimit:
    period = LimitPeriod.BET if kind is LimitKind.STAKE else LimitPeriod.DAY
    return SetLimit(kind, period, Amount("EUR", minor_units))


async def test_a_batch_sees_what_a_command_for_another_wallet_of_it_made_of_the_player(
    start_executor: StartExecutor, recordings: Recordings, ledger: Ledger
) -> None:
    caller = Caller(await start_executor(ONE_LANE))
    requests: list[tuple[str, Command, WalletRef]] = [
        ("open", OpenWallet(), EUROS),
        ("block", SetAccountStatus(AccountStatus.BET_BLOCKED, "TEST"), EUROS),
        ("open", OpenWallet(), DOLLARS),
        ("bet", AuthorizeBet(sports_bet("b1"), Amount("USD", 10)), DOLLARS),
    ]

    found = await outcomes([caller.start(*each) for each in requests])

    assert recordings.sizes == [4]
    assert isinstance(found[-1], RefusedError)
    assert isinstance(found[-1].refusal, AccountBetBlocked)
    (row,) = await ledger.connection.fetch("SELECT status, revision FROM players")
    assert tuple(row) == ("BET_BLOCKED", 1)
    assert await ledger.differences() == []


async def test_a_limit_that_another_server_sets_meanwhile_is_kept(
    start_executor: StartExecutor, recordings: Recordings, ledger: Ledger
) -> None:
    one, other = [Caller(await start_executor()) for _ in range(2)]
    await one.open(EUROS, balance=500)

    async def set_limit() -> None:
        await other.send("limit", limit(LimitKind.STAKE, 100))

    recordings.actions.append(set_limit)
    (outcome,) = await outcomes([one.send("bet", authorize("b1", 101))])

    assert states_of(recordings) == ["22012"]
    assert isinstance(outcome, RefusedError)
    assert isinstance(outcome.refusal, StakeLimit)
    assert await ledger.requests() == ["open", "fund", "limit", "bet"]


async def test_deposits_to_two_wallets_by_two_servers_at_once_count_together(
    start_executor: StartExecutor, recordings: Recordings, ledger: Ledger
) -> None:
    one, other = [Caller(await start_executor()) for _ in range(2)]
    await asyncio.gather(*(one.send("open", OpenWallet(), ref) for ref in (EUROS, DOLLARS)))
    await one.send("limit", limit(LimitKind.DEPOSIT, 100))

    async def pay_in_dollars() -> None:
        await other.send("dollars", deposit("d", "USD", 60), DOLLARS)

    recordings.actions.append(pay_in_dollars)
    (outcome,) = await outcomes([one.send("euros", deposit("e", "EUR", 60))])

    assert states_of(recordings) == ["22012"]
    assert isinstance(outcome, RefusedError)
    assert isinstance(outcome.refusal, DepositLimit)
    assert await ledger.differences() == []


async def test_many_servers_count_each_deposit_of_a_player_once(
    start_executor: StartExecutor, ledger: Ledger
) -> None:
    callers = [Caller(await start_executor()) for _ in range(3)]
    await asyncio.gather(*(callers[0].send("open", OpenWallet(), r) for r in (EUROS, DOLLARS)))

    await asyncio.gather(
        *(
            callers[number % 3].send(f"d{number}", deposit(f"d{number}", ref.currency_code, 7), ref)
            for number in range(20)
            for ref in (EUROS, DOLLARS)
        )
    )

    assert await ledger.connection.fetchval("SELECT revision FROM players") == 40
    assert await ledger.differences() == []


async def test_an_ordinary_player_is_never_written(
    start_executor: StartExecutor, ledger: Ledger
) -> None:
    caller = Caller(await start_executor())
    await caller.open(EUROS)
    place = "SELECT ctid, xmin FROM players"
    before = await ledger.connection.fetchrow(place)

    await caller.send("credit", credit(100))
    await caller.send("bet", authorize("b1"))

    assert await ledger.connection.fetchrow(place) == before
