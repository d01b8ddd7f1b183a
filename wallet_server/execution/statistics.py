"""What the engine counts of its own work, for benchmarks, tests and metrics.

Counted once a batch, never once a command.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wallet_server.core.batch import Fold, Task

BATCH_SIZE_BOUNDS = tuple(2**power for power in range(11))
"""The largest batch that each of `batch_sizes` counts; 1,024 is the largest there is."""


@dataclass(slots=True)
class Statistics:
    """Counts since the start.

    `commands_again` counts a command for each execution after its first. `troubles`
    is by SQLSTATE, or the exception's name. `batch_sizes` has the number of batches
    up to each of `BATCH_SIZE_BOUNDS`, and above the one before it.
    """

    batches: int = 0
    commands: int = 0
    commands_again: int = 0
    recorded: int = 0
    troubles: Counter[str] = field(default_factory=Counter[str])
    batch_sizes: list[int] = field(default_factory=lambda: [0] * len(BATCH_SIZE_BOUNDS))

    def count_batch(self, tasks: Sequence[Task], fold: Fold) -> None:
        """Counts a batch that went through."""
        self.batches += 1
        self.commands += len(tasks)
        self.recorded += len(fold.recorded)
        power = (len(tasks) - 1).bit_length()  # The first bound that is not below the size.
        self.batch_sizes[min(power, len(BATCH_SIZE_BOUNDS) - 1)] += 1

    def count_trouble(self, error: Exception) -> None:
        """Counts an attempt that did not."""
        self.troubles[getattr(error, "sqlstate", None) or type(error).__name__] += 1

    def count_again(self, tasks: Sequence[Task]) -> None:
        """Counts commands that are about to be executed once more."""
        self.commands_again += len(tasks)

    def add(self, other: "Statistics") -> None:
        """Adds the counts of another process."""
        self.batches += other.batches
        self.commands += other.commands
        self.commands_again += other.commands_again
        self.recorded += other.recorded
        self.troubles += other.troubles
        pairs = zip(self.batch_sizes, other.batch_sizes, strict=True)
        self.batch_sizes = [one + another for one, another in pairs]

    def after(self, before: "Statistics") -> "Statistics":
        """Returns the same with what processes before this one had counted."""
        total = Statistics()
        total.add(before)
        total.add(self)
        return total

    def ended(self) -> "Statistics":
        """Returns what is left when the process has ended: all of it."""
        return self

    def as_document(self) -> dict[str, Any]:
        """Returns the counts as plain data, for the log and for other processes."""
        return {
            "batches": self.batches,
            "commands": self.commands,
            "commands_again": self.commands_again,
            "recorded": self.recorded,
            "troubles": dict(self.troubles),
            "batch_sizes": self.batch_sizes,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Statistics":
        """Returns counts from plain data."""
        troubles: Mapping[str, int] = document["troubles"]
        counts: dict[str, Any] = {**document, "troubles": Counter(troubles)}
        return cls(**counts)
