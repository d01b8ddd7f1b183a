"""Statements as OpenTelemetry's spans, in those of what sent them. Their values are left out."""

import time
from functools import lru_cache
from typing import NamedTuple

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import SpanKind, Status, StatusCode, Tracer
from sqlalchemy import event
from sqlalchemy.engine import Connection, ExceptionContext
from sqlalchemy.ext.asyncio import AsyncEngine

TEXT_LENGTH_MAX = 1_024
"""How much of a statement is told, with its white space made single."""


NS_PER_SECOND = 1_000_000_000


class Statement(NamedTuple):
    """A statement that is through: how long it took, what it ended with, and when."""

    sql: str
    seconds: float
    error: BaseException | None
    end_ns: int


class StatementTracing:
    """Makes a span of each statement, once it is through."""

    def __init__(self, tracer: Tracer) -> None:
        """Makes them with a tracer."""
        self._tracer = tracer

    def add(self, sql: str, seconds: float, error: BaseException | None) -> None:
        """Adds a statement that took so long until now to what is followed here, if anything is."""
        if trace.get_current_span().get_span_context().trace_flags.sampled:
            self.tell(Statement(sql, seconds, error, now_ns()))

    def tell(self, statement: "Statement", parent: Context | None = None) -> None:
        """Makes the span of a statement, below a parent or else what is followed here."""
        sql, seconds, error, end_ns = statement
        span = self._tracer.start_span(
            name_of(sql),
            parent,
            kind=SpanKind.CLIENT,
            attributes={"db.system.name": "postgresql", "db.query.text": text_of(sql)},
            start_time=end_ns - round(seconds * NS_PER_SECOND),
        )
        if error is not None:
            span.set_attribute("error.type", type(error).__name__)
            if sqlstate := getattr(error, "sqlstate", None):
                span.set_attribute("db.response.status_code", str(sqlstate))
            span.set_status(Status(StatusCode.ERROR))
        span.end(end_ns)


def now_ns() -> int:
    """Returns the time as OpenTelemetry takes that of spans itself."""
    return time.time_ns()  # noqa: TID251 - no time of the wallet's.


@lru_cache(maxsize=1_000)
def text_of(sql: str) -> str:
    """Returns a statement as it is told."""
    return " ".join(sql.split())[:TEXT_LENGTH_MAX]


def name_of(sql: str) -> str:
    """Returns what a statement does, by its first word."""
    return text_of(sql).partition(" ")[0].rstrip(";").upper()


def follow_engine(engine: AsyncEngine, statements: StatementTracing) -> None:
    """Adds the statements of an engine, those included that fail."""
    began = "wallet_server.began"

    def begin(connection: Connection, *_: object) -> None:
        connection.info[began] = time.perf_counter()

    def end(connection: Connection, cursor: object, sql: str, *_: object) -> None:
        del cursor
        statements.add(sql, time.perf_counter() - connection.info[began], None)

    def fail(failure: ExceptionContext) -> None:
        connection, sql = failure.connection, failure.statement
        if connection is not None and sql is not None and began in connection.info:
            seconds = time.perf_counter() - connection.info[began]
            statements.add(sql, seconds, failure.original_exception)

    event.listen(engine.sync_engine, "before_cursor_execute", begin)
    event.listen(engine.sync_engine, "after_cursor_execute", end)
    event.listen(engine.sync_engine, "handle_error", fail)
