"""What the auditor of items must not complain of."""

from tests.core.coupons.coupons import CouponWorld
from wallet_server.core.audit.difference import Check
from wallet_server.core.audit.item_audit import ItemAudit
from wallet_server.core.audit.item_journal import ItemJournal
from wallet_server.core.items import LIVE_ITEMS_MAX


def test_coupons_that_come_back_may_exceed_what_may_be_granted() -> None:
    world = CouponWorld()
    world.grant(10, "used")
    world.authorize(10)
    world.settle(0)
    assert world.state("used") == "EXHAUSTED"
    for number in range(LIVE_ITEMS_MAX):
        assert world.grant(10, f"c{number}") == "APPLIED"
    assert world.grant(10, "one-more") == "ITEM_LIMIT"

    assert world.settle(0, refund=10, version=2) == "APPLIED"

    audit = ItemAudit.of(world.wallet, ItemJournal())
    for item in world.wallet.items.values():
        list(audit.check(item))
    assert audit.live_count == LIVE_ITEMS_MAX + 1
    found = {finding.check for finding in audit.finish(LIVE_ITEMS_MAX + 1)}
    assert Check.LIVE_ITEMS not in found
