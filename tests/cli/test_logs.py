"""What a line of the log says, and what it keeps to itself."""

import json
import logging
from typing import NoReturn

import pytest

from wallet_server.logs import JsonFormatter, TextFormatter


class RowError(Exception):
    """An exception as asyncpg raises it."""

    sqlstate = "23514"


def fail() -> NoReturn:
    """Fails as a call does that violates a CHECK."""
    try:
        raise RowError("Failing row contains (player-7, EUR).")  # noqa: TRY301 - the cause.
    except RowError as error:
        raise RuntimeError("player-7 again") from error


def format_text(**extra: object) -> str:
    logger = logging.getLogger("wallet_server")
    record = logger.makeRecord(
        *("wallet_server", logging.INFO, __file__, 1, "serving", (), None), extra=extra
    )
    return TextFormatter().format(record)


def format_error() -> dict[str, object]:
    with pytest.raises(RuntimeError) as failed:
        fail()
    failure = (failed.type, failed.value, failed.tb)
    logger = logging.getLogger("wallet_server")
    record = logger.makeRecord(
        *("wallet_server", logging.ERROR, __file__, 1, "call failed", (), failure),
        extra={"port": 50051},
    )
    return json.loads(JsonFormatter().format(record))


def test_a_line_is_an_object_with_what_was_added() -> None:
    line = format_error()

    assert (line["level"], line["message"], line["port"]) == ("ERROR", "call failed", 50051)


def test_an_exception_is_told_by_kind_and_place_but_without_its_message() -> None:
    line = format_error()

    assert "player-7" not in json.dumps(line)
    exception = line["exception"]
    assert isinstance(exception, dict)
    assert exception["type"] == "RuntimeError"
    assert exception["cause"]["sqlstate"] == "23514"


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        ({}, "wallet_server: serving"),
        ({"host": "127.0.0.1", "port": 1}, "wallet_server: serving host=127.0.0.1 port=1"),
        ({"advice": "Set it to on."}, 'wallet_server: serving advice="Set it to on."'),
        ({"player": "x\nERROR"}, 'wallet_server: serving player="x\\nERROR"'),
        ({"ignored": ["A", "B"]}, 'wallet_server: serving ignored=["A", "B"]'),
        ({"found": None, "why": ""}, 'wallet_server: serving found=null why=""'),
    ],
)
def test_a_line_for_people_has_what_was_added_in_one_line(
    extra: dict[str, object], expected: str
) -> None:
    assert format_text(**extra).endswith(expected)
