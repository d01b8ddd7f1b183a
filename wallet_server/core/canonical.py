"""The canonical form of a command: the text that its fingerprint is of.

It is JSON without spaces: the command's name, and its fields in the order of their
names, without those that have their default or are no content. `canonical_json` writes any
command so.
For the commands that come most the same text is written out here, in a seventh of the
time; a property test holds the two together.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from json.encoder import encode_basestring_ascii as quoted
from typing import Any, cast

from wallet_server.core.bets.context import NO_CONTEXT
from wallet_server.core.commands import Amount, AuthorizeBet, Command, SettleBet, UnsettleBet
from wallet_server.core.ids import BetKey

# Made once: `json.dumps` makes one for every call that wants it so.
ENCODER = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), sort_keys=True)

NO_CONTENT: Mapping[type, frozenset[str]] = {
    SettleBet: frozenset({"ordering"}),
    UnsettleBet: frozenset({"ordering"}),
}
"""The fields that tell about a command and are not what it asks for: two that differ in nothing
else are the same."""


def canonical_text(command: Command) -> str:
    """Returns a command in its canonical form, which is ASCII."""
    write = WRITERS.get(type(command), canonical_json)
    return write(command)


def canonical_json(command: Command) -> str:
    """Returns the canonical form of any command."""
    return ENCODER.encode({type(command).__name__: canonical_form(command)})


def canonical_form(value: object) -> object:
    """Returns a value as plain data: enums by name, values by their fields, times as ISO 8601."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    named = defaults_of(type(value))
    if named is not None:
        return {
            name: canonical_form(getattr(value, name))
            for name, default in named
            if getattr(value, name) != default
        }
    if isinstance(value, tuple):
        return [canonical_form(each) for each in cast("tuple[object, ...]", value)]
    return value


@cache
def defaults_of(kind: type) -> tuple[tuple[str, object], ...] | None:
    """Returns the names of a value's fields with their defaults; none for plain data."""
    if kind is BetKey:
        return tuple((name, MISSING) for name in BetKey._fields)
    if not is_dataclass(kind):
        return None
    assert all(f.default_factory is MISSING for f in fields(kind))
    left_out = NO_CONTENT.get(kind, ())
    return tuple((each.name, each.default) for each in fields(kind) if each.name not in left_out)


def write_authorize_bet(command: AuthorizeBet) -> str:
    """Returns the canonical form of `AuthorizeBet`."""
    text = f'{{"AuthorizeBet":{{"bet":{write_key(command.bet)}'
    if command.context is not NO_CONTEXT and command.context != NO_CONTEXT:
        text += f',"context":{ENCODER.encode(canonical_form(command.context))}'
    if command.coupon_grant_id:
        text += f',"coupon_grant_id":{quoted(command.coupon_grant_id)}'
    if command.free_round:
        text += ',"free_round":true'
    if command.round_ref:
        text += f',"round_ref":{quoted(command.round_ref)}'
    if command.selected_source:
        text += f',"selected_source":{quoted(command.selected_source)}'
    return f'{text},"stake":{write_amount(command.stake)}}}}}'


def write_settle_bet(command: SettleBet) -> str:
    """Returns the canonical form of `SettleBet`, which leaves its `ordering` out."""
    text = f'{{"SettleBet":{{"bet":{write_key(command.bet)}'
    text += f',"payout":{write_amount(command.payout)}'
    if command.portion_ref:
        text += f',"portion_ref":{quoted(command.portion_ref)}'
    if command.refund is not None:
        text += f',"refund":{write_amount(command.refund)}'
    if command.result_kind is not None:
        text += f',"result_kind":{quoted(command.result_kind.value)}'
    text += f',"result_version":{command.result_version}'
    if command.stake is not None:
        text += f',"stake":{write_amount(command.stake)}'
    return text + "}}"


def write_key(key: BetKey) -> str:
    """Returns the canonical form of a bet's key."""
    return f'{{"bet_ref":{quoted(key.bet_ref)},"provider_id":{quoted(key.provider_id)}}}'


def write_amount(amount: Amount) -> str:
    """Returns the canonical form of an amount."""
    asset_code = quoted(amount.asset_code)
    return f'{{"asset_code":{asset_code},"minor_units":{amount.minor_units}}}'


WRITERS: Mapping[type[Command], Callable[[Any], str]] = {
    AuthorizeBet: write_authorize_bet,
    SettleBet: write_settle_bet,
}
