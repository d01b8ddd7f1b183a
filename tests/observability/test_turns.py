"""Turns of work behind the path of commands: told if something was done, with their statements."""

from collections.abc import Sequence
from contextlib import suppress

from asyncpg.connection import LoggedQuery
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from wallet_server.execution.tracing import Turn, log_of, turn_of
from wallet_server.tracing import turns
from wallet_server.tracing.calls import CallTracing


class Told:
    """What follows turns, and the spans that it has made."""

    def __init__(self, ratio: float = 1.0) -> None:
        self._exporter = InMemorySpanExporter()
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(self._exporter))
        self.tracing = CallTracing(provider.get_tracer("test"), ratio)

    @property
    def spans(self) -> Sequence[ReadableSpan]:
        return self._exporter.get_finished_spans()

    def named(self, name: str) -> list[ReadableSpan]:
        return [span for span in self.spans if span.name == name]

    def send(self, sql: str, error: Exception | None = None) -> None:
        """Has the database told to do something, as far as anybody looks."""
        query = LoggedQuery(sql, (), None, 0.25, error, "", {})  # type: ignore[call-arg]
        self.tracing.turn_statement(query)


def test_a_turn_in_which_something_was_done_is_told_with_its_statements() -> None:
    told = Told()

    with turn_of(told.tracing, "sequencing") as turn:
        told.send("SELECT  1")
        told.send("WITH x AS ()")
        turn.done = 7

    [span] = told.named("sequencing")
    assert span.parent is None
    assert dict(span.attributes or {}) == {"wallet.turn.events": 7}
    below = [each for each in told.spans if each is not span]
    assert [each.name for each in below] == ["SELECT", "WITH"]
    assert span.context is not None
    for each in below:
        assert each.parent is not None
        assert (each.parent.span_id, each.parent.trace_id) == (
            span.context.span_id,
            span.context.trace_id,
        )
        assert (each.end_time or 0) - (each.start_time or 0) == 250_000_000


def test_turns_have_traces_of_their_own() -> None:
    told = Told()

    for _ in range(2):
        with turn_of(told.tracing, "watching") as turn:
            turn.done = 1

    first, second = told.named("watching")
    assert first.context is not None
    assert second.context is not None
    assert first.context.trace_id != second.context.trace_id


def test_a_turn_in_which_nothing_was_done_is_not_told() -> None:
    told = Told()

    with turn_of(told.tracing, "sequencing"):
        told.send("SELECT 1")
    told.send("SELECT 2")

    assert told.spans == ()


def test_a_turn_that_fails_is_told_without_what_the_exception_says() -> None:
    told = Told()

    with suppress(ValueError), turn_of(told.tracing, "relaying"):
        told.send("SELECT 1", ValueError("secret"))
        raise ValueError("secret")

    [span] = told.named("relaying")
    [statement] = told.named("SELECT")
    for each in (span, statement):
        assert each.status.status_code is StatusCode.ERROR
        assert each.attributes is not None
        assert each.attributes["error.type"] == "ValueError"
        assert "secret" not in each.to_json()


def test_a_statement_that_comes_in_late_is_part_of_its_turn() -> None:
    """Asyncpg tells of statements a moment later, in the context that they were sent in."""
    told = Told()

    with turn_of(told.tracing, "statements") as turn:
        turn.done = 1
        kept = turns.KEPT.get()
    token = turns.KEPT.set(kept)
    told.send("COMMIT")
    turns.KEPT.reset(token)

    [span] = told.named("statements")
    [late] = told.named("COMMIT")
    assert span.context is not None
    assert late.parent is not None
    assert late.parent.span_id == span.context.span_id


def test_a_statement_that_comes_in_late_to_an_idle_turn_is_not_told() -> None:
    told = Told()

    with turn_of(told.tracing, "statements"):
        kept = turns.KEPT.get()
    token = turns.KEPT.set(kept)
    told.send("COMMIT")
    turns.KEPT.reset(token)

    assert told.spans == ()
    assert kept is not None
    assert kept.statements == []


def test_only_the_first_statements_of_a_long_turn_are_told() -> None:
    told = Told()

    with turn_of(told.tracing, "statements") as turn:
        for _ in range(turns.STATEMENTS_MAX + 5):
            told.send("SELECT 1")
        turn.done = 1

    assert len(told.named("SELECT")) == turns.STATEMENTS_MAX


def test_chance_decides_which_turns_are_followed() -> None:
    told = Told(ratio=0.0)

    with turn_of(told.tracing, "sequencing") as turn:
        told.send("SELECT 1")
        turn.done = 7

    assert told.spans == ()


def test_where_nobody_follows_turns_nothing_is_kept() -> None:
    assert log_of(None) is None
    with turn_of(None, "sequencing") as turn:
        assert turns.KEPT.get() is None
        assert turn == Turn(done=0)
