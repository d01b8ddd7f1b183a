"""Tokens: what they say, when they count, and which were revoked."""

from datetime import timedelta

import pytest

from tests.rpc.access.token_desk import EC, ED, RSA, PrivateKey, desk, signed
from wallet_server.core.access.credential import (
    CredentialBook,
    CredentialKind,
    Grant,
)
from wallet_server.core.access.permission import Permission
from wallet_server.rpc.access.issuing import SigningKey, TokenContent
from wallet_server.rpc.access.keys import verifying_key
from wallet_server.rpc.access.tokens import TokenRules

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
