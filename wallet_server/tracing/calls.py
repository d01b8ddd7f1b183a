"""Calls, batches, stages and statements as OpenTelemetry's spans; and turns behind the path.

A span says how long something took, and whether it failed; never whose it was, nor what an
exception says: Postgres' messages hold the rows they are about.
"""

import random
import re
from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext

from asyncpg.connection import LoggedQuery
from opentelemetry import context as contexts
from opentelemetry import trace
from opentelemetry.trace import Link, Span, SpanKind, Status, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from sqlalchemy.ext.asyncio import AsyncEngine

from wallet_server.execution.tracing import Mark, Turn
from wallet_server.log_context import CORRELATION_ID, TRACE_ID
from wallet_server.rpc.call_statistics import OK
from wallet_server.rpc.context import Metadata
from wallet_server.rpc.following import Followed
from wallet_server.tracing.statements import StatementTracing, follow_engine
from wallet_server.tracing.turns import TurnSpans

PROPAGATOR = TraceContextTextMapPropagator()
FIELDS = frozenset(PROPAGATOR.fields)
PARENT = "traceparent"
PARENT_FORM = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-(?P<flags>[0-9a-f]{2})(-.*)?")
SAMPLED = 1
"""The bit among the flags that says that a call is followed."""

FAULTY_CODES = frozenset({2, 4, 12, 13, 14, 15})
"""The codes that say that the server failed: UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL,
UNAVAILABLE, DATA_LOSS. All others say so of the caller, as OpenTelemetry's conventions have it."""

BATCH = "batch"
TURNS = "turns"


class CallTracing:
    """Makes spans of calls and of what the engine does for them."""

    def __init__(self, tracer: Tracer, ratio: float) -> None:
        """Makes them with a tracer: of this part of the calls that do not say themselves."""
        self._ratio = ratio
        self._tracer = tracer
        self._statements = StatementTracing(tracer)
        self._turns = TurnSpans(tracer, self._statements)

    def begin(self, path: str, metadata: Metadata) -> Span | None:
        """Begins to follow a call: what runs in its task is part of it from now on.

        It goes on with the trace that `traceparent` names, as W3C has it, if any does. Returns
        none if the call is not to be followed; then it costs nothing more.
        """
        headers = {key: value for key, value in metadata if key in FIELDS}
        if not self._is_chosen(headers.get(PARENT)):
            return None
        service, _, method = path.removeprefix("/").partition("/")
        span = self._tracer.start_span(
            f"{service}/{method}",
            PROPAGATOR.extract(headers),
            SpanKind.SERVER,
            {"rpc.system": "grpc", "rpc.service": service, "rpc.method": method},
        )
        contexts.attach(trace.set_span_in_context(span))
        if span.is_recording():
            TRACE_ID.set(trace.format_trace_id(span.get_span_context().trace_id))
        return span

    def end(self, followed: Followed, code: int, reason: str) -> None:
        """Ends a call with gRPC's code, and the reason of an error if it was one."""
        assert isinstance(followed, Span)
        span = followed
        if span.is_recording():
            span.set_attribute("rpc.grpc.status_code", code)
            if correlation_id := CORRELATION_ID.get():
                span.set_attribute("wallet.correlation_id", correlation_id)
            if code != OK:
                span.set_attribute("error.type", reason or str(code))
            if code in FAULTY_CODES:
                span.set_status(Status(StatusCode.ERROR))
        span.end()

    def mark(self) -> Mark | None:
        """Returns the span of the call that is running; none if it is not followed."""
        span = trace.get_current_span()
        return span if span.is_recording() else None

    def turns(self, marks: Sequence[Mark | None]) -> AbstractContextManager[None]:
        """Follows a batch while it takes turns, as `batch` does: more calls may join it then."""
        return self._common(TURNS, marks)

    def batch(self, marks: Sequence[Mark | None]) -> AbstractContextManager[None]:
        """Follows a batch, if any of its calls is followed.

        It is part of the trace of the first of them. The others and it are linked to each other.
        """
        return self._common(BATCH, marks)

    def stage(self, name: str) -> AbstractContextManager[None]:
        """Follows a stage of a batch that is followed."""
        return self._span(name) if trace.get_current_span().is_recording() else nullcontext()

    def statement(self, query: LoggedQuery) -> None:
        """Notes a statement that asyncpg has just sent for what runs here."""
        self._statements.add(query.query, query.elapsed, query.exception)

    def turn(self, name: str) -> AbstractContextManager[Turn]:
        """Follows a turn of work behind the path, if chance has it."""
        return self._turns.turn(name) if self._is_drawn() else nullcontext(Turn())

    def turn_statement(self, query: LoggedQuery) -> None:
        """Notes a statement that asyncpg has just sent for a turn."""
        self._turns.add(query)

    def follow_engine(self, engine: AsyncEngine) -> None:
        """Follows the statements of an engine of SQLAlchemy's, which asyncpg does not tell of."""
        follow_engine(engine, self._statements)

    def _is_chosen(self, parent: str | bytes | None) -> bool:
        """Tells whether a call is to be followed: as its caller is, or by chance."""
        if isinstance(parent, str) and (found := PARENT_FORM.fullmatch(parent)):
            return bool(int(found["flags"], 16) & SAMPLED)
        return self._is_drawn()

    def _is_drawn(self) -> bool:
        """Tells whether chance has something followed."""
        return random.random() < self._ratio  # noqa: S311 - a sample, no secret.

    def _common(self, name: str, marks: Sequence[Mark | None]) -> AbstractContextManager[None]:
        """Follows what is done for many calls at once, if any of them is followed."""
        calls = list(dict.fromkeys(mark for mark in marks if isinstance(mark, Span)))
        return self._of_calls(name, calls, len(marks)) if calls else nullcontext()

    @contextmanager
    def _of_calls(self, name: str, calls: Sequence[Span], commands_count: int) -> Generator[None]:
        first, *others = calls
        links = [Link(call.get_span_context()) for call in others]
        token = contexts.attach(trace.set_span_in_context(first))
        trace_token = TRACE_ID.set(trace.format_trace_id(first.get_span_context().trace_id))
        try:
            with self._span(name, links, {"wallet.batch.commands": commands_count}):
                own = trace.get_current_span().get_span_context()
                for call in others:
                    if call.is_recording():
                        call.add_link(own)
                yield
        finally:
            TRACE_ID.reset(trace_token)
            contexts.detach(token)

    @contextmanager
    def _span(
        self,
        name: str,
        links: Sequence[Link] = (),
        attributes: dict[str, int] | None = None,
    ) -> Generator[None]:
        with self._tracer.start_as_current_span(
            name,
            links=links,
            attributes=attributes,
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield
            except BaseException as error:
                span.set_attribute("error.type", type(error).__name__)
                span.set_status(Status(StatusCode.ERROR))
                raise
