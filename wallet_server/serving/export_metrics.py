"""The metrics of files that callers ask for."""

from collections.abc import Callable, Iterable

from wallet_server.core.exports.request import ExportFormat
from wallet_server.exports.statistics import ExportResult, FormatExports
from wallet_server.serving.metric_kinds import Histogram, Kind, Metric, Sample
from wallet_server.serving.state import ServerView


def each_format(
    read: Callable[[FormatExports], float],
) -> Callable[[ServerView], Iterable[Sample]]:
    """Returns what reads the sum of a number over all workers, by format."""
    return lambda view: (
        (form.value, sum(read(worker.numbers.exports.of(form)) for worker in view.workers))
        for form in ExportFormat
    )


def results(view: ServerView) -> Iterable[Sample]:
    """Reads how asking for files ended. All results are there from the start."""
    for form in ExportFormat:
        counts = [worker.numbers.exports.of(form).results for worker in view.workers]
        for result in ExportResult:
            yield (form.value, result.value), sum(each[result] for each in counts)


EXPORT_METRICS: tuple[Metric | Histogram, ...] = (
    Metric(
        "wallet_exports_started_total",
        Kind.COUNTER,
        "Files that processes were started for.",
        each_format(lambda exports: exports.begun),
        label="format",
    ),
    Metric(
        "wallet_exports_total",
        Kind.COUNTER,
        "How asking for a file ended: all of it was made and sent: `DONE`; it cannot be had, or not"
        " now: `REFUSED`; something went wrong: `FAILED`; the caller went away: `ABANDONED`.",
        results,
        label=("format", "result"),
    ),
    Metric(
        "wallet_exports_running",
        Kind.GAUGE,
        "Files that are being made.",
        each_format(lambda exports: exports.running),
        label="format",
    ),
    Metric(
        "wallet_export_bytes_total",
        Kind.COUNTER,
        "Bytes of files that were made, also of those that were not made to their end.",
        each_format(lambda exports: exports.size_bytes),
        label="format",
    ),
    Metric(
        "wallet_export_seconds_total",
        Kind.COUNTER,
        "For how long files were made, up to their end, whatever came of them.",
        each_format(lambda exports: exports.seconds),
        label="format",
    ),
)
