"""What options are made of, and how it is written."""

import re
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Generic, TypeVar

import click

from wallet_server.core.ids import WalletRef

E = TypeVar("E", bound=Enum)

MICROSECOND = timedelta(microseconds=1)
BEYOND_MICROSECONDS = re.compile(r"[.,]\d{6}\d*[1-9]")


class WalletParameter(click.ParamType[WalletRef]):
    """A wallet written as TENANT/PLAYER/CURRENCY. The player's name may have slashes."""

    name = "wallet"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> WalletRef:
        """Returns the wallet."""
        tenant_id, _, rest = str(value).partition("/")
        player_id, _, currency_code = rest.rpartition("/")
        if not (tenant_id and player_id and currency_code):
            self.fail(f"{value!r} is not TENANT/PLAYER/CURRENCY", param, ctx)
        return WalletRef(tenant_id, player_id, currency_code)


class TimeParameter(click.ParamType[datetime]):
    """A time in ISO 8601: a day, which means its beginning, or more. In UTC unless it says.

    It begins or ends a period, and so is rounded up to the microsecond, as in requests.
    """

    name = "time"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Returns the time, in UTC."""
        try:
            text = str(value)
            time = datetime.fromisoformat(text)
            if BEYOND_MICROSECONDS.search(text):  # They are cut off.
                time += MICROSECOND
            return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            self.fail(
                f"{value!r} is no time such as 2026-11-01 or 2026-11-01T12:00:00Z", param, ctx
            )


class ChoiceOf(click.ParamType[E], Generic[E]):
    """One of some values, by its name in small letters."""

    name = "choice"

    def __init__(self, kind: type[E]) -> None:
        """Takes the values."""
        self._values = {member.name.lower(): member for member in kind}

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        """Returns how the choice is shown."""
        del param, ctx
        return f"[{'|'.join(self._values)}]"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> E:
        """Returns the value."""
        found = self._values.get(str(value).lower())
        if found is None:
            self.fail(f"{value!r} is none of {', '.join(self._values)}", param, ctx)
        return found
