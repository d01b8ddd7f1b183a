"""What one server process says of itself, and what there is to say of several."""

import os
import resource
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from wallet_server.execution.administration.audit_statistics import AuditStatistics
from wallet_server.execution.due_work.statistics import DueWorkStatistics
from wallet_server.execution.sequencing.statistics import SequencingStatistics
from wallet_server.execution.statistics import Statistics
from wallet_server.execution.timings import Timings
from wallet_server.rpc.call_statistics import CallStatistics

MEMORY_FILE = Path("/proc/self/statm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """A process at one moment.

    `statistics`, `timings`, `call_statistics`, `due_work`, `sequencing`, `audit` and
    `processor_seconds` count since its start, the others are what there is now. `memory_bytes` is
    resident memory; where the system does not tell, as on macOS, the most there has been.
    """

    statistics: Statistics = field(default_factory=Statistics)
    timings: Timings = field(default_factory=Timings)
    call_statistics: CallStatistics = field(default_factory=CallStatistics)
    due_work: DueWorkStatistics = field(default_factory=DueWorkStatistics)
    sequencing: SequencingStatistics = field(default_factory=SequencingStatistics)
    audit: AuditStatistics = field(default_factory=AuditStatistics)
    queued_commands: int = 0
    calls: int = 0
    processor_seconds: float = 0.0
    memory_bytes: int = 0

    def after(self, before: "Numbers") -> "Numbers":
        """Returns the same with what processes before this one had counted."""
        statistics = Statistics()
        statistics.add(before.statistics)
        statistics.add(self.statistics)
        due_work = self.due_work.after(before.due_work)
        sequencing = self.sequencing.after(before.sequencing)
        audit = self.audit.after(before.audit)
        seconds = before.processor_seconds + self.processor_seconds
        return replace(
            self,
            statistics=statistics,
            timings=self.timings.after(before.timings),
            call_statistics=before.call_statistics.plus(self.call_statistics),
            due_work=due_work,
            sequencing=sequencing,
            audit=audit,
            processor_seconds=seconds,
        )

    def ended(self) -> "Numbers":
        """Returns what is left when the process has ended: its counts."""
        return Numbers(
            statistics=self.statistics,
            timings=self.timings.ended(),
            call_statistics=self.call_statistics,
            due_work=self.due_work.ended(),
            sequencing=self.sequencing.ended(),
            audit=self.audit,
            processor_seconds=self.processor_seconds,
        )

    def as_document(self) -> dict[str, Any]:
        """Returns the numbers as plain data."""
        return {
            "statistics": self.statistics.as_document(),
            "timings": self.timings.as_document(),
            "call_statistics": self.call_statistics.as_document(),
            "due_work": self.due_work.as_document(),
            "sequencing": self.sequencing.as_document(),
            "audit": self.audit.as_document(),
            "queued_commands": self.queued_commands,
            "calls": self.calls,
            "processor_seconds": self.processor_seconds,
            "memory_bytes": self.memory_bytes,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Numbers":
        """Returns numbers from plain data."""
        statistics = Statistics.from_document(document["statistics"])
        due_work = DueWorkStatistics.from_document(document["due_work"])
        sequencing = SequencingStatistics.from_document(document["sequencing"])
        audit = AuditStatistics.from_document(document["audit"])
        values: dict[str, Any] = {
            **document,
            "statistics": statistics,
            "timings": Timings.from_document(document["timings"]),
            "call_statistics": CallStatistics.from_document(document["call_statistics"]),
            "due_work": due_work,
            "sequencing": sequencing,
            "audit": audit,
        }
        return cls(**values)


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
