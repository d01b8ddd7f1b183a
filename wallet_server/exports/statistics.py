"""What is counted of files that callers ask for, for tests and metrics.

Loads nothing that makes files: the supervisor of workers adds up what they have counted.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from wallet_server.core.exports.request import ExportFormat


class ExportResult(StrEnum):
    """How asking for a file ended."""

    DONE = "DONE"
    """All of it was taken."""
    REFUSED = "REFUSED"
    """It cannot be had, or not now."""
    FAILED = "FAILED"
    """Something went wrong on the way."""
    ABANDONED = "ABANDONED"
    """Whoever asked went away before its end."""


@dataclass(slots=True)
class FormatExports:
    """Files of one format since the start, and how many are being made.

    `begun` counts those for which a process was started, and `seconds` is how long these took, up
    to their end; `results` count all that ended, and those that were refused at once;
    `size_bytes` is what was made of them.
    """

    begun: int = 0
    running: int = 0
    results: Counter[str] = field(default_factory=Counter[str])
    size_bytes: int = 0
    seconds: float = 0.0

    def begin(self) -> None:
        """Counts a file that is being made from now on."""
        self.begun += 1
        self.running += 1

    def end(self, result: ExportResult, seconds: float) -> None:
        """Counts that it is made no more."""
        self.running -= 1
        self.results[result] += 1
        self.seconds += seconds

    def after(self, before: "FormatExports") -> "FormatExports":
        """Returns the same with what processes before this one had counted."""
        return FormatExports(
            self.begun + before.begun,
            self.running,
            self.results + before.results,
            self.size_bytes + before.size_bytes,
            self.seconds + before.seconds,
        )

    def ended(self) -> "FormatExports":
        """Returns what is left when the process has ended: its counts."""
        return FormatExports(0).after(self)

    def as_document(self) -> dict[str, Any]:
        """Returns the counts as plain data."""
        return {
            "begun": self.begun,
            "running": self.running,
            "results": dict(self.results),
            "size_bytes": self.size_bytes,
            "seconds": self.seconds,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "FormatExports":
        """Returns counts from plain data."""
        values: dict[str, Any] = {**document, "results": Counter(document["results"])}
        return cls(**values)


def nothing_yet() -> dict[str, FormatExports]:
    """Returns counts of each format, with nothing counted."""
    return {form.value: FormatExports() for form in ExportFormat}


@dataclass(slots=True)
class ExportStatistics:
    """What is counted of files, by their format."""

    formats: dict[str, FormatExports] = field(default_factory=nothing_yet)

    def of(self, form: ExportFormat) -> FormatExports:
        """Returns what counts the files of a format."""
        return self.formats[form.value]

    def after(self, before: "ExportStatistics") -> "ExportStatistics":
        """Returns the same with what processes before this one had counted."""
        return ExportStatistics(
            {name: each.after(before.formats[name]) for name, each in self.formats.items()}
        )

    def ended(self) -> "ExportStatistics":
        """Returns what is left when the process has ended: its counts."""
        return ExportStatistics({name: each.ended() for name, each in self.formats.items()})

    def as_document(self) -> dict[str, Any]:
        """Returns the counts as plain data, for other processes."""
        return {name: each.as_document() for name, each in self.formats.items()}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "ExportStatistics":
        """Returns counts from plain data."""
        return cls({name: FormatExports.from_document(each) for name, each in document.items()})
