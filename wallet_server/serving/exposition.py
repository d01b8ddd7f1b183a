"""Writes metrics as Prometheus reads them."""

from collections.abc import Iterable
from itertools import accumulate

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector

from wallet_server.serving.metric_kinds import Distribution, Histogram, Kind, Metric, as_labels
from wallet_server.serving.metrics import METRICS
from wallet_server.serving.state import ServerView

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4


class ViewCollector(Collector):
    """Reads all metrics from one view."""

    def __init__(self, view: ServerView) -> None:
        self._view = view

    def collect(self) -> Iterable[Family]:
        """Yields every metric, also those that nothing has happened to yet."""
        for metric in METRICS:
            if isinstance(metric, Histogram):
                yield histogram_family(metric, self._view)
            else:
                yield family(metric, self._view)


def write_metrics(view: ServerView) -> bytes:
    """Returns all metrics in the text format, of the content type above."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(ViewCollector(view))
    return generate_latest(registry)


def family(metric: Metric, view: ServerView) -> Family:
    """Returns a counter or gauge with its samples."""
    kind = CounterMetricFamily if metric.kind is Kind.COUNTER else GaugeMetricFamily
    written = kind(metric.name, metric.meaning, labels=metric.labels)
    for values, number in metric.read(view):
        written.add_metric(as_labels(values) if metric.labels else (), number)
    return written


def histogram_family(metric: Histogram, view: ServerView) -> Family:
    """Returns a histogram with its buckets."""
    written = HistogramMetricFamily(metric.name, metric.meaning, labels=metric.labels)
    for values, read in metric.read(view):
        written.add_metric(values, buckets_of(read), sum_value=float(read.total))
    return written


def buckets_of(read: Distribution) -> list[tuple[str, float]]:
    """Returns how many values there are up to each bound, and in all."""
    up_to = list(accumulate(read.counts))
    counts = zip(read.bounds, up_to, strict=False)
    buckets = [(str(float(bound)), float(count)) for bound, count in counts]
    return [*buckets, ("+Inf", float(up_to[-1]))]
