"""The metrics of those who watch events."""

from wallet_server.serving.metric_kinds import Histogram, Kind, Metric
from wallet_server.serving.reading import all_workers

WATCH_METRICS: tuple[Metric | Histogram, ...] = (
    Metric(
        "wallet_watchers",
        Kind.GAUGE,
        "Streams of events that are open.",
        all_workers(lambda worker: worker.numbers.watching.watchers),
    ),
    Metric(
        "wallet_watchers_behind",
        Kind.GAUGE,
        "Those among them that read what is past, at their own pace.",
        all_workers(lambda worker: worker.numbers.watching.behind),
    ),
    Metric(
        "wallet_watch_waiting_events",
        Kind.GAUGE,
        "Events of watched tenants that had positions and were not read yet when workers last"
        " looked.",
        all_workers(lambda worker: worker.numbers.watching.waiting_events),
    ),
    Metric(
        "wallet_watched_events_total",
        Kind.COUNTER,
        "Events that were sent to watchers, each once for each of them.",
        all_workers(lambda worker: worker.numbers.watching.events),
    ),
    Metric(
        "wallet_watch_overruns_total",
        Kind.COUNTER,
        "How often a watcher that was up to date fell behind, as it took events too slowly.",
        all_workers(lambda worker: worker.numbers.watching.overruns),
    ),
    Metric(
        "wallet_watch_process_starts_total",
        Kind.COUNTER,
        "Processes that workers have started to read events for watchers: one for the first, and"
        " one after a minute without any; more only where they fail.",
        all_workers(lambda worker: worker.numbers.watching.process_starts),
    ),
)
