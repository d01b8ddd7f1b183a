"""What a process tells of the work that it does by itself, for tests and metrics."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar, Self


@dataclass(slots=True)
class WorkStatistics:
    """Those in `COUNTS` were counted since the start; the others are as of a moment ago."""

    COUNTS: ClassVar[tuple[str, ...]]

    def after(self, before: Self) -> Self:
        """Returns the same with what processes before this one had counted."""
        added = {name: getattr(before, name) + getattr(self, name) for name in self.COUNTS}
        return replace(self, **added)

    def ended(self) -> Self:
        """Returns what is left when the process has ended, or does the work no more: its counts."""
        return type(self)(**{name: getattr(self, name) for name in self.COUNTS})

    def as_document(self) -> dict[str, Any]:
        """Returns the numbers as plain data, for other processes."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Returns numbers from plain data."""
        return cls(**document)
