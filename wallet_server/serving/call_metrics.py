"""The metrics of calls, by the names and labels that public dashboards of gRPC servers expect."""

from collections.abc import Iterable

from wallet_server.execution.durations import SECONDS_BOUNDS
from wallet_server.rpc.call_statistics import OK, CallStatistics, MethodCalls
from wallet_server.serving.metric_kinds import Distribution, Histogram, Kind, Metric, Sample
from wallet_server.serving.state import ServerView

METHOD_LABELS = ("grpc_type", "grpc_service", "grpc_method")

CODE_NAMES = (
    "OK",
    "Canceled",
    "Unknown",
    "InvalidArgument",
    "DeadlineExceeded",
    "NotFound",
    "AlreadyExists",
    "PermissionDenied",
    "ResourceExhausted",
    "FailedPrecondition",
    "Aborted",
    "OutOfRange",
    "Unimplemented",
    "Internal",
    "Unavailable",
    "DataLoss",
    "Unauthenticated",
)
"""The names of gRPC's codes, by their numbers, as Go and so those dashboards have them."""


ALARMING = ("CONTENTION", "INTERNAL", "OVERLOADED", "STORAGE_UNAVAILABLE")
"""Reasons that are there from the start: Prometheus sees no increase in what is new."""


def calls_of(view: ServerView) -> CallStatistics:
    """Returns the counts of all workers."""
    total = CallStatistics()
    for worker in view.workers:
        total = worker.numbers.call_statistics.after(total)
    return total


def methods(view: ServerView) -> Iterable[tuple[tuple[str, str, str], MethodCalls]]:
    """Yields the calls of each method that was called, with the values of `METHOD_LABELS`."""
    for path, calls in sorted(calls_of(view).methods.items()):
        if calls.started:
            _, service, method = path.split("/")
            yield ("server_stream" if calls.is_stream else "unary", service, method), calls


def started(view: ServerView) -> Iterable[Sample]:
    """Reads how many calls began."""
    return ((labels, calls.started) for labels, calls in methods(view))


def handled(view: ServerView) -> Iterable[Sample]:
    """Reads how many calls ended. `OK` is there even where no call ended so."""
    for labels, calls in methods(view):
        for code in sorted({OK, *calls.codes}):
            yield (*labels, CODE_NAMES[code]), calls.codes[code]


def sent(view: ServerView) -> Iterable[Sample]:
    """Reads how many messages were sent: those of streams, and one for each other call."""
    for labels, calls in methods(view):
        yield labels, calls.sent if calls.is_stream else calls.codes[OK]


def durations(view: ServerView) -> Iterable[tuple[tuple[str, ...], Distribution]]:
    """Reads how long calls took."""
    for labels, calls in methods(view):
        took = calls.durations
        yield labels, Distribution(SECONDS_BOUNDS, took.counts, took.seconds)


def refusals(view: ServerView) -> Iterable[Sample]:
    """Reads what was refused, by its reason; the `ALARMING` ones also where there were none."""
    counts = calls_of(view).refusals
    return ((reason, counts[reason]) for reason in sorted({*ALARMING, *counts}))


CALL_METRICS: tuple[Metric | Histogram, ...] = (
    Metric(
        "grpc_server_started_total",
        Kind.COUNTER,
        "Calls that began, health and reflection left out. What nobody has called is not there.",
        started,
        label=METHOD_LABELS,
    ),
    Metric(
        "grpc_server_handled_total",
        Kind.COUNTER,
        "Calls that ended, by the name that Go has for their code. `Canceled` are those whose"
        " callers went away.",
        handled,
        label=(*METHOD_LABELS, "grpc_code"),
    ),
    Histogram(
        "grpc_server_handling_seconds",
        "How long calls took, streams from their first to their last message.",
        durations,
        labels=METHOD_LABELS,
    ),
    Metric(
        "grpc_server_msg_received_total",
        Kind.COUNTER,
        "Requests that came: one with each call.",
        started,
        label=METHOD_LABELS,
    ),
    Metric(
        "grpc_server_msg_sent_total",
        Kind.COUNTER,
        "Responses that were sent: one to each call that ended with `OK`; each message of a"
        " stream.",
        sent,
        label=METHOD_LABELS,
    ),
    Metric(
        "wallet_refusals_total",
        Kind.COUNTER,
        "Calls, and commands of command batches, that were answered with an error, by its"
        " [reason](errors.md).",
        refusals,
        label="reason",
    ),
)
