"""What roles may do, and whom callers may name."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from wallet_server.core.access.credential import (
    EMPTY_BOOK,
    CredentialBook,
    CredentialKind,
    Grant,
)
from wallet_server.core.access.permission import (
    PERMISSIONS_BY_ROLE,
    Permission,
    Role,
    may_end,
    may_grant,
    permissions_of,
)
from wallet_server.core.access.principal import EVERY_TENANT, TRUSTED, principal_of
from wallet_server.core.commands.actor import Actor

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


# --- Roles


@pytest.mark.parametrize("role", Role)
def test_a_role_may_do_what_the_table_says(role: Role) -> None:
    assert permissions_of([role.value]) == PERMISSIONS_BY_ROLE[role]


def test_several_roles_may_do_what_any_of_them_may() -> None:
    together = permissions_of(["cashier", "finance"])

    assert together == PERMISSIONS_BY_ROLE[Role.CASHIER] | PERMISSIONS_BY_ROLE[Role.FINANCE]


def test_a_role_of_somebody_elses_may_do_nothing_and_is_in_nobodys_way() -> None:
    assert permissions_of([]) == frozenset()
    assert permissions_of(["emperor"]) == frozenset()
    assert permissions_of(["emperor", "cashier"]) == PERMISSIONS_BY_ROLE[Role.CASHIER]


@pytest.mark.parametrize(
    ("granting", "roles", "may"),
    [
        (["owner"], ["owner", "manager", "admin", "cashier"], True),
        (["admin"], ["support", "auditor", "gateway"], True),
        (["admin"], ["support", "cashier"], False),
        (["admin"], ["game_service"], False),
        (["admin"], ["promotion_service"], False),
        (["admin"], ["migrator"], False),
        (["admin"], ["admin"], False),
        (["admin"], ["admin", "support"], False),
        (["admin"], ["manager"], False),
        (["admin"], ["owner"], False),
        (["admin"], ["support", "owner"], False),
        (["admin", "owner"], ["owner"], True),
        (["manager"], ["support"], False),
        (["manager", "admin"], ["support"], True),
        (["emperor"], ["support"], False),
        (["emperor", "admin"], ["support"], True),
        ([], ["support"], False),
        (["admin"], ["compliance"], True),
        (["admin"], ["compliance", "owner"], False),
        (["manager"], ["compliance"], False),
        (["admin"], [], True),
        (["support"], [], False),
    ],
)
def test_who_administers_gives_only_the_roles_that_are_theirs_to_give(
    granting: list[str],
    roles: list[str],
    may: bool,
) -> None:
    assert may_grant(granting, roles) is may


@pytest.mark.parametrize(
    ("ending", "roles", "may"),
    [
        (["admin"], ["cashier", "game_service", "support"], True),
        (["admin"], ["cashier", "manager"], False),
        (["owner"], ["owner"], True),
        (["manager"], ["support"], False),
    ],
)
def test_who_administers_ends_more_than_they_give(
    ending: list[str],
    roles: list[str],
    may: bool,
) -> None:
    assert may_end(ending, roles) is may


# --- Callers


def test_a_caller_has_the_permissions_of_its_roles_and_may_send_batches() -> None:
    caller = principal_of("svc", ("support", "cashier", "support"), frozenset({"demo"}))

    assert caller.roles == ("cashier", "support")
    assert caller.permissions == (
        permissions_of(["cashier", "support"]) | {Permission.OF_EACH_COMMAND}
    )
    assert (caller.subject, caller.tenants) == ("svc", frozenset({"demo"}))
    assert (caller.player_id, caller.may_vouch, caller.credential_id) == ("", False, "")
    assert (caller.expire_time, caller.is_trusted) == (None, False)


def test_a_caller_is_all_that_its_credentials_say() -> None:
    caller = principal_of(
        *("svc", ("gateway",), frozenset({"demo"})),
        player_id="p1",
        may_vouch=True,
        credential_id="c1",
        expire_time=NOON,
    )

    assert (caller.player_id, caller.may_vouch, caller.credential_id) == ("p1", True, "c1")
    assert caller.expire_time == NOON
    assert caller.as_actor() == Actor("svc", ("gateway",), "p1")


def test_a_person_is_named_as_one_whom_its_subject_vouches_for() -> None:
    known = principal_of("1f2e", ("manager",), frozenset({"demo"}))
    caller = replace(known, person="ada", own_player_id="p1")

    assert caller.as_actor() == Actor("1f2e/ada", ("manager",), "p1")
    assert caller.as_actor().goes_by("office/ada")
    assert not caller.is_bound


@pytest.mark.parametrize(
    ("roles", "player_id", "is_bound"),
    [
        (("gateway",), "p1", True),
        (("gateway",), "", True),
        (("support", "gateway"), "", True),
        (("support",), "p1", True),
        (("support",), "", False),
    ],
)
def test_a_gateway_or_who_has_a_player_names_one_player_only(
    roles: tuple[str, ...],
    player_id: str,
    is_bound: bool,
) -> None:
    caller = principal_of("svc", roles, frozenset({"demo"}), player_id=player_id)

    assert caller.is_bound is is_bound


def test_a_caller_names_its_own_tenants_or_every_one() -> None:
    of_two = principal_of("svc", (), frozenset({"a", "b"}))
    wide = principal_of("svc", (), frozenset({EVERY_TENANT, "a"}))

    assert [of_two.may_name_tenant(each) for each in ("a", "b", "c", "")] == [
        *(True, True),
        *(False, False),
    ]
    assert [wide.may_name_tenant(each) for each in ("a", "z", "")] == [True, True, True]
    assert (of_two.is_for_every_tenant, wide.is_for_every_tenant) == (False, True)
    assert TRUSTED.may_name_tenant("any")
    assert TRUSTED.permissions == frozenset(Permission)


# --- Credentials


def test_what_a_subject_was_given_is_found_by_how_it_proves_who_it_is() -> None:
    grant = Grant("c1", ("cashier",), frozenset({"demo"}))
    book = CredentialBook({(CredentialKind.CERTIFICATE, "svc"): grant}, frozenset(), {})

    assert book.find(CredentialKind.CERTIFICATE, "svc") == grant
    assert book.find(CredentialKind.TOKEN_SUBJECT, "svc") is None
    assert book.find(CredentialKind.CERTIFICATE, "other") is None
    assert EMPTY_BOOK.find(CredentialKind.CERTIFICATE, "svc") is None


@pytest.mark.parametrize(
    ("token_id", "subject", "issue_time", "is_revoked"),
    [
        ("t1", "ann", NOON, True),
        ("t2", "ann", NOON, False),
        ("", "ann", NOON, False),
        ("t2", "bob", NOON - SECOND, True),
        ("t2", "bob", NOON, False),
        ("t1", "bob", NOON, True),
        ("t2", "ann", NOON - SECOND, False),
    ],
)
def test_a_token_is_void_by_its_id_or_as_it_is_older_than_its_subjects_revocation(
    token_id: str,
    subject: str,
    issue_time: datetime,
    is_revoked: bool,
) -> None:
    book = CredentialBook({}, frozenset({"t1", ""}), {"bob": NOON})

    assert book.is_revoked(token_id, subject, issue_time) is is_revoked
    assert EMPTY_BOOK.is_revoked(token_id, subject, issue_time) is False
