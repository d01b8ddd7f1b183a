"""What befalls one of many is told when the others are done; what would befall all, at once."""

from collections.abc import Iterable, Iterator

import asyncpg
import pytest

from wallet_server.execution.errors import (
    ContentionError,
    OverloadedError,
    ShuttingDownError,
    StorageUnavailableError,
)
from wallet_server.execution.held_back import HeldBack


def do_all(errors: Iterable[Exception | None], tried: list[int]) -> None:
    """Does as many things, of which some fail so, and notes which were tried."""
    with HeldBack() as held_back:
        for number, error in enumerate(errors):
            with held_back.one():
                tried.append(number)
                if error is not None:
                    raise error


@pytest.fixture
def tried() -> list[int]:
    return []


def test_nothing_is_raised_where_nothing_fails(tried: list[int]) -> None:
    do_all([None, None], tried)

    assert tried == [0, 1]


def test_the_others_are_done_before_the_first_failure_is_raised(tried: list[int]) -> None:
    with pytest.raises(ContentionError):
        do_all([None, ContentionError(), ValueError(), None], tried)

    assert tried == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "error",
    [
        OverloadedError(),
        ShuttingDownError(),
        StorageUnavailableError(),
        ConnectionResetError(),
        asyncpg.AdminShutdownError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_would_befall_all_is_raised_at_once(error: Exception, tried: list[int]) -> None:
    with pytest.raises(type(error)):
        do_all([ContentionError(), error, None], tried)

    assert tried == [0, 1]


def test_an_error_of_the_block_itself_comes_first(tried: list[int]) -> None:
    def numbers() -> Iterator[Exception | None]:
        yield ContentionError()
        raise KeyError

    with pytest.raises(KeyError):
        do_all(numbers(), tried)

    assert tried == [0]
