"""What a scenario file says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeAlias

from wallet_server.conformance.methods import Method, methods
from wallet_server.core.config.documents import Document

Json: TypeAlias = Any
"""A value as YAML and proto JSON know it. Checked against the proto when a file is read."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who sends a call: a person, the person's roles, and the player who the person is too."""

    name: str
    roles: Sequence[str] = ()
    player: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A request, before the runner has filled in who it is for. Nobody says who sends it: none."""

    method: str
    request: Mapping[str, Json]
    path: str
    actor: Actor | None = None


@dataclass(frozen=True, slots=True)
class GivenWallet:
    """A wallet that the steps call by a short name, with what its buckets hold.

    `calls` make what else it has: coupons, promotions with their requirements, rounds.
    """

    player: str
    currency: str
    balances: Mapping[str, int] = field(default_factory=dict[str, int])
    opened: bool = True
    calls: Sequence[Call] = ()


@dataclass(frozen=True, slots=True)
class ExpectedEvent:
    """An event by its type, with a part of what it must tell."""

    event_type: str
    told: Mapping[str, Json] = field(default_factory=dict[str, Json])


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a call must be answered. Metadata, response and details name a subset, `moves` all.

    `details` are what a refusal says beside its reason, by the short names of their messages.
    `events` are all that its command must have told; none where nothing is said of it.
    """

    code: str = "OK"
    reason: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict[str, str])
    response: Mapping[str, Json] = field(default_factory=dict[str, Json])
    moves: Mapping[str, int] = field(default_factory=dict[str, int])
    details: Mapping[str, Json] = field(default_factory=dict[str, Json])
    events: tuple[ExpectedEvent, ...] | None = None


@dataclass(frozen=True, slots=True)
class CallStep:
    """One call, and what it must be answered.

    A call whose reply is lost has no expectation: nobody hears the answer. `keep` names fields of
    the answer, as paths, by the names under which later steps may use them.
    """

    call: Call
    expectation: Expectation | None
    keep: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class ParallelStep:
    """Calls sent at the same instant.

    The expectations belong to the calls one by one; in any order, each belongs to
    some call.
    """

    calls: Sequence[Call]
    expectations: Sequence[Expectation]
    any_order: bool


@dataclass(frozen=True, slots=True)
class BatchStep:
    """Commands sent in one batch, all by the same actor, and what each must be answered."""

    calls: Sequence[Call]
    expectations: Sequence[Expectation]
    actor: Actor | None = None


@dataclass(frozen=True, slots=True)
class AdvanceStep:
    """Time that goes by."""

    duration: timedelta


@dataclass(frozen=True, slots=True)
class ApplyStep:
    """Documents that become active."""

    documents: Sequence[Document]


Step: TypeAlias = CallStep | ParallelStep | BatchStep | AdvanceStep | ApplyStep


@dataclass(frozen=True, slots=True)
class Scenario:
    """A story that a wallet server must be able to tell.

    `shape` is the name of a shipped shape, or empty where the scenario brings
    documents of its own; `documents` are all that its tenant is set up with.
    """

    id: str
    title: str
    shape: str
    documents: Sequence[Document]
    wallets: Mapping[str, GivenWallet]
    steps: Sequence[Step]
    final: Mapping[str, Mapping[str, int]]

    @property
    def server_needs(self) -> str:
        """Returns what only a server of the scenario's own can give; empty for nothing."""
        has_time = any(isinstance(step, AdvanceStep) for step in self.steps)
        return "needs its own clock" if has_time else ""

    @property
    def tenant_needs(self) -> str:
        """Returns what only a tenant of the scenario's own can give; empty for nothing."""
        if not self.shape:
            return "needs its own topology and policies"
        if any(isinstance(step, ApplyStep) for step in self.steps):
            return "needs its own policies"
        if any(each.is_administrative for each in self._methods):
            return "needs its own tenant"
        return ""

    @property
    def _methods(self) -> Iterator[Method]:
        """Every method that the steps call."""
        for step in self.steps:
            if isinstance(step, CallStep):
                yield methods()[step.call.method]
            elif isinstance(step, ParallelStep | BatchStep):
                yield from (methods()[call.method] for call in step.calls)
