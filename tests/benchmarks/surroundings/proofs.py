"""By what callers prove who they are: tokens, or certificates over TLS."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import grpc
import grpc.aio

from tests.benchmarks.surroundings.databases import Databases
from tests.benchmarks.traffic import TENANT
from tests.callers import KEY as SIGNING_KEY
from tests.callers import Authority, token_for

NAME = "bench"
ROLE = "game_service"
WATCHING = "consumer"

DAY_SECONDS = 86_400
"""Longer than any run."""

CREDENTIAL = """
    INSERT INTO credentials VALUES (
        $1, 'CERTIFICATE', 'CN=' || $1, ARRAY[$2], ARRAY[$3], '', false, 'ACTIVE', 1,
        'bench', now(), now(), NULL
    )
"""


@dataclass(frozen=True, slots=True)
class Way:
    """How servers are called: where they are, and with what. Without a root, in the clear."""

    target: str
    token: str = ""
    root: bytes = b""
    key: bytes = b""
    certificate: bytes = b""

    def channel(self, options: tuple[tuple[str, int], ...]) -> grpc.aio.Channel:
        """Returns a connection."""
        if not self.root:
            return grpc.aio.insecure_channel(self.target, options=options)
        credentials = grpc.ssl_channel_credentials(self.root, self.key, self.certificate)
        named = (*options, ("grpc.ssl_target_name_override", "localhost"))
        return grpc.aio.secure_channel(self.target, credentials, options=named)

    def metadata(self) -> tuple[tuple[str, str], ...]:
        """Returns what goes with every call."""
        return (("authorization", f"Bearer {self.token}"),) if self.token else ()


@dataclass(frozen=True, slots=True)
class Proof:
    """What servers are told about callers, and what the callers bring."""

    settings: Mapping[str, str]
    way: Way


@dataclass(frozen=True, slots=True)
class Proofs:
    """The two ways to prove who one is. The files lie in a folder while the bench runs."""

    token: Proof
    certificate: Proof


def make_proofs(folder: Path) -> Proofs:
    """Makes keys and certificates of callers and servers."""
    authority = Authority()
    server, caller = authority.issue("wallet", hosts=["localhost"]), authority.issue(NAME)
    files = {
        "auth_keys_file": SIGNING_KEY.public_pem(),
        "tls_certificate_file": server.certificate,
        "tls_key_file": server.key,
        "tls_client_ca_file": authority.root,
    }
    paths = {name: folder / f"{name}.pem" for name in files}
    for name, content in files.items():
        paths[name].write_bytes(content)
    keys = {"auth_keys_file": str(paths.pop("auth_keys_file"))}
    token = token_for(ROLE, WATCHING, subject=NAME, tenants=[TENANT], lifetime_seconds=DAY_SECONDS)
    return Proofs(
        Proof(keys, Way("", token)),
        Proof(
            {name: str(path) for name, path in paths.items()},
            Way("", "", authority.root, caller.key, caller.certificate),
        ),
    )


async def grant(databases: Databases, database: str) -> None:
    """Lets whoever has the certificate bet."""
    async with databases.connect(database) as connection:
        await connection.execute(CREDENTIAL, NAME, TENANT, ROLE)
