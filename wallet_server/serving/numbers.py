"""What one server process says of itself, and what there is to say of several."""

import os
import resource
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from wallet_server.execution.administration.audit_statistics import AuditStatistics
from wallet_server.execution.chapters.statistics import ChapterStatistics
from wallet_server.execution.due_work.statistics import DueWorkStatistics
from wallet_server.execution.relay.statistics import RelayStatistics
from wallet_server.execution.sealing.statistics import SealingStatistics
from wallet_server.execution.sequencing.statistics import SequencingStatistics
from wallet_server.execution.statements.statistics import StatementStatistics
from wallet_server.execution.statistics import Statistics
from wallet_server.execution.timings import Timings
from wallet_server.execution.watching.statistics import WatchStatistics
from wallet_server.exports.statistics import ExportStatistics
from wallet_server.rpc.call_statistics import CallStatistics

MEMORY_FILE = Path("/proc/self/statm")


class Part(Protocol):
    """What a part of the server has counted since its start, and what it tells of now."""

    def after(self, before: Any, /) -> "Part":  # noqa: ANN401 - of its own type.
        """Returns the same with what processes before this one had counted."""
        ...

    def ended(self) -> "Part":
        """Returns what is left when the process has ended: its counts."""
        ...

    def as_document(self) -> dict[str, Any]:
        """Returns it as plain data."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """A process at one moment.

    The parts and `processor_seconds` count since its start, the others are what there is now.
    `memory_bytes` is resident memory; where the system does not tell, as on macOS, the most there
    has been.
    """

    statistics: Statistics = field(default_factory=Statistics)
    timings: Timings = field(default_factory=Timings)
    call_statistics: CallStatistics = field(default_factory=CallStatistics)
    due_work: DueWorkStatistics = field(default_factory=DueWorkStatistics)
    sequencing: SequencingStatistics = field(default_factory=SequencingStatistics)
    watching: WatchStatistics = field(default_factory=WatchStatistics)
    relay: RelayStatistics = field(default_factory=RelayStatistics)
    statements: StatementStatistics = field(default_factory=StatementStatistics)
    chapters: ChapterStatistics = field(default_factory=ChapterStatistics)
    exports: ExportStatistics = field(default_factory=ExportStatistics)
    audit: AuditStatistics = field(default_factory=AuditStatistics)
    sealing: SealingStatistics = field(default_factory=SealingStatistics)
    queued_commands: int = 0
    calls: int = 0
    processor_seconds: float = 0.0
    memory_bytes: int = 0

    def parts(self) -> dict[str, Part]:
        """Returns what each part says, by its name."""
        return {name: getattr(self, name) for name in PARTS}

    def after(self, before: "Numbers") -> "Numbers":
        """Returns the same with what processes before this one had counted."""
        earlier = before.parts()
        parts: dict[str, Any] = {
            name: part.after(earlier[name]) for name, part in self.parts().items()
        }
        seconds = before.processor_seconds + self.processor_seconds
        return replace(self, **parts, processor_seconds=seconds)

    def ended(self) -> "Numbers":
        """Returns what is left when the process has ended: its counts."""
        parts: dict[str, Any] = {name: part.ended() for name, part in self.parts().items()}
        return Numbers(**parts, processor_seconds=self.processor_seconds)

    def as_document(self) -> dict[str, Any]:
        """Returns the numbers as plain data."""
        return {
            **{name: part.as_document() for name, part in self.parts().items()},
            "queued_commands": self.queued_commands,
            "calls": self.calls,
            "processor_seconds": self.processor_seconds,
            "memory_bytes": self.memory_bytes,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Numbers":
        """Returns numbers from plain data."""
        parts = {name: kind.from_document(document[name]) for name, kind in PARTS.items()}
        values: dict[str, Any] = {**document, **parts}
        return cls(**values)


PARTS = {
    "statistics": Statistics,
    "timings": Timings,
    "call_statistics": CallStatistics,
    "due_work": DueWorkStatistics,
    "sequencing": SequencingStatistics,
    "watching": WatchStatistics,
    "relay": RelayStatistics,
    "statements": StatementStatistics,
    "chapters": ChapterStatistics,
    "exports": ExportStatistics,
    "audit": AuditStatistics,
    "sealing": SealingStatistics,
}
"""The fields of `Numbers` that count by themselves, and what reads them."""


def read_processor_seconds() -> float:
    """Returns what this process has used of the processors, the system's part included."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def read_memory_bytes() -> int:
    """Returns what this process has in memory."""
    try:
        resident_pages = int(MEMORY_FILE.read_text(encoding="ascii").split()[1])
    except OSError:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024
    return resident_pages * os.sysconf("SC_PAGE_SIZE")
