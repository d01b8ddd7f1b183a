"""Tokens: whose they are, and which are believed."""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeAlias

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.callers import HandClock
from wallet_server.core.access.credential import (
    EMPTY_BOOK,
    CredentialBook,
    CredentialKind,
    Grant,
)
from wallet_server.core.access.permission import Permission
from wallet_server.core.access.principal import Principal
from wallet_server.execution.errors import RefusedError
from wallet_server.rpc.access.issuing import SigningKey, TokenContent
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


# --- What a token says


async def test_a_token_says_who_may_do_what_for_whom() -> None:
    office = await desk()
    claims = office.claims(
        sub="spiffe://acme/games", jti="t1", wallet_roles=["support", "game_service"]
    )

    principal = await office.verify(signed(claims))

    assert principal.subject == "spiffe://acme/games"
    assert principal.roles == ("game_service", "support")
    assert principal.tenants == {"demo"}
    assert Permission.PLAY in principal.permissions
    assert Permission.READ_CONFIGURATION in principal.permissions
    assert Permission.CASH not in principal.permissions
    assert (principal.player_id, principal.may_vouch, principal.credential_id) == ("", False, "t1")
    # Ten minutes, and half a minute for clocks that differ.
    assert principal.expire_time == office.clock.now() + timedelta(seconds=630)


async def test_a_token_may_be_for_one_player_and_may_vouch() -> None:
    office = await desk()

    bound = await office.verify(signed(office.claims(wallet_player="p1", wallet_may_vouch=True)))

    assert (bound.player_id, bound.may_vouch) == ("p1", True)


async def test_what_the_command_line_signs_is_believed() -> None:
    key = SigningKey.new()
    own = verifying_key(SigningKey.read(key.private_pem())._key.public_key(), "")
    office = await desk(own)
    content = TokenContent(
        subject="ann", roles=["owner"], tenants=["*"], player_id="p7", may_vouch=True
    )

    principal = await office.verify(key.sign(content, office.clock.now(), seconds=60))

    assert (principal.subject, principal.roles, principal.tenants) == ("ann", ("owner",), {"*"})
    assert (principal.player_id, principal.may_vouch) == ("p7", True)
    assert len(principal.credential_id) == 24


@pytest.mark.parametrize(
    ("key", "algorithm"), [(ED, "EdDSA"), (EC, "ES256"), (RSA, "RS256")], ids=["ed", "ec", "rsa"]
)
async def test_three_kinds_of_keys_sign(key: PrivateKey, algorithm: str) -> None:
    office = await desk(verifying_key(key.public_key(), "k"))

    token = signed(office.claims(), key, algorithm, kid="k")

    assert (await office.verify(token)).subject == "games"


async def test_without_roles_the_credential_of_its_subject_counts() -> None:
    office = await desk()
    expire_time = office.clock.now() + timedelta(seconds=60)
    grant = Grant(
        "c1", ("cashier",), frozenset({"acme"}), "p1", may_vouch=True, expire_time=expire_time
    )
    book = CredentialBook({(CredentialKind.TOKEN_SUBJECT, "games"): grant}, frozenset(), {})
    token = signed(office.claims(wallet_roles=None, wallet_tenants=None, jti="t1"))

    principal = await office.verify(token, book)

    assert (principal.roles, principal.tenants) == (("cashier",), {"acme"})
    assert (principal.player_id, principal.may_vouch) == ("p1", True)
    assert (principal.credential_id, principal.expire_time) == ("c1", expire_time)
    why = "names no roles, and its subject has no credential"
    assert await office.complaint(token) == why
    office.clock.advance(60)
    why = "names no roles, and its subject's credential has expired"
    assert await office.complaint(token, book) == why


@pytest.mark.parametrize(
    "claims", [{}, {"wallet_tenants": None, "wallet_player": "p2"}, {"wallet_may_vouch": True}]
)
async def test_without_roles_a_token_says_nothing_else_that_counts(
    claims: dict[str, object],
) -> None:
    office = await desk()
    grant = Grant("c1", ("cashier",), frozenset({"acme"}))
    book = CredentialBook({(CredentialKind.TOKEN_SUBJECT, "games"): grant}, frozenset(), {})
    token = signed(office.claims(**{"wallet_roles": None} | claims))

    assert await office.complaint(token, book) == "names tenants or a player, but no roles"


# --- Who has signed it


async def test_a_token_of_another_key_is_not_believed() -> None:
    office = await desk()
    stranger = Ed25519PrivateKey.generate()

    assert (
        await office.complaint(signed(office.claims(), stranger))
        == await office.complaint(signed(office.claims(), stranger, kid="other"))
        == "is signed by no known key"
    )


async def test_a_token_without_a_key_id_is_tried_with_every_key_of_its_kind() -> None:
    office = await desk(
        verifying_key(Ed25519PrivateKey.generate().public_key(), "a"),
        verifying_key(EC.public_key(), "b"),
        verifying_key(ED.public_key(), "c"),
    )

    token = jwt.encode(office.claims(), ED, algorithm="EdDSA")

    assert (await office.verify(token)).subject == "games"


async def test_a_token_without_a_signature_is_not_believed() -> None:
    office = await desk()
    header = {"alg": "none", "kid": "ed"}
    for algorithm in ("none", "None", "NONE"):
        token = f"{encoded(header | {'alg': algorithm})}.{encoded(office.claims())}."
        assert await office.complaint(token) == "is signed by no known key"


@pytest.mark.parametrize("kid", ["ed", "rsa"])
async def test_a_public_key_is_no_shared_secret(kid: str) -> None:
    keys = {"ed": ED.public_key(), "rsa": RSA.public_key()}
    office = await desk(*(verifying_key(key, name) for name, key in keys.items()))
    secret = keys[kid].public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    said = f"{encoded({'alg': 'HS256', 'kid': kid})}.{encoded(office.claims())}"
    signature = hmac.new(secret, said.encode(), hashlib.sha256).digest()

    assert await office.complaint(f"{said}.{encoded(signature)}") == "is signed by no known key"


async def test_the_algorithm_is_the_keys_and_not_the_tokens() -> None:
    office = await desk(verifying_key(RSA.public_key(), "ed"))

    token = signed(office.claims(), RSA, "RS512")

    assert await office.complaint(token) == "is signed by no known key"


async def test_a_changed_claim_breaks_the_signature() -> None:
    office = await desk()
    header, _, signature = signed(office.claims()).split(".")
    claims = office.claims(wallet_roles=["owner"])

    changed = f"{header}.{encoded(claims)}.{signature}"

    assert await office.complaint(changed) == "is signed by no known key"


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é.é.é", "..", "e30.e30.e30", "a" * 8_000])
async def test_what_is_no_token_is_not_believed(token: str) -> None:
    office = await desk()

    assert await office.complaint(token) in {"is no JSON Web Token", "is signed by no known key"}


async def test_a_key_that_is_not_known_is_looked_for() -> None:
    office = await desk()
    new = Ed25519PrivateKey.generate()
    office.source.keys = [verifying_key(new.public_key(), "new")]

    principal = await office.verify(signed(office.claims(), new, kid="new"))

    assert principal.subject == "games"
    assert office.source.missed == [True]
    # The old one is gone with that.
    assert await office.complaint(signed(office.claims())) == "is signed by no known key"


# --- When it counts


async def test_a_token_counts_from_its_issue_to_its_end() -> None:
    office = await desk(rules=TokenRules(skew_seconds=30))
    token = signed(office.claims())

    office.clock.advance(629)
    assert (await office.verify(token)).subject == "games"
    office.clock.advance(1)
    assert await office.complaint(token) == "has expired"
    office.clock.advance(-630 - 30)
    assert (await office.verify(token)).subject == "games"
    office.clock.advance(-1)
    assert await office.complaint(token) == "is not valid yet"


async def test_a_token_may_count_later_than_it_was_issued() -> None:
    office = await desk(rules=TokenRules(skew_seconds=0))
    token = signed(office.claims(nbf=office.clock.now().timestamp() + 100))

    assert await office.complaint(token) == "is not valid yet"
    office.clock.advance(100)
    assert (await office.verify(token)).subject == "games"


async def test_a_token_lives_only_so_long() -> None:
    office = await desk(rules=TokenRules(seconds_max=600))
    now_seconds = office.clock.now().timestamp()

    just = signed(office.claims(exp=now_seconds + 600))
    long = signed(office.claims(exp=now_seconds + 601))

    assert (await office.verify(just)).subject == "games"
    assert await office.complaint(long) == "lives too long"


# --- For whom, and from whom, it is


@pytest.mark.parametrize(
    ("claims", "complaint"),
    [
        ({"aud": "wallet", "iss": "https://id"}, ""),
        ({"aud": ["other", "wallet"], "iss": "https://id"}, ""),
        ({"aud": "other", "iss": "https://id"}, "is for another audience"),
        ({"iss": "https://id"}, "is for another audience"),
        ({"aud": "wallet", "iss": "https://di"}, "is of another issuer"),
        ({"aud": "wallet"}, "is of another issuer"),
    ],
)
async def test_a_token_is_for_an_audience_and_of_an_issuer(
    claims: dict[str, Any], complaint: str
) -> None:
    office = await desk(rules=TokenRules(audience="wallet", issuer="https://id"))
    token = signed(office.claims(**claims))

    if complaint:
        assert await office.complaint(token) == complaint
    else:
        assert (await office.verify(token)).subject == "games"


async def test_where_nobody_asks_for_an_audience_any_will_do() -> None:
    office = await desk()

    principal = await office.verify(signed(office.claims(aud="anybody", iss="anybody")))

    assert principal.subject == "games"


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": None},
        {"sub": ""},
        {"sub": 5},
        {"sub": "x" * 257},
        {"sub": "new\nline"},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": True},
        {"iat": None},
        {"iat": -1},
        {"exp": 1e300},
        {"wallet_roles": "owner"},
        {"wallet_roles": [""]},
        {"wallet_roles": ["r"] * 17},
        {"wallet_tenants": "*"},
        {"wallet_tenants": ["NO"]},
        {"wallet_player": 5},
        {"wallet_may_vouch": "yes"},
        {"jti": "x" * 129},
    ],
    ids=str,
)
async def test_claims_of_a_wrong_form_are_not_believed(claims: dict[str, Any]) -> None:
    office = await desk()

    why = await office.complaint(signed(office.claims(**claims)))

    assert why.startswith(("has claims of a wrong form", "is none that is accepted here"))


# --- Revocation


async def test_a_revoked_token_is_not_believed_and_others_are() -> None:
    office = await desk()
    book = CredentialBook({}, frozenset({"t1"}), {})

    assert await office.complaint(signed(office.claims(jti="t1")), book) == "was revoked"
    assert (await office.verify(signed(office.claims(jti="t2")), book)).subject == "games"
    assert (await office.verify(signed(office.claims()), book)).subject == "games"


async def test_all_tokens_of_a_subject_that_are_older_are_revoked() -> None:
    office = await desk()
    book = CredentialBook({}, frozenset(), {"games": office.clock.now()})
    now_seconds = office.clock.now().timestamp()

    older = signed(office.claims(iat=now_seconds - 1))
    of_another = signed(office.claims(iat=now_seconds - 1, sub="cash"))
    newer = signed(office.claims(iat=now_seconds))

    assert await office.complaint(older, book) == "was revoked"
    assert (await office.verify(of_another, book)).subject == "cash"
    assert (await office.verify(newer, book)).subject == "games"
