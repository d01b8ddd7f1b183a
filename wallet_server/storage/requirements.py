"""What Postgres must be, and how it should be set. docs/operating/database.md says the same."""

from collections.abc import Iterator, Mapping

import sqlalchemy as sa

VERSION_MIN = 15

PREDICATE_LOCKS_PER_TRANSACTION_MIN = 1024
PREDICATE_LOCKS_PER_PAGE_MIN = 300
PREDICATE_LOCKS_PER_RELATION_MIN = 10_000

DURABLE = {
    "fsync": "a power cut may corrupt the ledger",
    "full_page_writes": "a power cut may corrupt the ledger",
    "synchronous_commit": "a power cut may lose commands that were acknowledged",
}

SETTINGS = sa.text("SELECT name, setting FROM pg_settings WHERE name = ANY (:names)")
NAMES = (
    *DURABLE,
    "max_pred_locks_per_transaction",
    "max_pred_locks_per_page",
    "max_pred_locks_per_relation",
)


class PostgresTooOldError(Exception):
    """The server cannot run on this Postgres."""

    def __init__(self, version: str) -> None:
        super().__init__(
            f"This is Postgres {version}; wallet-server needs {VERSION_MIN} or newer. "
            "Upgrade it, or use another database."
        )


def check_version(version_number: int, version: str) -> None:
    """Checks `server_version_num`, such as 150004 for 15.4.

    Raises:
        PostgresTooOldError: It is too old.

    """
    if version_number // 10_000 < VERSION_MIN:
        raise PostgresTooOldError(version)


def check_postgres(connection: sa.Connection) -> None:
    """Checks the version of the Postgres at the other end, as `check_version`."""
    number = connection.scalar(sa.text("SHOW server_version_num"))
    version = connection.scalar(sa.text("SHOW server_version"))
    check_version(int(str(number)), str(version))


def find_setting_warnings(connection: sa.Connection) -> list[str]:
    """Returns a sentence for each setting that the server would rather have otherwise."""
    rows = connection.execute(SETTINGS, {"names": list(NAMES)})
    return list(judge_settings({row.name: row.setting for row in rows}))


def judge_settings(settings: Mapping[str, str]) -> Iterator[str]:
    """Yields what is wrong with settings, with the reason."""
    for name, harm in DURABLE.items():
        if settings[name] == "off":
            yield f"{name} is off: {harm}. Set it to on."
    yield from _judge_predicate_locks(settings)


def _judge_predicate_locks(settings: Mapping[str, str]) -> Iterator[str]:
    """Yields the limits so low that transactions on different wallets conflict."""
    in_transaction = int(settings["max_pred_locks_per_transaction"])
    in_page = int(settings["max_pred_locks_per_page"])
    in_relation = int(settings["max_pred_locks_per_relation"])
    if in_relation < 0:  # A fraction of the first; Postgres' own rule.
        in_relation = in_transaction // -in_relation - 1
    limits = (
        ("transaction", in_transaction, PREDICATE_LOCKS_PER_TRANSACTION_MIN),
        ("page", in_page, PREDICATE_LOCKS_PER_PAGE_MIN),
        ("relation", in_relation, PREDICATE_LOCKS_PER_RELATION_MIN),
    )
    for scope, value, minimum in limits:
        if value < minimum:
            yield (
                f"max_pred_locks_per_{scope} allows {value}: batches on different wallets will"
                f" conflict and run again. Set it to {minimum} or more."
            )
