"""The run: what is measured, beside what. What must come of it stands in ratios.py."""

import math
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from tests.benchmarks.measuring import Measured
from tests.benchmarks.results.figures import Figures
from tests.benchmarks.results.ratios import CALLERS, COMPARED_CALLERS, WORKERS_CALLERS
from tests.benchmarks.stage import CONNECTIONS_PER_WORKER, Stage, Then, Wanted, ready
from tests.benchmarks.subjects import GrpcSubject, PgbenchSubject, Subject
from tests.benchmarks.surroundings.echo_server import Echo, start_echo
from tests.benchmarks.surroundings.pgbench import prepare_pgbench
from tests.benchmarks.surroundings.proofs import Way
from tests.benchmarks.surroundings.seeding import RICH
from tests.benchmarks.traffic import SHARED_PAYOUTS, Choice, Crowd, Funding
from tests.benchmarks.trials import UNBATCHED, Trial, batches, try_clients, try_lanes, try_workers
from tests.benchmarks.work import Script, Work

OPEN_PART_OF_PEAK = 0.6

OPEN_CONNECTIONS_FACTOR = 2
"""No answer is waited for in an open loop, so a worker with more connections has more to do."""

ONE_PROCESS_BY = 0.35
ALL_WORKERS_BY = 0.7
WORKLOADS_BY = 0.85
"""The parts of the whole time after which there is no further round of a group."""

READ_EVERY_SECONDS = 20
"""How often each of the readers reads its wallet."""

MATCH_CALLERS = 8
MATCH_COMMANDS = 500
"""As many as one call may carry."""


LEDGER_WARM_UP_SECONDS = 4.0
"""Before each round of the large ledger and the empty one."""


@dataclass(slots=True)
class Bench:
    """One run. `trials` are what was tried to set it up."""

    stage: Stage
    say: Callable[[str], None]
    trials: list[Trial] = field(default_factory=list[Trial])
    figures: list[Figures] = field(default_factory=list[Figures])
    started: float = field(default_factory=time.monotonic)

    async def run(self) -> None:
        """Measures everything, in groups of what is compared with each other."""
        lanes = self._note(await try_lanes(self.stage))
        await self._one_process(lanes)
        await prepare_pgbench(self.stage.databases, self.stage.plan.pgbench_scale)
        clients = self._note(await try_clients(self.stage))
        workers, batch_workers = map(self._note, await try_workers(self.stage))
        await self._all_workers(workers, batch_workers, clients)
        await self._workloads(workers)
        await self._match(batch_workers)
        if self.stage.plan.large_entries:
            await self._large_ledger(workers)

    def _note(self, trial: Trial) -> int:
        """Keeps and tells what was tried. Returns what suits best."""
        self.trials.append(trial)
        self.say(str(trial))
        return trial.best

    async def _measure(
        self, title: str, *wanted: Wanted, by: float, then: Then | None = None
    ) -> None:
        """Measures a group, in time for it to end when that part of the whole time is over."""
        self.say(title)
        until = self.started + by * self.stage.plan.seconds_total
        self.figures += await self.stage.measure(*wanted, until=until, then=then)

    async def _one_process(self, lanes: int) -> None:
        """One server at each number of callers, each beside its yardsticks; then an open loop."""
        stage = self.stage
        works = [stage.bets(callers) for callers in CALLERS]
        compared = stage.bets(COMPARED_CALLERS)
        unbatched = {**UNBATCHED, "lanes_count": lanes}
        with start_echo(stage.responses, 1) as echo:
            await self._measure(
                "one process",
                stage.serve("grpc", *works),
                self._echo("echo", echo, works),
                stage.serve("unbatched", compared, settings=unbatched),
                stage.serve("mtls", compared, proof=stage.proofs.certificate),
                stage.engine(compared),
                by=ONE_PROCESS_BY,
                then=lambda measured: self._open("open_one", measured, workers=1),
            )

    async def _all_workers(self, workers: int, batch_workers: int, clients: int) -> None:
        """As many workers as pay off, calls with many commands, one hot wallet, and pgbench."""
        stage = self.stage
        works = [stage.bets(callers, workers=workers) for callers in WORKERS_CALLERS]
        compared = stage.bets(COMPARED_CALLERS, workers=workers)
        hot = replace(compared, crowd=Crowd(1, Choice.HOT))
        pgbench = PgbenchSubject("pgbench", stage.bets(clients), stage.databases)
        with start_echo(stage.responses, workers) as echo:
            await self._measure(
                "all workers",
                stage.serve("workers", *works, workers=workers),
                self._echo("echo_workers", echo, works),
                stage.serve("hot", hot, workers=workers),
                *self._in_batches(workers, batch_workers),
                ready(pgbench),
                by=ALL_WORKERS_BY,
                then=lambda measured: self._open("open_workers", measured, workers=workers),
            )

    def _in_batches(self, workers: int, batch_workers: int) -> Iterator[Wanted]:
        """Yields servers that are sent many commands a call, and as many that are sent one."""
        stage = self.stage
        if batch_workers != workers:
            unary = stage.bets(max(WORKERS_CALLERS), workers=batch_workers)
            yield stage.serve("unary", unary, workers=batch_workers)
        yield stage.serve("batch", batches(stage, batch_workers), workers=batch_workers)

    def _open(self, name: str, measured: Sequence[Measured], *, workers: int) -> Subject:
        """Returns servers just measured in closed loops, with calls that come by themselves."""
        first = measured[0].subject
        assert isinstance(first, GrpcSubject)
        rates = [
            statistics.median(one.commands_per_second for one in each.rounds)
            for each in measured
            if each.subject.name == first.name
        ]
        calls_per_second = OPEN_PART_OF_PEAK * max(rates)
        self.say(f"open loop at {calls_per_second:,.0f} calls/s")
        work = replace(
            first.work,
            callers=COMPARED_CALLERS,
            calls_per_second=calls_per_second,
            connections=OPEN_CONNECTIONS_FACTOR * CONNECTIONS_PER_WORKER * workers,
        )
        return replace(first, name=name, work=work)

    async def _workloads(self, workers: int) -> None:
        """Other ways to bet, beside the plain one."""
        stage = self.stage
        plain = stage.bets(COMPARED_CALLERS, workers=workers)
        shared = replace(plain, payouts=SHARED_PAYOUTS)
        zipf = replace(plain, crowd=Crowd(stage.plan.wallet_count, Choice.ZIPF))
        storm = replace(plain, script=Script.STORM)
        betting, reading = self._readers(plain, workers)
        await self._measure(
            "workloads",
            stage.serve("uniform", plain, workers=workers),
            stage.serve("zipf", zipf, workers=workers),
            stage.serve("storm", storm, workers=workers),
            stage.serve("two_source", shared, workers=workers, kind=Funding.TWO),
            stage.serve("three_source", shared, workers=workers, kind=Funding.THREE),
            stage.serve("with_reads", betting, workers=workers, beside=reading),
            by=WORKLOADS_BY,
        )

    def _readers(self, plain: Work, workers: int) -> tuple[Work, Work]:
        """Returns the work of those who bet and of those who read other wallets meanwhile."""
        plan = self.stage.plan
        first = plan.wallet_count - plan.readers
        betting = replace(plain, crowd=Crowd(first))
        reading = replace(
            plain,
            script=Script.READS,
            crowd=Crowd(plan.readers, first=first),
            calls_per_second=plan.readers / READ_EVERY_SECONDS,
            connections=CONNECTIONS_PER_WORKER * workers,
        )
        return betting, reading

    async def _match(self, workers: int) -> None:
        """A match ends: one open bet of each player is settled, as fast as may be."""
        work = Work(
            script=Script.MATCH_RESULTS,
            crowd=Crowd(self.stage.plan.match_bets),
            callers=MATCH_CALLERS,
            connections=CONNECTIONS_PER_WORKER * workers,
            commands_per_call=MATCH_COMMANDS,
        )
        self.say("a match")
        subject = self.stage.serve("match", work, workers=workers)
        self.figures += await self.stage.measure(subject, rounds=1)

    async def _large_ledger(self, workers: int) -> None:
        """A ledger full of entries against an empty one.

        Both warm up for longer: after a checkpoint the first change of each page puts all
        of it into the log, and in a large ledger there are many pages to change first.
        """
        work = self.stage.bets(COMPARED_CALLERS, workers=workers)
        work = replace(work, warm_up_seconds=LEDGER_WARM_UP_SECONDS)
        await self._measure(
            "large ledger",
            self.stage.serve("large", work, workers=workers, kind=RICH),
            self.stage.serve("empty", work, workers=workers),
            by=math.inf,
        )

    def _echo(self, name: str, echo: Echo, works: Sequence[Work]) -> Wanted:
        """Returns the empty servers with some work."""
        generators, way = self.stage.generators[:-1], Way(echo.target)
        subjects = [
            GrpcSubject(name, work, way, echo.pids, generators, needs_postgres=False)
            for work in works
        ]
        return ready(*subjects)
