"""What the demonstration plays: demonstration.yaml, as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

SCRIPT = Path(__file__).with_name("demonstration.yaml")


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks for a command, in which roles. Nobody, without a name."""

    name: str = ""
    roles: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Returns the name and the roles, as people read them."""
        return f"{self.name} ({', '.join(self.roles)})" if self.roles else self.name


@dataclass(frozen=True, slots=True)
class Call:
    """A command, with the outcome or the reason that it is answered with, and who asks for it."""

    method: str
    request: Mapping[str, Any]
    expected: str
    person: Person = Person()

    @property
    def title(self) -> str:
        """The method, and who asks."""
        return f"{self.method} by {self.person}" if self.person.name else self.method


@dataclass(frozen=True, slots=True)
class Step:
    """Some calls with one story."""

    title: str
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Invitation:
    """What people are invited to send themselves: a bet and, for a new player, a deposit."""

    player_id: str
    deposit: Mapping[str, Any]
    bet: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Script:
    """What is played, and by whose wallet."""

    tenant_id: str
    currency_code: str
    invitation: Invitation
    steps: tuple[Step, ...]


def read_script() -> Script:
    """Reads the script that is shipped."""
    document = cast("dict[str, Any]", yaml.safe_load(SCRIPT.read_text(encoding="utf-8")))
    steps = tuple(
        Step(step["title"], tuple(map(call_of, step["calls"]))) for step in document["steps"]
    )
    invitation = Invitation(**document["invitation"])
    return Script(document["tenant_id"], document["currency_code"], invitation, steps)


def call_of(written: Mapping[str, Any]) -> Call:
    """Returns a call as it is written in the script."""
    by = written.get("by", {})
    person = Person(by.get("name", ""), tuple(by.get("roles", ())))
    return Call(written["call"], written["request"], written.get("expect", "APPLIED"), person)
