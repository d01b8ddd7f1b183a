"""Writes metrics as Prometheus reads them."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector

from wallet_server.serving.metrics import METRICS, Histogram, Kind, Metric
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
    labels = [metric.label] if metric.label else []
    written = kind(metric.name, metric.meaning, labels=labels)
    for value, number in metric.read(view):
        written.add_metric([value] if labels else [], number)
    return written


def histogram_family(metric: Histogram, view: ServerView) -> Family:
    """Returns a histogram with its buckets."""
    read = metric.read(view)
    written = HistogramMetricFamily(metric.name, metric.meaning, labels=[])
    counts = zip(read.bounds, read.counts_up_to, strict=True)
    buckets = [(str(float(bound)), float(count)) for bound, count in counts]
    buckets.append(("+Inf", float(read.counts_up_to[-1])))
    written.add_metric([], buckets, sum_value=float(read.total))
    return written
