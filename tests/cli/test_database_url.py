"""Which URLs name a database, and what of them may be told."""

import pytest

from wallet_server.database_url import check_database_url, place_of


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("postgresql://u:p@db.example:5432/wallet", "db.example:5432"),
        ("postgres://u@db.example/wallet?sslmode=require", "db.example"),
        ("postgresql+asyncpg://u:p@[::1]:5432/wallet", "[::1]:5432"),
        ("postgresql://u:p@one:5432,two:5433/wallet", "one:5432,two:5433"),
        ("postgresql://u:p@/wallet?host=/run/pg&port=5432", "/run/pg"),
        ("postgresql:///wallet", ""),
    ],
)
def test_a_url_of_postgres_tells_its_place(url: str, place: str) -> None:
    check_database_url(url)

    assert place_of(url) == place


@pytest.mark.parametrize(
    "url",
    [
        "hunter2",
        "mysql://a:hunter2@b/c",
        "postgresql://a:hunter2@[::1/c",
        "postgresql://a:b@host:hunter2/c",
        "postgresql://a:hun/ter2@host/c",
        "postgresql://a:b@[::1]:hunter2/c",
        "postgresql://a@one:1,two:hunter2/c",
        "postgresql://a@/c?host=/run&port=hunter2",
    ],
)
def test_what_is_no_url_is_refused_without_being_told(url: str) -> None:
    with pytest.raises(ValueError, match=r"must .*postgresql://user:password@host") as error:
        check_database_url(url)

    assert "hun" not in str(error.value)


@pytest.mark.parametrize(
    "url", ["postgresql://u:12/34@db/x", "postgresql://u:12?34@db/x", "postgresql://u:12#34@db/x"]
)
def test_a_part_of_a_password_is_not_taken_for_a_place(url: str) -> None:
    assert place_of(url) == ""
