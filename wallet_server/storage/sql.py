"""Small aids for statements that go to asyncpg as they are written."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

NAME = re.compile(r"(?<!:):([a-z][a-z0-9_]*)")
NEEDS_ESCAPE = re.compile(r'(["\\])')
QUOTED_CACHED_MAX = 4_096


class Statement:
    """A statement whose parameters have names, such as `:shards`, instead of numbers."""

    def __init__(self, sql: str) -> None:
        """Numbers the parameters in the order of their first appearance."""
        self.names: Sequence[str] = list(dict.fromkeys(NAME.findall(sql)))
        numbers = {name: number for number, name in enumerate(self.names, start=1)}
        self.sql = NAME.sub(lambda match: f"${numbers[match[1]]}", sql)

    def arguments(self, values: Mapping[str, object]) -> list[object]:
        """Returns the values in the order of the parameters' numbers."""
        assert values.keys() == set(self.names), values.keys() ^ set(self.names)
        return [values[name] for name in self.names]


def text_array(values: Iterable[str]) -> str:
    """Returns an array of texts as Postgres writes one: for rows that each have an array."""
    return "{" + ",".join([quoted(each) for each in values]) + "}"


@lru_cache(maxsize=QUOTED_CACHED_MAX)
def quoted(value: str) -> str:
    """Returns an element of an array of texts. Accounts and assets come again and again."""
    return '"' + NEEDS_ESCAPE.sub(r"\\\1", value) + '"'


def whole_array(values: Iterable[int]) -> str:
    """Returns an array of numbers as Postgres writes one, none of which is NULL."""
    return "{" + ",".join(map(str, values)) + "}"


def number_array(values: Iterable[int | None]) -> str:
    """Returns an array of numbers as Postgres writes one."""
    return "{" + ",".join(["NULL" if each is None else str(each) for each in values]) + "}"
