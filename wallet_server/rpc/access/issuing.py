"""Makes keys and tokens, for installations that have nobody else who does, and for tests."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from wallet_server.rpc.access.keys import KeysError, name_of

TOKEN_ID_BYTES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenContent:
    """What a token is to say. Without roles, the credential of its subject says what it may do."""

    subject: str
    roles: Sequence[str] = ()
    tenants: Sequence[str] = ()
    player_id: str = ""
    may_vouch: bool = False
    person: str = ""
    own_player_id: str = ""
    issuer: str = ""
    audience: str = ""


class SigningKey:
    """A private key, and what is signed with it."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        """Signs with a key."""
        self._key = key
        self.key_id = name_of(key.public_key())

    @classmethod
    def new(cls) -> "SigningKey":
        """Returns a new key."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def read(cls, pem: bytes) -> "SigningKey":
        """Returns a key that was written before.

        Raises:
            KeysError: It is none.
        """
        try:
            key = load_pem_private_key(pem, password=None)
        except (ValueError, TypeError) as error:
            raise KeysError("it is no private key without a password") from error
        if not isinstance(key, Ed25519PrivateKey):
            raise KeysError("it is no Ed25519 key")
        return cls(key)

    def private_pem(self) -> bytes:
        """Returns the key as it is kept: whoever has it may be anybody."""
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def public_pem(self) -> bytes:
        """Returns the key as servers need it."""
        public = self._key.public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def sign(self, content: TokenContent, issue_time: datetime, *, seconds: int) -> str:
        """Returns a token that is worth something for so long."""
        issued = int(issue_time.timestamp())
        claims = {
            "sub": content.subject,
            "iat": issued,
            "exp": issued + seconds,
            "jti": secrets.token_hex(TOKEN_ID_BYTES),
            "iss": content.issuer,
            "aud": content.audience,
            "wallet_roles": list(content.roles),
            "wallet_tenants": list(content.tenants),
            "wallet_player": content.player_id,
            "wallet_may_vouch": content.may_vouch,
            "wallet_person": content.person,
            "wallet_own_player": content.own_player_id,
        }
        said = {name: value for name, value in claims.items() if value}
        return jwt.encode(said, self._key, algorithm="EdDSA", headers={"kid": self.key_id})
