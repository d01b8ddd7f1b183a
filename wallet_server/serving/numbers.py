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
from wallet_server.execution.relay.statistics import RelayStatistics
from wallet_server.execution.sealing.statistics import SealingStatistics
from wallet_server.execution.sequencing.statistics import SequencingStatistics
from wallet_server.execution.statements.statistics import StatementStatistics
from wallet_server.execution.statistics import Statistics

MEMORY_FILE = Path("/proc/self/statm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """A process at one moment.

    Queued commands, calls and memory are what there is now; all else counts since its start, or
    says itself which of it does. `memory_bytes` is resident memory; where the system does not tell,
    as on macOS, the most there has been.
    `statistics`, `due_work`, `sequencing`, `statements`, `audit`, `sealing` and `processor_seconds`
    count since its start, the others are what there is now. `memory_bytes` is resident memory;
    where the system does not tell, as on macOS, the most there has been.
    """

    statistics: Statistics = field(default_factory=Statistics)
    due_work: DueWorkStatistics = field(default_factory=DueWorkStatistics)
    sequencing: SequencingStatistics = field(default_factory=SequencingStatistics)
    relay: RelayStatistics = field(default_factory=RelayStatistics)
    statements: StatementStatistics = field(default_factory=StatementStatistics)
    audit: AuditStatistics = field(default_factory=AuditStatistics)
    sealing: SealingStatistics = field(default_factory=SealingStatistics)
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
        relay = self.relay.after(before.relay)
        audit = self.audit.after(before.audit)
        seconds = before.processor_seconds + self.processor_seconds
        return replace(
            self,
            statistics=statistics,
            due_work=due_work,
            sequencing=sequencing,
            relay=relay,
            statements=self.statements.after(before.statements),
            audit=audit,
            sealing=self.sealing.after(before.sealing),
            processor_seconds=seconds,
        )

    def ended(self) -> "Numbers":
        """Returns what is left when the process has ended: its counts."""
        return Numbers(
            statistics=self.statistics,
            due_work=self.due_work.ended(),
            sequencing=self.sequencing.ended(),
            relay=self.relay.ended(),
            statements=self.statements.ended(),
            audit=self.audit,
            sealing=self.sealing.ended(),
            processor_seconds=self.processor_seconds,
        )

    def as_document(self) -> dict[str, Any]:
        """Returns the numbers as plain data."""
        return {
            "statistics": self.statistics.as_document(),
            "due_work": self.due_work.as_document(),
            "sequencing": self.sequencing.as_document(),
            "relay": self.relay.as_document(),
            "statements": self.statements.as_document(),
            "audit": self.audit.as_document(),
            "sealing": self.sealing.as_document(),
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
        relay = RelayStatistics.from_document(document["relay"])
        audit = AuditStatistics.from_document(document["audit"])
        values: dict[str, Any] = {
            **document,
            "statistics": statistics,
            "due_work": due_work,
            "sequencing": sequencing,
            "relay": relay,
            "statements": StatementStatistics.from_document(document["statements"]),
            "audit": audit,
            "sealing": SealingStatistics.from_document(document["sealing"]),
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
