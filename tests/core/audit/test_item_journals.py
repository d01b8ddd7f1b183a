"""What the journal says of coupons and promotions."""

from tests.core.audit.records import answer, entry, told
from wallet_server.core.answer import PostedEntry
from wallet_server.core.audit.difference import Check
from wallet_server.core.audit.item_journal import ItemJournal, promoted
from wallet_server.core.decision import Outcome
from wallet_server.core.results import CouponResult, PromotionResult

GRANTED = entry("cpn:C1 +30, H:PROMO -30", "GrantCoupon", number=3)


def follow(journal: ItemJournal, *entries: PostedEntry) -> list[tuple[Check, str, str]]:
    return told([*journal.follow([], entries)])


def test_a_coupon_is_granted_and_taken_back() -> None:
    journal = ItemJournal()
    taken = entry("cpn:C1 -12, H:PROMO +12", "RevokeCoupon", number=4)
    again = entry("cpn:C1 -5, H:PROMO +5", "ExpireCoupons", number=5)

    assert follow(journal, GRANTED) == []
    assert follow(journal, taken, again) == []

    assert journal.granted == {"cpn:C1": (3, 30)}
    assert journal.taken == {"cpn:C1": 17}


def test_what_bets_do_with_coupons_is_not_looked_at() -> None:
    journal = ItemJournal()
    placed = entry("cpn:C1 -12, open:cpn:C1 +12", "AuthorizeBet", bet=("sports", "b1"))

    assert follow(journal, placed) == []
    assert journal == ItemJournal()


def test_other_accounts_are_not_looked_at() -> None:
    journal = ItemJournal()

    assert follow(journal, entry("bkt:SN +5, open:SN -3, H:ADJUST -2")) == []
    assert journal == ItemJournal()


def test_all_coupons_of_an_entry_are_looked_at() -> None:
    journal = ItemJournal()

    assert follow(journal, entry("bkt:SN +0, cpn:C2 -5, cpn:C1 -7, H:PROMO +12")) == []
    assert journal.taken == {"cpn:C1": 7, "cpn:C2": 5}


def test_a_coupon_is_granted_once() -> None:
    journal = ItemJournal()
    again = entry("cpn:C1 +5, H:PROMO -5", "GrantCoupon", number=4)
    follow(journal, GRANTED)

    assert follow(journal, again) == [(Check.COUPON, "#4.0", "cpn:C1 was granted by #3 already")]
    assert journal.granted == {"cpn:C1": (3, 30)}


def test_only_a_grant_brings_a_coupon_value_and_it_takes_none() -> None:
    journal = ItemJournal()
    more = entry("cpn:C1 +5, H:PROMO -5", number=4, ordinal=1)
    less = entry("cpn:C1 -5, H:PROMO +5", "GrantCoupon", number=4)

    assert follow(journal, more) == [
        (Check.COUPON, "#4.1", "AdjustBalance may not move +5 of cpn:C1")
    ]
    assert follow(journal, less) == [
        (Check.COUPON, "#4.0", "GrantCoupon may not move -5 of cpn:C1")
    ]
    assert follow(journal, entry("cpn:C1 +0", "GrantCoupon")) == [
        (Check.COUPON, "#2.0", "GrantCoupon may not move +0 of cpn:C1")
    ]
    assert journal == ItemJournal()


def test_open_stake_of_a_coupon_moves_by_bets_alone() -> None:
    journal = ItemJournal()

    assert follow(journal, entry("open:cpn:C1 -5, H:PROMO +5", "RevokeCoupon")) == [
        (Check.COUPON, "#2.0", "RevokeCoupon may not move -5 of open:cpn:C1")
    ]


def test_a_coupons_value_goes_back_to_the_house() -> None:
    journal = ItemJournal()
    elsewhere = entry("cpn:C1 -5, bkt:SN +1, H:PROMO +4", "RevokeCoupon", ordinal=1)
    with_more = entry("cpn:C1 -5, bkt:SB -1, H:PROMO +6", "RevokeCoupon")
    too_dear = entry("cpn:C2 +5, bkt:SN +1, H:PROMO -6", "GrantCoupon")

    assert follow(journal, elsewhere) == [
        (Check.COUPON, "#2.1", "the house has +4 for -5 of coupons")
    ]
    assert follow(journal, with_more) == []
    assert follow(journal, too_dear) == [
        (Check.COUPON, "#2.0", "the house has -6 for +5 of coupons")
    ]
    assert journal.taken == {"cpn:C1": 10}


def test_what_the_house_paid_for_a_promotion_and_got_back() -> None:
    journal = ItemJournal()
    result = PromotionResult("p1", "CREDITED")
    paid = [entry("bkt:SB +30, H:PROMO -30"), entry("bkt:SN +2, H:PROMO -2")]
    got_back = [entry("bkt:SB -12, H:PROMO +12")]

    for _ in range(2):
        assert [*journal.follow([answer("CreditPromotion", result=result)], paid)] == []
        assert [*journal.follow([answer("ReversePromotion", result=result)], got_back)] == []

    assert journal.credited == {"p1": 64}
    assert journal.reversed == {"p1": 24}


def test_only_promotions_that_were_applied_count() -> None:
    journal = ItemJournal()
    paid = [entry("bkt:SB +30, H:PROMO -30")]
    others = (
        answer("GrantCoupon", result=CouponResult("C1", "ACTIVE")),
        answer(
            "CreditPromotion", Outcome.ALREADY_APPLIED, result=PromotionResult("p1", "CREDITED")
        ),
    )

    assert [*journal.follow(others, paid)] == []
    assert journal == ItemJournal()


def test_what_the_houses_account_of_promotions_gets() -> None:
    assert promoted(entry("H:PROMO +5, bkt:SN -7, H:PROMO +2")) == 7
