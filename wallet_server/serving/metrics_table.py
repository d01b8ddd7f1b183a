"""Writes docs/reference/metrics.md: `python -m wallet_server.serving.metrics_table > …`."""

from collections.abc import Iterator

from wallet_server.serving.metrics import METRICS

INTRODUCTION = """# Metrics

What `/metrics` of the [management endpoint](../operating/running.md#watching) shows, in Prometheus'
text format. All of it is summed over all workers, but for what has the label `worker`: a worker's
number, from 1. A server without a supervisor is worker 1. Workers tell their numbers once a second,
and counters never go back: what a worker that died had counted last stays in the sum.

This page is made by `python -m wallet_server.serving.metrics_table`; a test holds it equal to the
code.

| Metric | Type | Labels | Meaning |
| --- | --- | --- | --- |
"""


def page() -> str:
    """Returns the page."""
    return INTRODUCTION + "".join(f"{row}\n" for row in rows())


def rows() -> Iterator[str]:
    """Yields a row of the table for each metric, in their order."""
    for metric in METRICS:
        label = ", ".join(f"`{label}`" for label in metric.labels)
        yield f"| `{metric.name}` | {metric.kind} | {label} | {metric.meaning} |"


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - what it is for.
