"""Short ways to tell stories of limits."""

from dataclasses import replace
from datetime import datetime, timedelta

from tests.core.world import REF, START, World
from wallet_server.core.commands import Amount, ConfirmLimitIncrease, SetLimit
from wallet_server.core.config.wallet_policy import (
    CurrencyRate,
    DefaultLimit,
    LimitRules,
    WalletPolicy,
)
from wallet_server.core.draft import Draft
from wallet_server.core.players.limit import LimitKind, LimitPeriod
from wallet_server.core.players.limits import check_deposit, count_deposit
from wallet_server.core.players.player import Player
from wallet_server.core.players.set_limit import find_limit
from wallet_server.core.players.usage import Slot, Usage, UsageKind, with_usage
from wallet_server.core.refusals import Refusal
from wallet_server.core.results import LimitResult

DEPOSIT, LOSS, STAKE = LimitKind.DEPOSIT, LimitKind.LOSS, LimitKind.STAKE
BET, DAY, WEEK, MONTH = LimitPeriod.BET, LimitPeriod.DAY, LimitPeriod.WEEK, LimitPeriod.MONTH

DOLLARS_AT_TWO_THIRDS = (CurrencyRate("EUR", 3), CurrencyRate("USD", 2))
"""Three dollars are worth two euros."""


def limits(**named: object) -> WalletPolicy:
    """Returns a wallet policy with such rules for limits."""
    return WalletPolicy(limits=LimitRules(**named))  # pyright: ignore[reportArgumentType]


def default(
    kind: LimitKind, amount: int, period: LimitPeriod = DAY, code: str = "EUR"
) -> DefaultLimit:
    return DefaultLimit(kind, period, code, amount)


def limit(
    world: World,
    kind: LimitKind,
    amount: int | None,
    period: LimitPeriod = DAY,
    code: str = "EUR",
) -> str:
    """Sets a limit, or takes it away."""
    return world.run(SetLimit(kind, period, None if amount is None else Amount(code, amount)))


def confirm(
    world: World, kind: LimitKind, period: LimitPeriod = DAY, *, lapsed: bool = False
) -> str:
    return world.run(ConfirmLimitIncrease(kind, period, lapsed=lapsed))


def wait(world: World, *, hours: float = 0, seconds: int = 0) -> None:
    """Lets time pass: each command takes a second, and so does each that never came."""
    world.requests += int(timedelta(hours=hours, seconds=seconds).total_seconds())


def now_in(world: World) -> datetime:
    """The time of the last command."""
    return START + timedelta(seconds=world.requests)


def held(world: World, kind: LimitKind, period: LimitPeriod = DAY) -> int | None:
    """Returns the amount of the player's own limit."""
    found = find_limit(world.wallet.player, kind, period)
    return found.amount if found else None


def usage(world: World, kind: UsageKind, code: str = "EUR") -> Usage:
    (found,) = (
        each
        for each in world.wallet.player.usages
        if each.kind is kind and each.currency_code == code
    )
    return found


def counted(world: World, kind: UsageKind, code: str = "EUR") -> int:
    """Returns what was counted in all, however long ago."""
    return sum(slot.amount for slot in usage(world, kind, code).slots)


def said(world: World) -> LimitResult:
    result = world.answer.result
    assert isinstance(result, LimitResult)
    return result


def draft_of(world: World) -> Draft:
    return Draft(world.wallet, world.fold.configurations["demo"], now_in(world))


def pay_in(world: World, amount: int) -> Refusal | None:
    """Checks and counts a deposit as those who credit it do."""
    draft = draft_of(world)
    refusal = check_deposit(draft, amount)
    if refusal is None:
        count_deposit(draft, amount, draft.now)
        put_player(world, draft.player)
    return refusal


def put_player(world: World, player: Player) -> None:
    """Makes the player another behind the commands' back."""
    world.fold.changed_players[REF.tenant_id, REF.player_id] = player
    world.fold.wallets[REF] = replace(world.wallet, player=player)


def used_elsewhere(
    world: World, kind: UsageKind, amount: int, open_stake: int = 0, code: str = "USD"
) -> None:
    """Has something be counted just now in the player's wallet in another currency."""
    hour = now_in(world).replace(minute=0, second=0)
    elsewhere = Usage(kind, code, (Slot(hour, amount, amount),), open_stake)
    player = world.wallet.player
    put_player(world, replace(player, usages=with_usage(player.usages, elsewhere)))
