"""The page about permissions is the one that protos and roles give."""

from tools import permissions_reference
from wallet_server.core.access.permission import may_end, may_grant


def test_the_page_is_current() -> None:
    page = permissions_reference.render()

    assert permissions_reference.PAGE.read_text("utf-8") == page


def test_nobody_gives_a_role_above_their_own() -> None:
    assert may_grant(["owner"], ["owner", "admin", "risk-officer"])
    assert may_grant(["admin", "support"], ["auditor", "finance"])
    assert not may_grant(["admin"], ["manager", "owner"])
    assert not may_grant(["admin"], ["cashier"])
    assert may_end(["admin"], ["cashier"])
    assert not may_grant(["manager", "risk-officer"], ["support"])
    assert not may_grant([], [])
