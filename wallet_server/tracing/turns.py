"""Turns of work behind the path of commands as OpenTelemetry's spans, with their statements.

Most turns find nothing to do. So nothing is told before one is over: its statements are kept until
then, and told with it or forgotten.
"""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from asyncpg.connection import LoggedQuery
from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Status, StatusCode, Tracer

from wallet_server.execution.tracing import Turn
from wallet_server.tracing.statements import Statement, StatementTracing, now_ns

STATEMENTS_MAX = 200
"""How many statements of a turn are told, the first of them."""


@dataclass(slots=True)
class Kept:
    """The statements of a turn that goes on; once it was told, the span that they belong to."""

    statements: list[Statement] = field(default_factory=list[Statement])
    is_over: bool = False
    parent: Context | None = None


KEPT: ContextVar[Kept | None] = ContextVar("statements_of_turn", default=None)


class TurnSpans:
    """Makes spans of turns in which something was done, or that failed."""

    def __init__(self, tracer: Tracer, statements: StatementTracing) -> None:
        """Makes them with a tracer."""
        self._tracer = tracer
        self._statements = statements

    @contextmanager
    def turn(self, name: str) -> Generator[Turn]:
        """Follows a turn: a trace of its own."""
        turn, kept, began_ns = Turn(), Kept(), now_ns()
        token = KEPT.set(kept)
        try:
            yield turn
        except Exception as error:
            self._tell(name, turn, kept, began_ns, error)
            raise
        else:
            if turn.done:
                self._tell(name, turn, kept, began_ns, None)
        finally:
            kept.is_over = True
            kept.statements.clear()
            KEPT.reset(token)

    def add(self, query: LoggedQuery) -> None:
        """Takes note of a statement. The last of a turn may come in when that is over."""
        kept = KEPT.get()
        if kept is None:
            return
        statement = Statement(query.query, query.elapsed, query.exception, now_ns())
        if kept.parent is not None:
            self._statements.tell(statement, kept.parent)
        elif not kept.is_over and len(kept.statements) < STATEMENTS_MAX:
            kept.statements.append(statement)

    def _tell(
        self, name: str, turn: Turn, kept: Kept, began_ns: int, error: Exception | None
    ) -> None:
        """Makes the spans of a turn that is over."""
        span = self._tracer.start_span(
            name, Context(), attributes={"wallet.turn.events": turn.done}, start_time=began_ns
        )
        if error is not None:
            span.set_attribute("error.type", type(error).__name__)
            span.set_status(Status(StatusCode.ERROR))
        kept.parent = trace.set_span_in_context(span, Context())
        for statement in kept.statements:
            self._statements.tell(statement, kept.parent)
        span.end()
