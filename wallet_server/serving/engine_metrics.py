"""The metrics of lanes, and of how long the engine takes for what."""

from collections.abc import Callable, Iterable

from wallet_server.execution.durations import SECONDS_BOUNDS, Durations
from wallet_server.execution.timings import LaneTimings, Stage
from wallet_server.serving.metric_kinds import Distribution, Histogram, Kind, Metric, Sample
from wallet_server.serving.state import ServerView

LANE_LABELS = ("worker", "lane")


def each_lane(read: Callable[[LaneTimings], float]) -> Callable[[ServerView], Iterable[Sample]]:
    """Returns what reads a number of each lane of each worker. Both count from 1."""
    return lambda view: (
        ((str(worker.number), str(number)), read(lane))
        for worker in view.workers
        for number, lane in enumerate(worker.numbers.timings.lanes, start=1)
    )


def distribution(durations: Iterable[Durations]) -> Distribution:
    """Returns durations of all workers, as histograms show them."""
    total = Durations()
    for each in durations:
        total = total.plus(each)
    return Distribution(SECONDS_BOUNDS, total.counts, total.seconds)


def queue_waits(view: ServerView) -> Iterable[tuple[tuple[str, ...], Distribution]]:
    """Reads for how long commands waited."""
    yield (), distribution(worker.numbers.timings.queue_waits for worker in view.workers)


def stages(view: ServerView) -> Iterable[tuple[tuple[str, ...], Distribution]]:
    """Reads how long each stage took."""
    for stage in Stage:
        yield (
            (stage.value,),
            distribution(worker.numbers.timings.stages[stage.value] for worker in view.workers),
        )


ENGINE_METRICS: tuple[Metric | Histogram, ...] = (
    Histogram(
        "wallet_queue_wait_seconds",
        "For how long commands waited for their batch to begin.",
        queue_waits,
    ),
    Histogram(
        "wallet_batch_stage_seconds",
        "How long the stages of attempts at a batch took: `load`, `decide`, `record`.",
        stages,
        labels=("stage",),
    ),
    Metric(
        "wallet_lane_queued_commands",
        Kind.GAUGE,
        "Commands that wait for a batch of the lane.",
        each_lane(lambda lane: lane.queued_commands),
        label=LANE_LABELS,
    ),
    Metric(
        "wallet_lane_batches_total",
        Kind.COUNTER,
        "Batches that the lane has begun.",
        each_lane(lambda lane: lane.batches),
        label=LANE_LABELS,
    ),
    Metric(
        "wallet_lane_busy_seconds_total",
        Kind.COUNTER,
        "For how long the lane was at its batches: always, if that grows by a second a second.",
        each_lane(lambda lane: lane.busy_seconds),
        label=LANE_LABELS,
    ),
)
