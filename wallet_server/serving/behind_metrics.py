"""The metrics of what is kept behind the path of commands."""

from wallet_server.serving.metric_kinds import Histogram, Kind, Metric
from wallet_server.serving.reading import all_workers, any_worker

BEHIND_METRICS: tuple[Metric | Histogram, ...] = (
    Metric(
        "wallet_statements_events_total",
        Kind.COUNTER,
        "Events that were counted in statements.",
        all_workers(lambda worker: worker.numbers.statements.events),
    ),
    Metric(
        "wallet_statements_lag_seconds",
        Kind.GAUGE,
        "For how long the oldest event that statements have not counted has had its position; 0"
        " where none waits, or another server counts them.",
        any_worker(lambda worker: worker.numbers.statements.lag_seconds),
    ),
    Metric(
        "wallet_chapters_written_total",
        Kind.COUNTER,
        "Chapters of journals that were written: one for 500 commands of a wallet.",
        all_workers(lambda worker: worker.numbers.chapters.chapters),
    ),
    Metric(
        "wallet_chapters_lag_seconds",
        Kind.GAUGE,
        "For how long the oldest event that was not looked at for ends of chapters has had its"
        " position; 0 where none waits, or another server writes them.",
        any_worker(lambda worker: worker.numbers.chapters.lag_seconds),
    ),
)
