"""What promotions keep and say, down to the fields that few look at."""

from tests.core.promotions.promotions import (
    PROMO_TOPOLOGY,
    PromoWorld,
    with_bucket,
)
from wallet_server.core.commands import Amount, CreditPromotion
from wallet_server.core.config.topology import BucketStatus
from wallet_server.core.decision import Replay
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.promotions.promotion import PromotionKind
from wallet_server.core.refusals import (
    BucketDraining,
    BucketNotPromoCreditable,
    BucketUnknownInTopology,
    CurrencyMismatch,
)

DRAINING = with_bucket("SB", status=BucketStatus.DRAINING)


def test_refusals_of_promotions_name_the_bucket() -> None:
    told = PromoWorld("", PROMO_TOPOLOGY)
    assert told.credit(5, "XX") == "BUCKET_UNKNOWN_IN_TOPOLOGY"
    assert told.refusal == BucketUnknownInTopology("XX")
    assert told.forfeit("XX") == "BUCKET_UNKNOWN_IN_TOPOLOGY"
    assert told.refusal == BucketUnknownInTopology("XX")
    assert told.credit(5, "WD") == "BUCKET_NOT_PROMO_CREDITABLE"
    assert told.refusal == BucketNotPromoCreditable("WD")
    told = PromoWorld("", DRAINING)
    assert told.credit(5) == "BUCKET_DRAINING"
    assert told.refusal == BucketDraining("SB")


def test_an_amount_is_in_the_asset_of_the_bucket() -> None:
    told = PromoWorld("", PROMO_TOPOLOGY)
    dollars = CreditPromotion("p1", "SB", Amount("USD", 5), PromotionKind.BONUS)

    assert told.run(dollars) == "CURRENCY_MISMATCH"
    assert told.refusal == CurrencyMismatch("amount", "EUR", "USD")
    assert told.credit(5) == "APPLIED"
    assert told.run(dollars) == "CURRENCY_MISMATCH"
    assert told.refusal == CurrencyMismatch("amount", "EUR", "USD")


def test_a_player_who_may_not_play_gets_no_promotion() -> None:
    told = PromoWorld("", PROMO_TOPOLOGY)
    told.change(status=AccountStatus.SELF_EXCLUDED)

    assert told.credit(5) == "ACCOUNT_SELF_EXCLUDED"


def test_a_repeated_promotion_is_answered_by_the_first() -> None:
    told = PromoWorld("", PROMO_TOPOLOGY)
    assert told.credit(5) == "APPLIED"
    first = told.answer.sequence
    assert told.deposit(5) == "APPLIED"

    assert told.credit(5) == "REPLAYED APPLIED"
    assert told.last == Replay(first)


def test_a_promotion_keeps_what_the_player_had_to_use_to_get_it() -> None:
    told = PromoWorld("", PROMO_TOPOLOGY)

    assert told.credit(5, qualifying=("SPORTS",)) == "APPLIED"
    assert told.promotion().qualifying_provider_types == ("SPORTS",)
    assert told.promotion().requirement_id == ""
    assert told.credit(5, qualifying=("SPORTS",)) == "REPLAYED APPLIED"


def test_what_is_given_up_is_posted_in_the_wallets_currency() -> None:
    told = PromoWorld("SB 30", PROMO_TOPOLOGY)

    assert told.forfeit() == "APPLIED"
    assert told.entry.asset_code == "EUR"
