"""An operator of NATS with an account and a user, as `nsc` would make them."""

import base64
import json
import secrets
from dataclasses import dataclass
from typing import Any

import nkeys  # pyright: ignore[reportMissingTypeStubs] - it has none.

OPERATOR, ACCOUNT = nkeys.PREFIX_BYTE_OPERATOR, nkeys.PREFIX_BYTE_ACCOUNT
USER = nkeys.PREFIX_BYTE_USER

UNLIMITED = {
    "subs": -1,
    "conn": -1,
    "leaf": -1,
    "imports": -1,
    "exports": -1,
    "data": -1,
    "payload": -1,
    "wildcards": True,
}
WITH_STREAMS = {"mem_storage": -1, "disk_storage": -1, "streams": -1, "consumer": -1}


@dataclass(frozen=True)
class Key:
    """A key of an operator, an account or a user, and its name: the public one."""

    seed: bytes

    @classmethod
    def make(cls, kind: int) -> "Key":
        """Makes one."""
        return cls(nkeys.encode_seed(secrets.token_bytes(32), kind))

    @property
    def name(self) -> str:
        """What it is called."""
        public: Any = nkeys.from_seed(bytearray(self.seed)).public_key
        return bytes(public).decode()

    def sign(self, subject: "Key", claims: dict[str, Any]) -> str:
        """Returns a JWT in which it says something of another."""
        body = {
            "jti": secrets.token_hex(16),
            "iat": 1,
            "iss": self.name,
            "sub": subject.name,
            "name": "test",
            "nats": {"version": 2, **claims},
        }
        parts = [encoded({"typ": "JWT", "alg": "ed25519-nkey"}), encoded(body)]
        signature = nkeys.from_seed(bytearray(self.seed)).sign(".".join(parts).encode())
        return ".".join([*parts, trimmed(signature)])


@dataclass(frozen=True)
class Accounts:
    """What the server is told, and what the user has in a file."""

    settings: str
    credentials: str


def make_accounts() -> Accounts:
    """Makes an operator with an account that may have streams, and a user of it."""
    operator = Key.make(OPERATOR)
    account = Key.make(ACCOUNT)
    user = Key.make(USER)
    system = Key.make(ACCOUNT)  # JetStream needs one.
    operator_jwt = operator.sign(operator, {"type": "operator"})
    system_jwt = operator.sign(system, {"type": "account", "limits": UNLIMITED})
    limits = {"limits": {**UNLIMITED, **WITH_STREAMS}}
    account_jwt = operator.sign(account, {"type": "account", **limits})
    user_jwt = account.sign(user, {"type": "user", "subs": -1, "data": -1, "payload": -1})
    settings = (
        f'operator: "{operator_jwt}"\n'
        "resolver: MEMORY\n"
        f"system_account: {system.name}\n"
        f"resolver_preload: {{ {account.name}: {account_jwt}, {system.name}: {system_jwt} }}\n"
    )
    credentials = (
        f"-----BEGIN NATS USER JWT-----\n{user_jwt}\n------END NATS USER JWT------\n\n"
        f"-----BEGIN USER NKEY SEED-----\n{user.seed.decode()}\n------END USER NKEY SEED------\n"
    )
    return Accounts(settings, credentials)


def encoded(part: dict[str, Any]) -> str:
    """Returns a part of a JWT."""
    return trimmed(json.dumps(part).encode())


def trimmed(content: bytes) -> str:
    """Returns bytes in base 64, as URLs may have them."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
