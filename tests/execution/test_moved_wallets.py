"""A wallet that others change while a batch still loads: the batch begins again."""

from collections.abc import Awaitable, Callable

import pytest

from tests.execution.conftest import StartExecutor
from tests.execution.ledger import Ledger
from tests.execution.story import SLOTS, adjust, slots_bet, win
from tests.execution.vocabulary import ONE_LANE, Caller
from wallet_server.core.commands import CloseRound
from wallet_server.core.decision import Outcome
from wallet_server.execution import batch_run
from wallet_server.execution.errors import ContentionError
from wallet_server.execution.settings import EngineSettings
from wallet_server.storage.connections import Connection
from wallet_server.storage.loading import Loaded, Wanted


class Steps:
    """Stands before each further step of loading: the action runs before it, if there is one."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Takes the place of the step; it goes on as it is."""
        self.action: Callable[[], Awaitable[object]] | None = None
        self.count = 0
        load_more = batch_run.load_more

        async def step(connection: Connection, wanted: Wanted, loaded: Loaded) -> None:
            self.count += 1
            if (action := self.action) is not None:
                await action()
            await load_more(connection, wanted, loaded)

        monkeypatch.setattr(batch_run, "load_more", step)


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Steps:
    """Lets a test act between two steps of loading."""
    return Steps(monkeypatch)


async def test_a_batch_sees_what_came_between_two_steps_of_its_loading(
    start_executor: StartExecutor, ledger: Ledger, steps: Steps
) -> None:
    caller, other = Caller(await start_executor(ONE_LANE)), Caller(await start_executor(ONE_LANE))
    await caller.open()
    await caller.send("fund", adjust("casino_normal", 1_000))
    await caller.send("b1", slots_bet("b1", 100, "r"))
    moves: list[str] = []

    async def bet_once() -> None:
        if not moves:
            moves.append("moved")
            await other.send("b2", slots_bet("b2", 50, "r"))

    steps.action, steps.count = bet_once, 0
    closed = await caller.send("close", CloseRound(SLOTS, "r"))

    assert closed.answer.outcome is Outcome.APPLIED
    assert {each.bet_ref for each in closed.answer.entries} == {"b1", "b2"}
    assert steps.count == 2  # The one that noticed, and the one after it.
    assert await ledger.differences() == []


async def test_a_wallet_that_never_stands_still_is_given_up(
    start_executor: StartExecutor, ledger: Ledger, steps: Steps
) -> None:
    settings = EngineSettings(lanes_count=1, attempts_max=3, contended_wallet_locks=False)
    caller, other = Caller(await start_executor(settings)), Caller(await start_executor(ONE_LANE))
    await caller.open()
    await caller.send("fund", adjust("casino_normal", 1_000))
    await caller.send("b1", slots_bet("b1", 100, "r"))
    numbers = iter(range(100))

    async def move() -> None:
        await other.send(f"move-{next(numbers)}", adjust("casino_normal", 1))

    steps.action, steps.count = move, 0
    with pytest.raises(ContentionError):
        await caller.send("w1", win("w1", 30, "r"))

    assert steps.count == settings.attempts_max
    steps.action = None
    assert (await caller.send("w1", win("w1", 30, "r"))).answer.outcome is Outcome.APPLIED
    assert await ledger.differences() == []
