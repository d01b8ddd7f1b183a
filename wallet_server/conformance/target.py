"""What scenarios are played against."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from wallet_server.conformance.calling import Caller
from wallet_server.conformance.scenario import Scenario
from wallet_server.core.config.documents import Document


class Target(Protocol):
    """A wallet server, with what the runner may do to it beside calling it."""

    @property
    def caller(self) -> Caller:
        """Calls its methods."""
        ...

    async def reason_to_skip(self, scenario: Scenario) -> str:
        """Returns why the scenario cannot be played here; empty if it can."""
        ...

    async def prepare(self, scenario: Scenario) -> str:
        """Makes the target ready for a scenario. Returns the tenant to play it with."""
        ...

    def player_id(self, player: str) -> str:
        """Returns a player id that no other run uses."""
        ...

    async def apply(self, tenant_id: str, documents: Sequence[Document]) -> None:
        """Makes documents active."""
        ...

    def now(self) -> datetime:
        """Returns the time at the target, in UTC."""
        ...

    async def advance(self, duration: timedelta) -> None:
        """Lets time go by."""
        ...

    async def audit(self, tenant_id: str) -> Sequence[str]:
        """Returns what the server's own `verify` finds wrong."""
        ...


class TargetError(Exception):
    """The target does not do what it is there for, such as activating a policy."""
