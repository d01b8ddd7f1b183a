"""Tokens: for whom and from whom they are, and claims of a wrong form."""

from typing import Any

import pytest

from tests.rpc.access.token_desk import desk, signed
from wallet_server.core.access.credential import CredentialBook, CredentialKind, Grant
from wallet_server.rpc.access.tokens import TokenRules


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
        {"wallet_person": "a da"},
        {"wallet_person": "a" * 65},
        {"wallet_own_player": 5},
        {"jti": "x" * 129},
    ],
    ids=str,
)
async def test_claims_of_a_wrong_form_are_not_believed(claims: dict[str, Any]) -> None:
    office = await desk()

    why = await office.complaint(signed(office.claims(**claims)))

    assert why.startswith(("has claims of a wrong form", "is none that is accepted here"))


@pytest.mark.parametrize("roles", [["manager"], None])
async def test_a_token_may_say_who_its_bearer_is_and_which_player(roles: list[str] | None) -> None:
    """With roles of its own, or with those of its subject's credential, which it does not widen."""
    office = await desk()
    said = {"wallet_person": "ada", "wallet_own_player": "p1", "wallet_roles": roles}
    grant = Grant("c1", ("manager",), frozenset({"demo"}))
    book = CredentialBook({(CredentialKind.TOKEN_SUBJECT, "1f2e"): grant}, frozenset(), {})
    tenants = ["demo"] if roles else None
    claims = office.claims(sub="1f2e", wallet_tenants=tenants, **said)

    principal = await office.verify(signed(claims), book)

    assert (principal.subject, principal.person) == ("1f2e", "ada")
    assert (principal.own_player_id, principal.player_id) == ("p1", "")
    assert principal.roles == ("manager",)
