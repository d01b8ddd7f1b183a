"""What the engine counts of its own work, for benchmarks, tests and metrics."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from wallet_server.core.batch import Fold, Task


@dataclass(slots=True)
class Statistics:
    """Counts since the start. `troubles` is by SQLSTATE, or the exception's name."""

    batches: int = 0
    commands: int = 0
    recorded: int = 0
    troubles: Counter[str] = field(default_factory=Counter[str])

    def count_batch(self, tasks: Sequence[Task], fold: Fold) -> None:
        """Counts a batch that went through."""
        self.batches += 1
        self.commands += len(tasks)
        self.recorded += len(fold.recorded)

    def count_trouble(self, error: Exception) -> None:
        """Counts an attempt that did not."""
        self.troubles[getattr(error, "sqlstate", None) or type(error).__name__] += 1

    def as_document(self) -> dict[str, object]:
        """Returns the counts as plain data, for the log."""
        return {
            "batches": self.batches,
            "commands": self.commands,
            "recorded": self.recorded,
            "troubles": dict(self.troubles),
        }
