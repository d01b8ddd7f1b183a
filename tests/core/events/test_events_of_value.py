"""What is told of coupons, promotions, rounds, wins and players."""

from dataclasses import replace

import pytest

from tests.rpc.filled import filled
from wallet_server.core.accounts import Account, coupon, open_stake
from wallet_server.core.answer import AccountChange
from wallet_server.core.coupons.grant import CouponGrant, CouponState
from wallet_server.core.events.item_payloads import (
    AccountStatusChanged,
    CouponChanged,
    LimitChanged,
    PromotionChanged,
    RoundChanged,
    WinChanged,
)
from wallet_server.core.events.of_players import player_events
from wallet_server.core.events.of_promotions import coupon_events, promotion_events
from wallet_server.core.events.of_rounds import round_events, win_events
from wallet_server.core.players.limit import Limit, LimitKind, LimitPeriod, PendingLimit
from wallet_server.core.players.player import Player
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.players.usage import Usage
from wallet_server.core.promotions.promotion import Promotion, PromotionState
from wallet_server.core.rounds.round import Round, RoundState
from wallet_server.core.rounds.win import CashOutRef, Win, WinState

GRANT: CouponGrant = replace(filled(CouponGrant, 1, {}), state=CouponState.ACTIVE)
ACCOUNT = coupon(GRANT.grant_id)
HELD = {ACCOUNT: 7, open_stake(ACCOUNT): 3, Account("bkt:x"): 99}
PROMOTION: Promotion = replace(
    filled(Promotion, 1, {}), state=PromotionState.CREDITED, reversed=0, unrecovered=0
)
ROUND: Round = replace(filled(Round, 1, {}), state=RoundState.OPEN)
WIN: Win = replace(filled(Win, 1, {}), state=WinState.CREDITED)
CHANGES = [AccountChange(Account("bkt:x"), 5, 5)]


def granted(state: CouponState, before: CouponState | None) -> list[object]:
    """Returns what is told of a grant that comes to a state."""
    was = None if before is None else replace(GRANT, state=before)
    return list(coupon_events(was, replace(GRANT, state=state), HELD))


@pytest.mark.parametrize(
    ("before", "state", "told"),
    [
        (None, CouponState.ISSUED, "COUPON_GRANTED"),
        (None, CouponState.ACTIVE, "COUPON_GRANTED"),
        (CouponState.ISSUED, CouponState.ACTIVE, "COUPON_ACTIVATED"),
        (CouponState.EXHAUSTED, CouponState.ACTIVE, "COUPON_REOPENED"),
        (CouponState.EXPIRED, CouponState.ACTIVE, "COUPON_REOPENED"),
        (CouponState.ACTIVE, CouponState.EXHAUSTED, "COUPON_EXHAUSTED"),
        (CouponState.ACTIVE, CouponState.EXPIRED, "COUPON_EXPIRED"),
        (CouponState.ISSUED, CouponState.REVOKED, "COUPON_REVOKED"),
        (CouponState.ACTIVE, CouponState.FORFEITED, "COUPON_FORFEITED"),
    ],
)
def test_a_coupon_is_told_by_where_it_is_now_and_was(
    before: CouponState | None, state: CouponState, told: str
) -> None:
    was = "" if before is None else before.value

    assert granted(state, before) == [
        (told, CouponChanged(replace(GRANT, state=state), was, remaining=7, open_stake=3))
    ]


def test_a_coupon_without_accounts_has_nothing_left() -> None:
    assert list(coupon_events(None, GRANT, {})) == [("COUPON_GRANTED", CouponChanged(GRANT))]


def test_a_coupon_whose_terms_or_time_changed_is_told_as_that() -> None:
    later = replace(GRANT, valid_until=GRANT.create_time)
    other = replace(GRANT, terms=filled(type(GRANT.terms), 500, {}))

    for changed in (later, other):
        assert list(coupon_events(GRANT, changed, {})) == [
            ("COUPON_CHANGED", CouponChanged(changed, "ACTIVE"))
        ]
    assert list(coupon_events(GRANT, replace(GRANT, uses=99, revision=99), {})) == []


def test_a_promotion_is_told_as_credited_or_as_never_to_come() -> None:
    tombstone = replace(PROMOTION, state=PromotionState.TOMBSTONED)

    assert list(promotion_events(None, PROMOTION)) == [
        ("PROMOTION_CREDITED", PromotionChanged(PROMOTION))
    ]
    assert list(promotion_events(None, tombstone)) == [
        ("PROMOTION_TOMBSTONED", PromotionChanged(tombstone))
    ]


@pytest.mark.parametrize(
    ("changes", "now"),
    [
        ({"state": PromotionState.REVERSED, "reversed": 5}, 5),
        ({"reversed": 5}, 5),
        ({"unrecovered": 5}, 0),
        ({"state": PromotionState.PARTIALLY_REVERSED}, 0),
    ],
)
def test_a_promotion_tells_what_was_taken_back_now(changes: dict[str, object], now: int) -> None:
    before = replace(PROMOTION, reversed=2)
    after = replace(before, **changes)
    if "reversed" in changes:
        now -= 2

    assert list(promotion_events(before, after)) == [
        ("PROMOTION_REVERSED", PromotionChanged(after, "CREDITED", now))
    ]


def test_a_promotion_of_which_nothing_was_taken_is_not_told() -> None:
    assert list(promotion_events(PROMOTION, replace(PROMOTION, revision=99))) == []


@pytest.mark.parametrize(
    ("before", "state", "told"),
    [
        (RoundState.OPEN, RoundState.CLOSED, "ROUND_CLOSED"),
        (RoundState.OPEN, RoundState.CANCELLED, "ROUND_CANCELLED"),
        (RoundState.CLOSED, RoundState.CANCELLED, "ROUND_CANCELLED"),
        (RoundState.CLOSED, RoundState.OPEN, "ROUND_REOPENED"),
        (None, RoundState.CLOSED, "ROUND_CLOSED"),
        (None, RoundState.CANCELLED, "ROUND_CANCELLED"),
    ],
)
def test_a_round_is_told_by_where_it_is_now(
    before: RoundState | None, state: RoundState, told: str
) -> None:
    was = None if before is None else replace(ROUND, state=before)
    now = replace(ROUND, state=state)

    assert list(round_events(was, now)) == [
        (told, RoundChanged(now, "" if before is None else before.value))
    ]


def test_a_round_that_is_open_is_told_with_its_bets() -> None:
    assert list(round_events(None, ROUND)) == []
    assert list(round_events(ROUND, replace(ROUND, revision=99))) == []


@pytest.mark.parametrize("state", WinState)
def test_a_win_is_told_by_where_it_is_now_with_its_changes(state: WinState) -> None:
    win = replace(WIN, state=state)
    other = replace(WIN, state=next(each for each in WinState if each is not state))
    told = f"WIN_{state}"

    assert list(win_events(None, win, CHANGES)) == [(told, WinChanged(win, "", tuple(CHANGES)))]
    assert list(win_events(other, win, [])) == [(told, WinChanged(win, other.state.value))]
    assert list(win_events(win, replace(win, revision=99), CHANGES)) == []
    cash_out: CashOutRef = filled(CashOutRef, 1, {})
    assert list(win_events(cash_out, win, CHANGES)) == [(told, WinChanged(win, "", tuple(CHANGES)))]


# --- Players

DAILY: Limit = replace(
    filled(Limit, 1, {}), kind=LimitKind.DEPOSIT, period=LimitPeriod.DAY, pending=None
)
WEEKLY = replace(DAILY, period=LimitPeriod.WEEK)
PENDING: PendingLimit = filled(PendingLimit, 50, {})


def limits(before: Limit | None, after: Limit | None) -> list[object]:
    """Returns what is told of a player one of whose limits has changed, and the other has not."""
    was = Player(limits=tuple(each for each in (before, WEEKLY) if each is not None))
    now = Player(limits=tuple(each for each in (after, WEEKLY) if each is not None))
    return list(player_events(was, now))


def test_the_status_of_a_player_is_told_with_what_it_was() -> None:
    frozen = Player(status=AccountStatus.FROZEN)

    assert list(player_events(Player(), frozen)) == [
        (
            "ACCOUNT_STATUS_CHANGED",
            AccountStatusChanged(AccountStatus.FROZEN, AccountStatus.ACTIVE),
        )
    ]


def test_what_is_only_counted_of_a_player_is_not_told() -> None:
    before = Player(limits=(DAILY,))

    assert list(player_events(before, replace(before, usages=(filled(Usage, 1, {}),)))) == []
    assert list(player_events(before, Player(limits=(replace(DAILY),)))) == []


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (None, DAILY, "LIMIT_SET"),
        (DAILY, replace(DAILY, amount=DAILY.amount + 1), "LIMIT_SET"),
        (DAILY, replace(DAILY, currency_code="USD"), "LIMIT_SET"),
        (DAILY, replace(DAILY, set_time=PENDING.lapse_time), "LIMIT_SET"),
        (DAILY, replace(DAILY, pending=PENDING), "LIMIT_PENDING"),
        (None, replace(DAILY, pending=PENDING), "LIMIT_PENDING"),
        (replace(DAILY, pending=PENDING), DAILY, "LIMIT_LAPSED"),
        (replace(DAILY, pending=PENDING), replace(DAILY, amount=1_000_000), "LIMIT_SET"),
        (DAILY, None, "LIMIT_REMOVED"),
    ],
)
def test_a_limit_is_told_by_what_has_become_of_it(
    before: Limit | None, after: Limit | None, told: str
) -> None:
    changed = LimitChanged(LimitKind.DEPOSIT, LimitPeriod.DAY, after, before)

    assert limits(before, after) == [(told, changed)]


def test_limits_are_told_in_their_order() -> None:
    both = Player(limits=(WEEKLY, DAILY))

    assert [payload for _, payload in player_events(Player(), both)] == [
        LimitChanged(LimitKind.DEPOSIT, LimitPeriod.DAY, DAILY, None),
        LimitChanged(LimitKind.DEPOSIT, LimitPeriod.WEEK, WEEKLY, None),
    ]
