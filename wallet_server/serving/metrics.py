"""Every metric there is, declared in one place: what it is called, what it means, what it shows.

Read when somebody asks, from a `ServerView`; nothing is counted here. Add a metric to
`METRICS`, or to one of the tuples that it is made of, and write docs/reference/metrics.md
anew with `metrics_table.py`.
"""

from collections.abc import Iterable

from wallet_server.execution.statistics import BATCH_SIZE_BOUNDS
from wallet_server.serving.behind_metrics import BEHIND_METRICS
from wallet_server.serving.call_metrics import CALL_METRICS
from wallet_server.serving.engine_metrics import ENGINE_METRICS
from wallet_server.serving.export_metrics import EXPORT_METRICS
from wallet_server.serving.metric_kinds import Distribution, Histogram, Kind, Metric, Sample
from wallet_server.serving.reading import all_workers, any_worker, each_worker
from wallet_server.serving.state import ServerView, WorkerState
from wallet_server.serving.watch_metrics import WATCH_METRICS


def due_work(view: ServerView) -> Iterable[Sample]:
    """Reads what became of due items."""
    counts = [worker.numbers.due_work for worker in view.workers]
    yield "DONE", sum(each.done for each in counts)
    yield "REPEATED", sum(each.repeated for each in counts)
    yield "FAILED", sum(each.failed for each in counts)


def refused_calls(view: ServerView) -> Iterable[Sample]:
    """Reads what became of the records of refused calls."""
    counts = [worker.numbers.audit for worker in view.workers]
    yield "WRITTEN", sum(each.written for each in counts)
    yield "LOST", sum(each.lost for each in counts)


def batch_sizes(view: ServerView) -> Iterable[tuple[tuple[str, ...], Distribution]]:
    """Reads how many commands batches have."""
    total = view.total()
    yield (), Distribution(BATCH_SIZE_BOUNDS, total.batch_sizes, total.commands)


def worker_states(view: ServerView) -> Iterable[Sample]:
    """Reads how many workers are in each state."""
    for state in WorkerState:
        yield state, sum(worker.state is state for worker in view.workers)


METRICS: tuple[Metric | Histogram, ...] = (
    *CALL_METRICS,
    *ENGINE_METRICS,
    Metric(
        "wallet_commands_total",
        Kind.COUNTER,
        "Commands that were answered by a batch: changes, refusals, and replays.",
        all_workers(lambda worker: worker.numbers.statistics.commands),
    ),
    Metric(
        "wallet_commands_recorded_total",
        Kind.COUNTER,
        "Those among them that were recorded.",
        all_workers(lambda worker: worker.numbers.statistics.recorded),
    ),
    Metric(
        "wallet_commands_again_total",
        Kind.COUNTER,
        "Executions of commands after their first, as their batch did not go through.",
        all_workers(lambda worker: worker.numbers.statistics.commands_again),
    ),
    Metric(
        "wallet_batches_total",
        Kind.COUNTER,
        "Batches that went through.",
        all_workers(lambda worker: worker.numbers.statistics.batches),
    ),
    Metric(
        "wallet_batch_troubles_total",
        Kind.COUNTER,
        "Attempts at a batch that did not go through, by SQLSTATE, or by the exception's name.",
        lambda view: view.total().troubles.items(),
        label="trouble",
    ),
    Histogram("wallet_batch_commands", "Commands in a batch that went through.", batch_sizes),
    Metric(
        "wallet_queued_commands",
        Kind.GAUGE,
        "Commands that wait for a batch.",
        all_workers(lambda worker: worker.numbers.queued_commands),
    ),
    Metric(
        "wallet_calls_under_way",
        Kind.GAUGE,
        "Calls that are not answered yet, health and reflection left out.",
        all_workers(lambda worker: worker.numbers.calls),
    ),
    Metric(
        "wallet_due_work_total",
        Kind.COUNTER,
        "Due items that were dealt with: `DONE`; already done, or not due after all: `REPEATED`;"
        " attempts to no avail: `FAILED`.",
        due_work,
        label="result",
    ),
    Metric(
        "wallet_due_work_lag_seconds",
        Kind.GAUGE,
        "For how long the oldest due item that had not failed had been due when it was its turn;"
        " 0 when nothing is left.",
        any_worker(lambda worker: worker.numbers.due_work.lag_seconds),
    ),
    Metric(
        "wallet_due_work_waiting",
        Kind.GAUGE,
        "Due items that have failed and wait to be tried again.",
        any_worker(lambda worker: worker.numbers.due_work.waiting),
    ),
    Metric(
        "wallet_events_total",
        Kind.COUNTER,
        "Events that were given their positions.",
        all_workers(lambda worker: worker.numbers.sequencing.events),
    ),
    Metric(
        "wallet_sequencing_active",
        Kind.GAUGE,
        "1 while the server gives events their positions; 0 while another does, or it fails to.",
        any_worker(lambda worker: worker.numbers.sequencing.active),
    ),
    Metric(
        "wallet_outbox_batches",
        Kind.GAUGE,
        "Batches whose events wait for their positions, up to 100,000; 0 where another server"
        " gives them.",
        any_worker(lambda worker: worker.numbers.sequencing.waiting_batches),
    ),
    Metric(
        "wallet_outbox_oldest_seconds",
        Kind.GAUGE,
        "For how long the oldest of them has waited, by its server's clock; 0 where none waits.",
        any_worker(lambda worker: worker.numbers.sequencing.oldest_seconds),
    ),
    *WATCH_METRICS,
    *EXPORT_METRICS,
    Metric(
        "wallet_relayed_events_total",
        Kind.COUNTER,
        "Events that NATS has stored.",
        all_workers(lambda worker: worker.numbers.relay.events),
    ),
    Metric(
        "wallet_relay_active",
        Kind.GAUGE,
        "1 while the server relays events; 0 while another does, or none has to.",
        any_worker(lambda worker: worker.numbers.relay.active),
    ),
    Metric(
        "wallet_relay_connected",
        Kind.GAUGE,
        "1 while the server that relays events is connected to NATS.",
        any_worker(lambda worker: worker.numbers.relay.connected),
    ),
    Metric(
        "wallet_relay_waiting_events",
        Kind.GAUGE,
        "Events with positions that wait to be relayed; 0 where another server relays them.",
        any_worker(lambda worker: worker.numbers.relay.waiting_events),
    ),
    Metric(
        "wallet_relay_oldest_seconds",
        Kind.GAUGE,
        "For how long the oldest of them has had its position; 0 where none waits.",
        any_worker(lambda worker: worker.numbers.relay.oldest_seconds),
    ),
    Metric(
        "wallet_relay_halted_tenants",
        Kind.GAUGE,
        "Tenants whose events cannot be relayed, as the log says every half minute.",
        any_worker(lambda worker: worker.numbers.relay.halted_tenants),
    ),
    *BEHIND_METRICS,
    Metric(
        "wallet_refused_calls_total",
        Kind.COUNTER,
        "Refused administrative calls that nothing else records: put on record: `WRITTEN`; lost"
        " to it, as the queue was full or the database away: `LOST`.",
        refused_calls,
        label="result",
    ),
    Metric(
        "wallet_sealed_blocks_total",
        Kind.COUNTER,
        "Blocks of the chain that this server made.",
        all_workers(lambda worker: worker.numbers.sealing.blocks),
    ),
    Metric(
        "wallet_sealing_waiting_commits",
        Kind.GAUGE,
        "Commits that wait for a block, whoever makes it; no more than 100,000 are counted.",
        any_worker(lambda worker: worker.numbers.sealing.waiting_commits),
    ),
    Metric(
        "wallet_sealing_lag_seconds",
        Kind.GAUGE,
        "For how long the oldest commit that the next block takes had waited when a worker last"
        " looked, after it had sealed if it was its turn; 0 when none waits.",
        any_worker(lambda worker: worker.numbers.sealing.lag_seconds),
    ),
    Metric(
        "wallet_ready",
        Kind.GAUGE,
        "1 while the server is ready, as `/readyz` says; else 0.",
        lambda view: (("", float(view.is_ready)),),
    ),
    Metric("wallet_workers", Kind.GAUGE, "Workers in each state.", worker_states, label="state"),
    Metric(
        "wallet_worker_restarts_total",
        Kind.COUNTER,
        "How often the worker was started again.",
        each_worker(lambda worker: worker.restarts),
        label="worker",
    ),
    Metric(
        "wallet_worker_commands_total",
        Kind.COUNTER,
        "Commands that were answered by a batch of the worker.",
        each_worker(lambda worker: worker.numbers.statistics.commands),
        label="worker",
    ),
    Metric(
        "wallet_worker_cpu_seconds_total",
        Kind.COUNTER,
        "What the worker has used of the processors, the system's part included.",
        each_worker(lambda worker: worker.numbers.processor_seconds),
        label="worker",
    ),
    Metric(
        "wallet_worker_resident_memory_bytes",
        Kind.GAUGE,
        "What the worker has in memory; 0 while it does not run.",
        each_worker(lambda worker: worker.numbers.memory_bytes),
        label="worker",
    ),
)
