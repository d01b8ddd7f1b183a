"""Short trials before the measurements: which number of lanes, workers or clients suits best."""

from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, replace
from statistics import fmean

from tests.benchmarks.results.ratios import COMPARED_CALLERS
from tests.benchmarks.stage import SHIPPED, Stage, enter_all
from tests.benchmarks.subjects import GrpcSubject, Subject
from tests.benchmarks.surroundings.pgbench import run_pgbench
from tests.benchmarks.surroundings.wallet_servers import start_servers
from tests.benchmarks.work import Script, Work

BATCH_CALLERS = 16
BATCH_COMMANDS = 100
TRIAL_ROUNDS = 2

WORKER_TOLERANCE = 0.05
"""A worker costs memory and makes batches smaller: one that gains less does not pay off."""

UNBATCHED: Mapping[str, int] = {"batch_commands_max": 1}


@dataclass(frozen=True, slots=True)
class Trial:
    """What was tried, and how many commands a second each number of it gave.

    More of it must gain more than `tolerance`, a fraction of the most, to be worth having.
    """

    name: str
    tried: Mapping[int, float]
    tolerance: float = 0.0

    @property
    def best(self) -> int:
        """The least number that gave as good as most."""
        enough = max(self.tried.values()) * (1 - self.tolerance)
        return min(number for number, rate in self.tried.items() if rate >= enough)

    def as_document(self) -> dict[str, object]:
        """Returns the trial as plain data."""
        return {**asdict(self), "best": self.best}

    def __str__(self) -> str:
        rates = ", ".join(f"{number}: {rate:,.0f}/s" for number, rate in self.tried.items())
        return f"{self.name}: {rates}; best {self.best}"


async def try_lanes(stage: Stage) -> Trial:
    """Tries numbers of lanes for a server that runs each command by itself."""
    tried = stage.plan.lanes_tried
    work = stage.bets(COMPARED_CALLERS)
    rates = await try_servers(
        stage, [(1, {**UNBATCHED, "lanes_count": number}, [work]) for number in tried]
    )
    return Trial("lanes of unbatched", dict(zip(tried, rates, strict=True)))


async def try_workers(stage: Stage) -> tuple[Trial, Trial]:
    """Tries numbers of workers: for calls of one command each, and of many."""
    tried = stage.plan.workers_tried
    wanted = [
        (each, SHIPPED, [stage.bets(COMPARED_CALLERS, workers=each), batches(stage, each)])
        for each in tried
    ]
    rates = await try_servers(stage, wanted)
    unary, many = (dict(zip(tried, rates[kind::2], strict=True)) for kind in range(2))
    return (
        Trial("workers for unary calls", unary, WORKER_TOLERANCE),
        Trial("workers for ExecuteBatch", many, WORKER_TOLERANCE),
    )


def batches(stage: Stage, workers: int) -> Work:
    """Returns the work of several callers who send many commands a call."""
    work = stage.bets(BATCH_CALLERS, workers=workers)
    return replace(work, script=Script.BATCHES, commands_per_call=BATCH_COMMANDS)


async def try_servers(
    stage: Stage, wanted: Sequence[tuple[int, Mapping[str, int], Sequence[Work]]]
) -> list[float]:
    """Lets servers do some work. Returns commands a second of each work.

    Each has a database of its own: servers that met others at a wallet take turns for a while.
    """
    generators, proof = stage.generators[:-1], stage.proofs.token
    async with AsyncExitStack() as stack:
        databases = await enter_all(stack, [stage.database() for _ in wanted])
        deployments = await enter_all(
            stack,
            [
                start_servers(
                    stage.databases.url(database), workers, {**settings, **proof.settings}
                )
                for database, (workers, settings, _) in zip(databases, wanted, strict=True)
            ],
        )
        subjects: list[Subject] = []
        for servers, (_, _, works) in zip(deployments, wanted, strict=True):
            way = replace(proof.way, target=servers.target)
            for work in works:
                name = f"trial{len(subjects)}"
                subjects.append(GrpcSubject(name, work, way, servers.pids, generators))
        measured = await stage.in_turn(
            subjects, rounds=TRIAL_ROUNDS, seconds=stage.plan.trial_seconds
        )
    return [
        round(fmean(each.commands_per_second for each in subject.rounds), 1) for subject in measured
    ]


async def try_clients(stage: Stage) -> Trial:
    """Tries numbers of pgbench's clients."""
    tried: dict[int, float] = {}
    for clients in stage.plan.clients_tried:
        result = await run_pgbench(stage.databases, clients, stage.plan.trial_seconds)
        tried[clients] = round(result.transactions_per_second, 1)
    return Trial("clients of pgbench", tried)
