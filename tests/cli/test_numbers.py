"""What processes say of themselves, as others and the metrics have it."""

from collections import Counter
from dataclasses import replace

from prometheus_client.parser import text_string_to_metric_families

from wallet_server.execution.administration.audit_statistics import AuditStatistics
from wallet_server.execution.chapters.statistics import ChapterStatistics
from wallet_server.execution.due_work.statistics import DueWorkStatistics
from wallet_server.execution.relay.statistics import RelayStatistics
from wallet_server.execution.sealing.statistics import SealingStatistics
from wallet_server.execution.sequencing.statistics import SequencingStatistics
from wallet_server.execution.statements.statistics import StatementStatistics
from wallet_server.execution.watching.statistics import WatchStatistics
from wallet_server.exports.statistics import ExportStatistics, FormatExports
from wallet_server.serving.exposition import write_metrics
from wallet_server.serving.numbers import Numbers
from wallet_server.serving.state import ServerView, WorkerState, WorkerView

NUMBERS = Numbers(
    due_work=DueWorkStatistics(done=5, repeated=3, failed=2, lag_seconds=1.5, waiting=1),
    audit=AuditStatistics(written=7, lost=1),
    sealing=SealingStatistics(blocks=3, waiting_commits=20, lag_seconds=2.5),
    relay=RelayStatistics(
        events=9, active=1, connected=1, waiting_events=6, oldest_seconds=3.5, halted_tenants=2
    ),
    sequencing=SequencingStatistics(events=9, active=1, waiting_batches=30, oldest_seconds=3.5),
    chapters=ChapterStatistics(chapters=6, lag_seconds=7.5),
    statements=StatementStatistics(events=5, lag_seconds=6.5),
    watching=WatchStatistics(
        events=8, overruns=1, watchers=3, behind=2, waiting_events=40, process_starts=2
    ),
    exports=ExportStatistics(
        {
            "CSV": FormatExports(3, 1, Counter({"DONE": 1, "REFUSED": 2, "FAILED": 1}), 500, 1.5),
            "XLSX": FormatExports(1, 0, Counter({"ABANDONED": 1}), 70, 2.0),
            "PDF": FormatExports(),
        }
    ),
    queued_commands=4,
    processor_seconds=0.5,
)
WORKER = WorkerView(
    number=1, state=WorkerState.SERVING, pid=1, restarts=0, uptime_seconds=1, numbers=NUMBERS
)


def metrics_of(*workers: WorkerView, prefix: str = "wallet_due_work") -> dict[str, float]:
    """Returns the metrics of a prefix, with the value of the label behind the name."""
    written = write_metrics(ServerView(workers, is_started=True, is_stopping=False)).decode()
    return {
        " ".join((sample.name, *sample.labels.values())): sample.value
        for family in text_string_to_metric_families(written)
        for sample in family.samples
        if sample.name.startswith(prefix)
    }


def test_numbers_are_told_from_process_to_process() -> None:
    assert Numbers.from_document(NUMBERS.as_document()) == NUMBERS


def test_a_process_that_ended_leaves_its_counts_to_the_next() -> None:
    ended = NUMBERS.ended()

    assert ended.due_work == DueWorkStatistics(done=5, repeated=3, failed=2)
    after = NUMBERS.after(ended).due_work
    assert after == DueWorkStatistics(done=10, repeated=6, failed=4, lag_seconds=1.5, waiting=1)


def test_counts_of_due_work_are_added_up_and_the_longest_wait_is_shown() -> None:
    idle = replace(WORKER, number=2, numbers=Numbers(due_work=DueWorkStatistics(done=1)))

    assert metrics_of(WORKER, idle) == {
        "wallet_due_work_total DONE": 6,
        "wallet_due_work_total REPEATED": 3,
        "wallet_due_work_total FAILED": 2,
        "wallet_due_work_lag_seconds": 1.5,
        "wallet_due_work_waiting": 1,
    }


def test_refused_calls_are_added_up_over_processes_and_restarts() -> None:
    again = replace(WORKER, number=2, numbers=NUMBERS.after(NUMBERS.ended()))

    assert metrics_of(WORKER, again, prefix="wallet_refused_calls") == {
        "wallet_refused_calls_total WRITTEN": 21,
        "wallet_refused_calls_total LOST": 3,
    }


def test_blocks_are_added_up_and_what_waits_is_counted_once() -> None:
    other = replace(WORKER, number=2, numbers=Numbers(sealing=SealingStatistics(2, 21, 0.5)))
    again = replace(WORKER, numbers=NUMBERS.after(NUMBERS.ended()))

    assert metrics_of(again, other, prefix="wallet_seal") == {
        "wallet_sealed_blocks_total": 8,
        "wallet_sealing_waiting_commits": 21,
        "wallet_sealing_lag_seconds": 2.5,
    }
    ended = replace(WORKER, numbers=NUMBERS.ended())
    assert metrics_of(ended, prefix="wallet_sealing") == {
        "wallet_sealing_waiting_commits": 0,
        "wallet_sealing_lag_seconds": 0,
    }


def test_relayed_events_are_added_up_and_what_waits_is_told_by_whoever_relays() -> None:
    other = replace(WORKER, number=2, numbers=Numbers(relay=RelayStatistics(events=4)))
    again = replace(WORKER, numbers=NUMBERS.after(NUMBERS.ended()))

    assert metrics_of(again, other, prefix="wallet_relay") == {
        "wallet_relayed_events_total": 22,
        "wallet_relay_active": 1,
        "wallet_relay_connected": 1,
        "wallet_relay_waiting_events": 6,
        "wallet_relay_oldest_seconds": 3.5,
        "wallet_relay_halted_tenants": 2,
    }
    ended = replace(WORKER, numbers=NUMBERS.ended())
    assert set(metrics_of(ended, prefix="wallet_relay_").values()) == {0}


def test_files_are_added_up_over_processes_and_restarts() -> None:
    again = replace(WORKER, number=2, numbers=NUMBERS.after(NUMBERS.ended()))

    found = metrics_of(WORKER, again, prefix="wallet_export")

    assert {name: number for name, number in found.items() if number} == {
        "wallet_exports_started_total CSV": 9,
        "wallet_exports_started_total XLSX": 3,
        "wallet_exports_total CSV DONE": 3,
        "wallet_exports_total CSV REFUSED": 6,
        "wallet_exports_total CSV FAILED": 3,
        "wallet_exports_total XLSX ABANDONED": 3,
        "wallet_exports_running CSV": 2,
        "wallet_export_bytes_total CSV": 1_500,
        "wallet_export_bytes_total XLSX": 210,
        "wallet_export_seconds_total CSV": 4.5,
        "wallet_export_seconds_total XLSX": 6,
    }
    assert len(found) == 3 * (4 + 4), "every format and result is there from the start"


def test_a_server_whose_workers_do_not_run_yet_has_metrics() -> None:
    assert set(metrics_of().values()) == {0}


def test_events_are_added_up_and_what_waits_is_that_of_whoever_gives_positions() -> None:
    standby = replace(WORKER, number=2, numbers=Numbers(sequencing=SequencingStatistics(events=2)))
    again = replace(WORKER, numbers=NUMBERS.after(NUMBERS.ended()))

    assert events_of(again, standby) == {
        "wallet_events_total": 20,
        "wallet_sequencing_active": 1,
        "wallet_outbox_batches": 30,
        "wallet_outbox_oldest_seconds": 3.5,
    }
    ended = replace(WORKER, numbers=NUMBERS.ended())
    assert events_of(ended) == {
        "wallet_events_total": 9,
        "wallet_sequencing_active": 0,
        "wallet_outbox_batches": 0,
        "wallet_outbox_oldest_seconds": 0,
    }


def events_of(*workers: WorkerView) -> dict[str, float]:
    """Returns the metrics of positions and of what waits for them."""
    prefixes = ("wallet_events", "wallet_sequencing", "wallet_outbox")
    found = [metrics_of(*workers, prefix=prefix) for prefix in prefixes]
    return {name: value for each in found for name, value in each.items()}


def test_chapters_and_statements_are_added_up_and_the_longest_lag_is_shown() -> None:
    chapters, statements = ChapterStatistics(1, 0.5), StatementStatistics(1, 0.5)
    other = replace(WORKER, number=2, numbers=Numbers(chapters=chapters, statements=statements))
    again = replace(WORKER, numbers=NUMBERS.after(NUMBERS.ended()))

    assert metrics_of(again, other, prefix="wallet_chapters") == {
        "wallet_chapters_written_total": 13,
        "wallet_chapters_lag_seconds": 7.5,
    }
    assert metrics_of(again, other, prefix="wallet_statements") == {
        "wallet_statements_events_total": 11,
        "wallet_statements_lag_seconds": 6.5,
    }
    ended = replace(WORKER, numbers=NUMBERS.ended())
    assert metrics_of(ended, prefix="wallet_chapters_lag") == {"wallet_chapters_lag_seconds": 0}


def test_what_goes_on_now_ends_with_its_process() -> None:
    both = (WORKER, replace(WORKER, number=2))
    ended = replace(WORKER, numbers=NUMBERS.ended())

    assert metrics_of(*both, prefix="wallet_watch") == {
        "wallet_watchers": 6,
        "wallet_watchers_behind": 4,
        "wallet_watch_waiting_events": 80,
        "wallet_watched_events_total": 16,
        "wallet_watch_overruns_total": 2,
        "wallet_watch_process_starts_total": 4,
    }
    assert metrics_of(ended, prefix="wallet_watch_waiting") == {"wallet_watch_waiting_events": 0}
