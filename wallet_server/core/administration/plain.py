"""Values as plain data: what JSON can say, for audit records and fingerprints."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from hashlib import blake2b
from typing import cast

from wallet_server.core.administration.audit_record import Plain
from wallet_server.core.refusals import Refusal

FINGERPRINT_VERSION = 1
DIGEST_BYTES = 16


def plain_of(value: object) -> object:
    """Returns a value as plain data: enums by name, values by their fields, times as ISO 8601."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain_of(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        named = cast("Mapping[object, object]", value)
        return {str(name): plain_of(each) for name, each in named.items()}
    if isinstance(value, tuple | list | set | frozenset):
        listed = cast("tuple[object, ...]", value)
        return [plain_of(each) for each in listed]
    return value


def plain_refusal(refusal: Refusal) -> Plain:
    """Returns a refusal as plain data: its reason, its facts, and all that it lists."""
    facts = cast("dict[str, object]", plain_of(refusal))
    listed = {name: facts[name] for name in ("problems", "blockers") if facts.get(name)}
    return {"reason": refusal.reason, "details": refusal.details(), **listed}


def fingerprint_of(method: str, content: Mapping[str, object]) -> bytes:
    """Returns what tells whether two administrative requests say the same.

    What is empty is left out, so that a field that is added later changes no fingerprint of
    before. The first byte is the version of the form.
    """
    said = {name: plain_of(value) for name, value in content.items()}
    said = {name: value for name, value in said.items() if value}
    text = json.dumps([method, said], sort_keys=True, separators=(",", ":"))
    digest = blake2b(text.encode(), digest_size=DIGEST_BYTES).digest()
    return bytes([FINGERPRINT_VERSION]) + digest
