"""Periods begin and end at any nanosecond, and what happened is on the right side of both."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from google.protobuf.timestamp_pb2 import Timestamp

from wallet.v1 import audit_queries_pb2 as audit
from wallet.v1 import exports_pb2 as exports
from wallet.v1 import wallet_events_pb2 as events
from wallet.v1 import wallet_queries_pb2 as queries
from wallet_server.rpc.decode.audit import audit_filter
from wallet_server.rpc.decode.events import start_of
from wallet_server.rpc.decode.exports import export_request
from wallet_server.rpc.decode.history import moment, span_of

LAST_OF_YEAR = datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
NEW_YEAR = datetime(2027, 1, 1, tzinfo=UTC)
Bounds = tuple[datetime | None, datetime | None]


def late(nanos: int) -> Timestamp:
    """Returns a moment in the last second of the year."""
    return Timestamp(seconds=int(NEW_YEAR.timestamp()) - 1, nanos=nanos)


def of_entries(start: Timestamp, end: Timestamp) -> Bounds:
    span = span_of(queries.ListEntriesRequest(start_time=start, end_time=end))
    return span.start_time, span.end_time


def of_exports(start: Timestamp, end: Timestamp) -> Bounds:
    request = exports.ExportRequest(
        kind=exports.EXPORT_KIND_ENTRIES,
        format=exports.EXPORT_FORMAT_CSV,
        start_time=start,
        end_time=end,
    )
    scope = export_request(request, NEW_YEAR).scope
    return scope.start_time, scope.end_time


def of_audit(start: Timestamp, end: Timestamp) -> Bounds:
    wanted = audit_filter(audit.ListAuditRecordsRequest(start_time=start, end_time=end))
    return wanted.start_time, wanted.end_time


@pytest.mark.parametrize("bounds_of", [of_entries, of_exports, of_audit])
def test_what_is_kept_to_the_microsecond_is_before_a_bound_that_is_a_nanosecond_later(
    bounds_of: Callable[[Timestamp, Timestamp], Bounds],
) -> None:
    assert bounds_of(late(999_998_001), late(999_999_999)) == (LAST_OF_YEAR, NEW_YEAR)
    assert bounds_of(late(999_998_000), late(999_999_000)) == (
        LAST_OF_YEAR.replace(microsecond=999_998),
        LAST_OF_YEAR,
    )


@pytest.mark.parametrize("bounds_of", [of_entries, of_exports, of_audit])
def test_the_last_time_that_there_is_may_be_a_bound(
    bounds_of: Callable[[Timestamp, Timestamp], Bounds],
) -> None:
    last = Timestamp(nanos=999_999_999)
    last.seconds = int(datetime.max.replace(microsecond=0, tzinfo=UTC).timestamp())

    assert bounds_of(late(0), last)[1] == datetime.max.replace(tzinfo=UTC)


def test_events_from_a_time_on_are_of_that_time_or_later() -> None:
    start = start_of(events.WatchEventsRequest(tenant_id="demo", start_time=late(999_999_001)))

    assert start.time == NEW_YEAR


def test_what_was_at_a_time_has_all_that_happened_up_to_it() -> None:
    assert moment(queries.GetWalletRequest(at_time=late(999_999_999))) == LAST_OF_YEAR
