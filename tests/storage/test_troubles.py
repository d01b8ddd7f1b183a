"""What an error means for running a statement again."""

import asyncpg
import pytest

from wallet_server.storage.troubles import Trouble, trouble_of


def postgres_error(state: str, message: str = "") -> Exception:
    return asyncpg.PostgresError.new({"C": state, "M": message, "S": "ERROR"})


@pytest.mark.parametrize(
    ("trouble", "states"),
    [
        (Trouble.CONFLICT, "40001 40P01 40003 22012 23505 53100 53200 55P03 57014"),
        (Trouble.LOST, "08000 08003 08006 57P01 57P02 57P03 57P05 53300 25006"),
        (Trouble.BROKEN, "23514 23502 22003 22P02 42P01 42501 42601 XX000"),
    ],
)
def test_a_state_of_postgres(trouble: Trouble, states: str) -> None:
    for state in states.split():
        assert trouble_of(postgres_error(state)) is trouble, state


def test_citus_says_in_words_that_it_could_not_commit() -> None:
    message = "could not commit transaction for shard 102008 on any active node"

    assert trouble_of(postgres_error("XX000", message)) is Trouble.CONFLICT


@pytest.mark.parametrize(
    "error",
    [
        ConnectionResetError(),
        FileNotFoundError(),
        TimeoutError(),
        asyncpg.ConnectionDoesNotExistError(),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.InternalClientError("got an unexpected message"),
    ],
)
def test_a_connection_is_lost(error: Exception) -> None:
    assert trouble_of(error) is Trouble.LOST


def test_a_bug_is_neither() -> None:
    assert trouble_of(AssertionError()) is Trouble.BROKEN
