"""What the auditor of items must not complain of."""

from tests.core.coupons.coupons import CouponWorld
from wallet_server.core.audit.item_audit import ItemAudit
from wallet_server.core.audit.item_journal import ItemJournal
from wallet_server.core.items import LIVE_ITEMS_MAX


def test_coupons_that_come_back_may_exceed_what_may_be_granted() -> None:
    world, journal = CouponWorld(), ItemJournal()
    world.grant(10, "used")
    assert [*journal.follow([world.answer], world.answer.entries)] == []
    world.authorize(10)
    world.settle(0)
    assert world.state("used") == "EXHAUSTED"
    for number in range(LIVE_ITEMS_MAX):
        assert world.grant(10, f"c{number}") == "APPLIED"
        assert [*journal.follow([world.answer], world.answer.entries)] == []
    assert world.grant(10, "one-more") == "ITEM_LIMIT"

    assert world.settle(0, refund=10, version=2) == "APPLIED"

    audit = ItemAudit.of(world.wallet, journal)
    for bet in world.wallet.bets.values():
        audit.take_bet(bet)
    findings = [each for item in world.wallet.items.values() for each in audit.check(item)]
    assert audit.live_count == LIVE_ITEMS_MAX + 1
    assert [*findings, *audit.finish(LIVE_ITEMS_MAX + 1)] == []
