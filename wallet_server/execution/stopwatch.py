"""Takes the time of what a lane does, and has it followed where somebody traces."""

from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from time import perf_counter

from wallet_server.execution.timings import Stage, Timings
from wallet_server.execution.tracing import Mark, Tracing


class Stopwatch:
    """Looks on while batches run. It changes nothing."""

    def __init__(self, timings: Timings | None = None, tracing: Tracing | None = None) -> None:
        """Adds to timings, or to none that anybody sees."""
        self._stages = (timings or Timings()).stages
        self._tracing = tracing

    def mark(self) -> Mark | None:
        """Returns the call that is running, if somebody traces it."""
        return None if self._tracing is None else self._tracing.mark()

    def turns(self, marks: Sequence[Mark | None]) -> AbstractContextManager[None]:
        """Looks on while a batch takes turns at its wallets."""
        return nullcontext() if self._tracing is None else self._tracing.turns(marks)

    def batch(self, marks: Sequence[Mark | None]) -> AbstractContextManager[None]:
        """Looks on while a batch runs, which has the commands of these calls."""
        return nullcontext() if self._tracing is None else self._tracing.batch(marks)

    @contextmanager
    def stage(self, stage: Stage) -> Generator[None]:
        """Takes the time of a stage of an attempt, whatever comes of it."""
        began_seconds = perf_counter()
        try:
            with nullcontext() if self._tracing is None else self._tracing.stage(stage.value):
                yield
        finally:
            self._stages[stage.value].add(perf_counter() - began_seconds)
