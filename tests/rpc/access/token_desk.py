"""Where tokens are judged: keys, claims, and what is said of each token."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.callers import HandClock
from wallet_server.core.access.credential import (
    EMPTY_BOOK,
    CredentialBook,
)
from wallet_server.core.access.principal import Principal
from wallet_server.execution.errors import RefusedError
from wallet_server.rpc.access.key_sources import KeyRing
from wallet_server.rpc.access.keys import VerifyingKey, verifying_key
from wallet_server.rpc.access.tokens import TokenRules, TokenVerifier

PrivateKey: TypeAlias = Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

DEFAULTS = TokenRules()
ED = Ed25519PrivateKey.generate()
EC = ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


@dataclass
class Listed:
    """Keys that a test lists."""

    keys: Sequence[VerifyingKey]
    missed: list[bool] = field(default_factory=list[bool])

    async def read(self, *, is_missed: bool) -> Sequence[VerifyingKey]:
        self.missed.append(is_missed)
        return self.keys


@dataclass
class Desk:
    """A verifier, with all that it judges by in reach."""

    clock: HandClock
    source: Listed
    verifier: TokenVerifier
    ring: KeyRing

    async def verify(self, token: str, book: CredentialBook = EMPTY_BOOK) -> Principal:
        return await self.verifier.verify(token, lambda: book)

    async def complaint(self, token: str, book: CredentialBook = EMPTY_BOOK) -> str:
        """Returns why a token is not accepted."""
        with pytest.raises(RefusedError) as caught:
            await self.verify(token, book)
        assert caught.value.refusal.reason == "CREDENTIALS_INVALID"
        return str(caught.value.refusal.details()["why"]).removeprefix("the token ")

    def claims(self, **changes: object) -> dict[str, Any]:
        """Returns claims that are right, but for some changes; `None` leaves one out."""
        now_seconds = int(self.clock.now().timestamp())
        claims = {
            "sub": "games",
            "iat": now_seconds,
            "exp": now_seconds + 600,
            "wallet_roles": ["game_service"],
            "wallet_tenants": ["demo"],
        }
        return {name: value for name, value in (claims | changes).items() if value is not None}


async def desk(*keys: VerifyingKey, rules: TokenRules = DEFAULTS) -> Desk:
    source = Listed(keys or (verifying_key(ED.public_key(), "ed"),))
    clock, ring = HandClock(), KeyRing(source)
    await ring.load()
    source.missed.clear()
    return Desk(clock, source, TokenVerifier(ring, rules, clock.now), ring)


def signed(
    claims: dict[str, Any], key: PrivateKey = ED, algorithm: str = "EdDSA", **header: str
) -> str:
    return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": "ed"} | header)


def encoded(part: object) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
