"""Statements with named parameters, and arrays written as text."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.database import Database
from tests.storage.values import INT64_MAX, TEXTS
from wallet_server.storage.sql import Statement, number_array, text_array, whole_array

# An example needs nothing fresh: it only reads what it sends.
one_database = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50
)


@one_database
@given(st.lists(TEXTS, max_size=10))
async def test_an_array_of_texts_is_read_as_it_was_written(
    database: Database, values: list[str]
) -> None:
    connection = (database.connections or [await database.connect()])[0]

    assert await connection.fetchval("SELECT $1::text::text[]", text_array(values)) == values


@one_database
@given(st.lists(st.none() | st.integers(-INT64_MAX - 1, INT64_MAX), max_size=10))
async def test_an_array_of_numbers_is_read_as_it_was_written(
    database: Database, values: list[int | None]
) -> None:
    connection = (database.connections or [await database.connect()])[0]

    assert await connection.fetchval("SELECT $1::text::bigint[]", number_array(values)) == values


@given(st.lists(st.integers(-INT64_MAX - 1, INT64_MAX), max_size=10))
def test_whole_numbers_are_written_as_other_numbers_are(values: list[int]) -> None:
    assert whole_array(values) == number_array(values)


def test_parameters_are_numbered_in_the_order_of_their_first_appearance() -> None:
    statement = Statement("SELECT :b::text, :a::int, :b")

    assert statement.sql == "SELECT $1::text, $2::int, $1"
    assert statement.arguments({"a": 1, "b": "x"}) == ["x", 1]


@pytest.mark.parametrize("values", [{}, {"a": 1, "b": 2}])
def test_a_parameter_too_few_or_too_many_is_a_bug(values: dict[str, object]) -> None:
    with pytest.raises(AssertionError):
        Statement("SELECT :a").arguments(values)
