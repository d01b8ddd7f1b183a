"""What is counted of calls, by method, and of refusals, by reason.

Loads no grpc: the supervisor of workers adds up what they have counted.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wallet_server.execution.durations import Durations

OK = 0
"""gRPC's number for a call that ended well."""


@dataclass(slots=True)
class MethodCalls:
    """The calls of one method. Codes are gRPC's numbers.

    `sent` is of methods that answer with a stream: the messages of all their calls.
    """

    is_stream: bool = False
    started: int = 0
    sent: int = 0
    codes: Counter[int] = field(default_factory=Counter[int])
    durations: Durations = field(default_factory=Durations)

    def end(self, code: int, seconds: float) -> None:
        """Counts a call that has ended."""
        self.codes[code] += 1
        self.durations.add(seconds)

    def plus(self, other: "MethodCalls") -> "MethodCalls":
        """Returns both together."""
        return MethodCalls(
            self.is_stream,
            self.started + other.started,
            self.sent + other.sent,
            self.codes + other.codes,
            self.durations.plus(other.durations),
        )

    def as_document(self) -> dict[str, Any]:
        """Returns the counts as plain data."""
        return {
            "is_stream": self.is_stream,
            "started": self.started,
            "sent": self.sent,
            "codes": list(self.codes.items()),
            "durations": self.durations.as_document(),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "MethodCalls":
        """Returns counts from plain data."""
        codes: list[tuple[int, int]] = document["codes"]
        values: dict[str, Any] = {
            **document,
            "codes": Counter(dict(codes)),
            "durations": Durations.from_document(document["durations"]),
        }
        return cls(**values)


@dataclass(slots=True)
class CallStatistics:
    """Calls since the start, by the path of their method; and what was refused, by its reason.

    Each command of a command batch that was refused counts, as if it had come alone.
    """

    methods: dict[str, MethodCalls] = field(default_factory=dict[str, MethodCalls])
    refusals: Counter[str] = field(default_factory=Counter[str])

    def of(self, path: str, *, is_stream: bool) -> MethodCalls:
        """Returns what counts the calls of a method."""
        return self.methods.setdefault(path, MethodCalls(is_stream))

    def after(self, before: "CallStatistics") -> "CallStatistics":
        """Returns the same with what other processes, or those before this one, had counted."""
        methods = dict(before.methods)
        for path, calls in self.methods.items():
            methods[path] = methods[path].plus(calls) if path in methods else calls
        return CallStatistics(methods, before.refusals + self.refusals)

    def ended(self) -> "CallStatistics":
        """Returns what is left when the process has ended: all of it."""
        return self

    def as_document(self) -> dict[str, Any]:
        """Returns the counts as plain data. Of methods that nobody has called nothing is said."""
        called = {path: each for path, each in self.methods.items() if each.started}
        return {
            "methods": {path: each.as_document() for path, each in called.items()},
            "refusals": dict(self.refusals),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "CallStatistics":
        """Returns counts from plain data."""
        methods: Mapping[str, Mapping[str, Any]] = document["methods"]
        return cls(
            {path: MethodCalls.from_document(each) for path, each in methods.items()},
            Counter(document["refusals"]),
        )
