"""Rounds: all in turn, there and back, and no more of them than there is time for."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from tests.benchmarks import measuring
from tests.benchmarks.measuring import measure_in_turn
from tests.benchmarks.subjects import Life
from tests.benchmarks.surroundings.databases import Databases
from tests.benchmarks.traffic import Crowd
from tests.benchmarks.work import Samples, Script, Work
from wallet_server.embedded.postgres import EmbeddedPostgres

SECONDS = 0.01


@dataclass
class Noting:
    """Answers ten commands whenever it is asked, and notes that it was."""

    name: str
    asked: list[str]
    work: Work = field(default_factory=lambda: Work(Script.BETS, Crowd(1)))
    life: Life = field(default_factory=Life)
    needs_postgres: bool = True
    server_pids: Sequence[int] = ()
    load_pids: Sequence[int] = ()

    async def prepare(self) -> None:
        self.asked.append(f"prepare {self.name}")

    async def run(self, label: str, begin: float, end: float) -> Samples:
        self.asked.append(label)
        samples = Samples(begin, end)
        samples.add(begin, begin + SECONDS / 2, 10)
        return samples


@pytest.fixture(autouse=True)
def no_warm_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "WARM_UP_SECONDS", 0.0)


async def test_every_other_round_goes_the_other_way(postgres: EmbeddedPostgres) -> None:
    asked: list[str] = []
    subjects = [Noting("a", asked), Noting("b", asked)]

    measured = await measure_in_turn(Databases(postgres), subjects, rounds=2, seconds=SECONDS)

    assert asked[1::2] == ["a1-r0", "b1-r0", "b1-r1", "a1-r1"]
    assert asked[::2] == ["prepare a", "prepare b", "prepare b", "prepare a"]
    assert [len(each.rounds) for each in measured] == [2, 2]
    assert measured[0].rounds[0].commands_per_second == pytest.approx(10 / SECONDS)


@pytest.mark.parametrize(("until", "rounds"), [(-math.inf, 1), (math.inf, 3)])
async def test_when_time_is_up_there_is_no_further_round(
    postgres: EmbeddedPostgres, until: float, rounds: int
) -> None:
    measured = await measure_in_turn(
        Databases(postgres), [Noting("a", [])], rounds=3, seconds=SECONDS, until=until
    )

    assert len(measured[0].rounds) == rounds
