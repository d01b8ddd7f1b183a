"""Who makes a call: found once, remembered, and forgotten when anything changes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

import pytest
from cryptography.x509 import SubjectAlternativeName, UnrecognizedExtension

from tests.callers import Authority, HandClock
from wallet_server.core.access.credential import (
    CredentialBook,
    CredentialKind,
    Grant,
)
from wallet_server.core.access.principal import Principal
from wallet_server.execution.errors import RefusedError
from wallet_server.rpc.access.authenticator import REMEMBERED_MAX, Verifying
from wallet_server.rpc.access.certificates import subject_of
from wallet_server.rpc.access.issuing import SigningKey, TokenContent
from wallet_server.rpc.access.key_sources import KeyRing
from wallet_server.rpc.access.keys import VerifyingKey, read_keys
from wallet_server.rpc.access.tokens import TokenRules, TokenVerifier
from wallet_server.rpc.context import Context

KEY = SigningKey.new()
AUTHORITY = Authority()


@dataclass
class Call:
    """What grpc tells of a call, as far as it is about who makes it."""

    certificate: bytes = b""
    looks_count: int = 0

    def auth_context(self) -> dict[str, list[bytes]]:
        self.looks_count += 1
        return {"x509_pem_cert": [self.certificate]} if self.certificate else {}


@dataclass
class Listed:
    """Keys that a test lists."""

    keys: Sequence[VerifyingKey]

    async def read(self, *, is_missed: bool) -> Sequence[VerifyingKey]:
        del is_missed
        return self.keys


@dataclass
class Door:
    """An authenticator, with all that it goes by in reach."""

    clock: HandClock
    source: Listed
    ring: KeyRing
    authenticator: Verifying
    calls: dict[str, Call] = field(default_factory=dict[str, Call])

    def known(self, *headers: tuple[str, str], call: Call | None = None) -> Principal | None:
        return self.authenticator.known(cast("Context", call or Call()), headers)

    async def identify(self, *headers: tuple[str, str], call: Call | None = None) -> Principal:
        return await self.authenticator.identify(cast("Context", call or Call()), headers)

    async def complaint(self, *headers: tuple[str, str], call: Call | None = None) -> str:
        with pytest.raises(RefusedError) as caught:
            await self.identify(*headers, call=call)
        return caught.value.refusal.reason

    def token(self, subject: str = "games", *, seconds: int = 600) -> tuple[str, str]:
        """Returns the header with a token."""
        content = TokenContent(subject=subject, roles=["game_service"], tenants=["demo"])
        return ("authorization", "Bearer " + KEY.sign(content, self.clock.now(), seconds=seconds))


async def door(**options: Any) -> Door:
    clock, source = HandClock(), Listed(read_keys(KEY.public_pem()))
    ring = KeyRing(source)
    await ring.load()
    verifier = TokenVerifier(ring, TokenRules(skew_seconds=0), clock.now)
    options = {"ring": ring, "verifier": verifier, "takes_certificates": True} | options
    return Door(clock, source, ring, Verifying(clock, **options))


def book(*subjects: str, revoked: Sequence[str] = (), **grant: Any) -> CredentialBook:
    """Returns what is known, with certificates of some subjects as cashiers."""
    grants = {
        (CredentialKind.CERTIFICATE, subject): Grant(
            f"c-{subject}", ("cashier",), frozenset({"demo"}), **grant
        )
        for subject in subjects
    }
    return CredentialBook(grants, frozenset(revoked), {})


# --- Tokens


async def test_a_token_is_verified_once_and_known_until_it_expires() -> None:
    entry = await door()
    header = entry.token(seconds=600)

    assert entry.known(header) is None
    found = await entry.identify(header)
    assert found.subject == "games"
    entry.clock.advance(599)
    assert entry.known(("user-agent", "x"), header) is found
    entry.clock.advance(1)
    assert entry.known(header) is None
    assert await entry.complaint(header) == "CREDENTIALS_INVALID"


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER  "])
async def test_the_scheme_may_be_written_in_any_case(scheme: str) -> None:
    entry = await door()
    name, text = entry.token()

    assert (await entry.identify((name, scheme + text[len("Bearer ") :]))).subject == "games"


async def test_without_credentials_nobody_is_anybody() -> None:
    entry = await door()

    assert entry.known() is None
    assert await entry.complaint() == "CREDENTIALS_MISSING"
    assert await entry.complaint(("authorization", "")) == "CREDENTIALS_MISSING"
    assert await entry.complaint(("authorization", "Basic eDp5")) == "CREDENTIALS_INVALID"
    assert await entry.complaint(("authorization", "Bearer")) == "CREDENTIALS_INVALID"


async def test_where_there_are_no_keys_no_token_is_believed() -> None:
    entry = await door(ring=None, verifier=None)

    assert await entry.complaint(entry.token()) == "CREDENTIALS_INVALID"


async def test_a_revoked_token_is_forgotten_with_the_next_look() -> None:
    entry = await door()
    header, other = entry.token(), entry.token("cash")
    token_id = (await entry.identify(header)).credential_id
    await entry.identify(other)

    entry.authenticator.take(book(revoked=[token_id]))

    assert entry.known(header) is None
    assert await entry.complaint(header) == "CREDENTIALS_INVALID"
    assert (await entry.identify(other)).subject == "cash"
    # Looking again changes nothing.
    entry.authenticator.take(book(revoked=[token_id]))
    assert entry.known(other) is not None


async def test_a_token_of_a_key_that_is_gone_is_forgotten_with_the_next_look() -> None:
    entry = await door()
    header = entry.token()
    await entry.identify(header)

    entry.source.keys = read_keys(SigningKey.new().public_pem())
    await entry.ring.refresh()
    entry.authenticator.take(book())

    assert entry.known(header) is None
    assert await entry.complaint(header) == "CREDENTIALS_INVALID"


async def test_only_so_many_are_remembered() -> None:
    entry = await door()
    first, second = entry.token("first"), entry.token("second")
    found = await entry.identify(first)
    for number in range(REMEMBERED_MAX - 1):
        entry.authenticator._remember(f"t{number}", found)

    assert entry.known(first) is found
    await entry.identify(second)

    assert entry.known(first) is None
    assert entry.known(second) is not None
    assert len(entry.authenticator._remembered) == REMEMBERED_MAX


# --- Certificates


async def test_a_certificate_is_known_by_its_credential() -> None:
    entry = await door()
    call = Call(AUTHORITY.issue("cash", uris=["spiffe://acme/cash"]).certificate)

    assert await entry.complaint(call=call) == "CREDENTIALS_INVALID"
    entry.authenticator.take(book("spiffe://acme/cash", may_vouch=True, player_id="p1"))
    found = await entry.identify(call=call)

    assert (found.subject, found.roles) == ("spiffe://acme/cash", ("cashier",))
    assert (found.credential_id, found.may_vouch) == ("c-spiffe://acme/cash", True)
    assert (found.player_id, found.tenants) == ("p1", {"demo"})
    assert entry.known(call=call) is found
    entry.authenticator.take(book())
    assert entry.known(call=call) is None
    assert await entry.complaint(call=call) == "CREDENTIALS_INVALID"


@pytest.mark.parametrize("uri", ["CN=cash", "sha256:" + 64 * "0"])
async def test_a_uri_does_not_pass_for_a_name_or_a_digest(uri: str) -> None:
    """An authority may let people choose URIs."""
    entry = await door()
    entry.authenticator.take(book(uri))

    call = Call(AUTHORITY.issue("somebody", uris=[uri]).certificate)

    assert await entry.complaint(call=call) == "CREDENTIALS_INVALID"


async def test_a_certificate_with_names_of_a_kind_that_nobody_reads_is_nobodys() -> None:
    entry = await door()
    entry.authenticator.take(book("CN=cash"))
    of_x400 = UnrecognizedExtension(SubjectAlternativeName.oid, bytes.fromhex("3003a30100"))

    call = Call(AUTHORITY.issue("cash", extensions=[of_x400]).certificate)

    assert await entry.complaint(call=call) == "CREDENTIALS_INVALID"


async def test_a_certificate_counts_until_it_or_its_credential_expires() -> None:
    entry = await door()
    identity = AUTHORITY.issue("cash")
    call = Call(identity.certificate)
    entry.clock.time = identity.parsed.not_valid_after_utc - timedelta(seconds=10)
    entry.authenticator.take(book("CN=cash"))

    found = await entry.identify(call=call)
    assert found.expire_time == identity.parsed.not_valid_after_utc
    entry.clock.advance(10)
    assert entry.known(call=call) is None
    assert await entry.complaint(call=call) == "CREDENTIALS_INVALID"
    entry.clock.advance(-10)
    entry.authenticator.take(book("CN=cash", expire_time=entry.clock.now()))
    assert await entry.complaint(call=call) == "CREDENTIALS_INVALID"


async def test_a_token_prevails_over_a_certificate() -> None:
    entry = await door()
    entry.authenticator.take(book("CN=cash"))
    call = Call(AUTHORITY.issue("cash").certificate)

    assert (await entry.identify(entry.token(), call=call)).subject == "games"
    assert await entry.complaint(("authorization", "Bearer x"), call=call) == "CREDENTIALS_INVALID"
    assert call.looks_count == 0


async def test_where_certificates_are_not_asked_for_they_are_not_looked_at() -> None:
    entry = await door(takes_certificates=False)
    entry.authenticator.take(book("CN=cash"))

    call = Call(AUTHORITY.issue("cash").certificate)

    assert await entry.complaint(call=call) == "CREDENTIALS_MISSING"


@pytest.mark.parametrize(
    ("name", "uris", "hosts", "subject"),
    [
        ("cash", [], [], "CN=cash"),
        ("cash", [], ["cash.example"], "CN=cash"),
        ("cash", ["spiffe://acme/cash"], ["cash.example"], "spiffe://acme/cash"),
        ("spiffe://acme/owner", [], [], "CN=spiffe://acme/owner"),
        ("", ["https://a/b", "spiffe://acme/c"], [], "https://a/b"),
    ],
)
def test_a_certificate_has_one_subject(
    name: str, uris: list[str], hosts: list[str], subject: str
) -> None:
    assert subject_of(AUTHORITY.issue(name, uris=uris, hosts=hosts).parsed) == subject


def test_a_certificate_without_names_is_known_by_its_digest() -> None:
    found = subject_of(AUTHORITY.issue().parsed)

    assert found.startswith("sha256:")
    assert len(found) == len("sha256:") + 64
