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

from wallet_server.log_context import facts
from wallet_server.settings_groups.log import LogFormat, LogLevel

TEXT_FORMAT = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"

NEEDS_QUOTES = frozenset(' "=')

QUIET_LOGGERS = ("alembic",)
"""Loggers whose INFO tells of their own workings, whenever somebody looks at the schema."""

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


class TextFormatter(logging.Formatter):
    """Writes a record as a short line, with `extra` behind the message as name=value."""

    def __init__(self) -> None:
        super().__init__(TEXT_FORMAT)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name.
        """Returns the line; what an exception says comes below it."""
        words = (f"{name}={write_value(value)}" for name, value in extra_of(record).items())
        return " ".join((super().formatMessage(record), *words))


def write_value(value: object) -> str:
    """Returns a value as one word, or in quotes."""
    if isinstance(value, str) and value.isprintable() and value and not NEEDS_QUOTES & {*value}:
        return value
    return json.dumps(value, default=str, ensure_ascii=False)


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


def add_facts(record: logging.LogRecord) -> bool:
    """Adds to a record what there is to say of the call that it was written in. Lets all pass."""
    for name, fact in facts():
        vars(record).setdefault(name, fact)
    return True


def configure_logging(log_format: LogFormat, level: LogLevel, *, worker: int | None = None) -> None:
    """Sends all logs of the process to standard error; those of a worker have its number."""
    to_stderr = logging.StreamHandler(sys.stderr)
    to_stderr.addFilter(add_facts)
    to_stderr.setFormatter(JsonFormatter() if log_format is LogFormat.JSON else TextFormatter())
    if worker is not None:
        to_stderr.addFilter(lambda record: bool(vars(record).setdefault("worker", worker)))
    logging.basicConfig(handlers=[to_stderr], level=level.value, force=True)
    for name in QUIET_LOGGERS:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))
