"""The log: one line of JSON an event for machines, a short line for people.

Logs are kept longer and read by more people than the database. So a line of
JSON says where an exception came from and what kind it was, but not its
message: Postgres' messages hold the rows they are about.
"""

import json
import logging
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime

from wallet_server.settings import LogFormat, LogLevel

TEXT_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"

STANDARD_ATTRIBUTES = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "taskName",
}


class JsonFormatter(logging.Formatter):
    """Writes a record as an object: time, level, logger, message, `extra` and the exception."""

    def format(self, record: logging.LogRecord) -> str:
        """Returns one line."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **extra_of(record),
        }
        if record.exc_info and record.exc_info[1]:
            line["exception"] = describe_exception(record.exc_info[1])
        return json.dumps(line, default=str, ensure_ascii=False)


def extra_of(record: logging.LogRecord) -> Mapping[str, object]:
    """Returns what the caller added to the record."""
    return {name: value for name, value in vars(record).items() if name not in STANDARD_ATTRIBUTES}


def describe_exception(exception: BaseException) -> dict[str, object]:
    """Returns an exception's kind, Postgres' code if it has one, where it was, and its cause."""
    described: dict[str, object] = {
        "type": type(exception).__qualname__,
        "stack": [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(exception.__traceback__)
        ],
    }
    sqlstate = getattr(exception, "sqlstate", None)
    if sqlstate:
        described["sqlstate"] = sqlstate
    cause = exception.__cause__ or exception.__context__
    if cause is not None:
        described["cause"] = describe_exception(cause)
    return described


def configure_logging(log_format: LogFormat, level: LogLevel) -> None:
    """Sends all logs of the process to standard error."""
    to_stderr = logging.StreamHandler(sys.stderr)
    to_stderr.setFormatter(
        JsonFormatter() if log_format is LogFormat.JSON else logging.Formatter(TEXT_FORMAT)
    )
    logging.basicConfig(handlers=[to_stderr], level=level.value, force=True)
