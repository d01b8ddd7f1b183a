"""Tells whether two commands under one `request_id` are the same.

The fingerprint is of the decoded command in a canonical form: the command's name
and its fields in the order of their names, without those that have their default.
So a field added later, with a default, leaves the fingerprints of commands recorded
before it as they were. The form has a version, which is the first byte: a command
is compared in the form that the earlier one was recorded in.
"""

import json
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from hashlib import blake2b
from typing import cast

from wallet_server.core.commands import Command

VERSION = 1
DIGEST_BYTES = 16

# Made once: `json.dumps` makes one for every call that wants it so.
ENCODER = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), sort_keys=True)


def fingerprint(command: Command) -> bytes:
    """Returns the fingerprint of a command in the newest form."""
    canonical = ENCODER.encode({type(command).__name__: canonical_form(command)})
    digest = blake2b(canonical.encode("ascii"), digest_size=DIGEST_BYTES).digest()
    return bytes([VERSION]) + digest


def is_same(command: Command, recorded: bytes) -> bool:
    """Tells whether a command is the one that was recorded with a fingerprint.

    Raises:
        ValueError: The fingerprint is in a form that this release does not know.
    """
    if not is_readable(recorded):
        message = f"unknown form of fingerprint: {recorded.hex()}"
        raise ValueError(message)
    return fingerprint(command) == recorded


def is_readable(recorded: bytes) -> bool:
    """Tells whether a fingerprint is in a form that this release knows."""
    return len(recorded) == 1 + DIGEST_BYTES and recorded[0] == VERSION


def canonical_form(value: object) -> object:
    """Returns a value as plain data: enums by name, dataclasses by their fields."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [canonical_form(each) for each in cast("tuple[object, ...]", value)]
    if is_dataclass(value):
        return {
            name: canonical_form(getattr(value, name))
            for name, default in defaults_of(type(value))
            if getattr(value, name) != default
        }
    return value


@cache
def defaults_of(kind: type) -> tuple[tuple[str, object], ...]:
    """Returns the names of a dataclass's fields with their defaults."""
    assert is_dataclass(kind)
    assert all(f.default_factory is MISSING for f in fields(kind))
    return tuple((field.name, field.default) for field in fields(kind))
