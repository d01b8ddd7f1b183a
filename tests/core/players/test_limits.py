"""What may be paid in, and how limits over several currencies and periods add up."""

from datetime import timedelta

from tests.core.players.limited import (
    DEPOSIT,
    DOLLARS_AT_TWO_THIRDS,
    MONTH,
    WEEK,
    confirm,
    counted,
    default,
    draft_of,
    held,
    limit,
    limits,
    now_in,
    pay_in,
    said,
    usage,
    used_elsewhere,
    wait,
)
from tests.core.world import World
from wallet_server.core.config.wallet_policy import LimitRules, LimitWindow
from wallet_server.core.players.limits import check_deposit, count, count_deposit, used_since
from wallet_server.core.players.usage import UsageKind
from wallet_server.core.refusals import DepositLimit, LimitRateMissing

PAID = UsageKind.DEPOSIT


def test_e57_the_lowest_limit_wins() -> None:
    world = World()
    pay_in(world, 70)
    wait(world, hours=72)
    pay_in(world, 80)
    assert limit(world, DEPOSIT, 100) == "APPLIED"
    assert limit(world, DEPOSIT, 300, WEEK) == "APPLIED"

    # What is withdrawn counts for nothing: there is no kind of usage that it would change.
    assert pay_in(world, 30) == DepositLimit(limit=100, used=80, remaining=20, period="DAY")

    assert limit(world, DEPOSIT, 500) == "APPLIED"
    assert said(world).pending
    asked = now_in(world).timestamp()
    assert said(world).confirm_time == asked + 24 * 3600
    assert held(world, DEPOSIT) == 100
    assert pay_in(world, 21) == DepositLimit(limit=100, used=80, remaining=20, period="DAY")

    assert limit(world, DEPOSIT, 200, WEEK) == "APPLIED"
    assert not said(world).pending
    wait(world, hours=24)
    assert held(world, DEPOSIT) == 100  # Time alone does not raise it.
    assert confirm(world, DEPOSIT) == "APPLIED"
    assert pay_in(world, 51) == DepositLimit(limit=200, used=150, remaining=50, period="WEEK")
    assert pay_in(world, 50) is None


def test_a_limit_may_be_reached_but_not_exceeded() -> None:
    world = World()
    limit(world, DEPOSIT, 100)

    assert pay_in(world, 101) == DepositLimit(100, used=0, remaining=100, period="DAY")
    assert pay_in(world, 100) is None
    assert pay_in(world, 1) == DepositLimit(100, used=100, remaining=0, period="DAY")


def test_a_rolling_day_is_over_to_the_hour_and_never_too_early() -> None:
    world = World()  # It is noon.
    limit(world, DEPOSIT, 100)
    pay_in(world, 100)

    wait(world, hours=24.9)  # 12:54: the hour before this day's noon still counts.
    assert pay_in(world, 1) is not None
    wait(world, hours=0.1)
    assert pay_in(world, 100) is None


def test_a_calendar_day_is_over_at_midnight() -> None:
    world = World("", limits(window=LimitWindow.CALENDAR, time_zone="Europe/Berlin"))
    limit(world, DEPOSIT, 100)
    pay_in(world, 100)

    wait(world, hours=10.9)  # 23:54 in Berlin.
    assert pay_in(world, 1) is not None
    wait(world, hours=0.2)
    assert pay_in(world, 100) is None


def test_what_was_paid_in_before_a_limit_was_set_counts() -> None:
    world = World()
    pay_in(world, 60)

    limit(world, DEPOSIT, 50)

    assert pay_in(world, 1) == DepositLimit(50, used=60, remaining=0, period="DAY")


def test_defaults_of_the_wallet_policy_hold_beside_the_players_own() -> None:
    world = World("", limits(defaults=(default(DEPOSIT, 50), default(DEPOSIT, 500, MONTH))))

    limit(world, DEPOSIT, 80)

    assert pay_in(world, 51) == DepositLimit(50, used=0, remaining=50, period="DAY")
    limit(world, DEPOSIT, 20)
    assert pay_in(world, 51) == DepositLimit(20, used=0, remaining=20, period="DAY")


def test_what_was_paid_in_elsewhere_is_converted_into_the_limits_currency() -> None:
    world = World("", limits(rates=DOLLARS_AT_TWO_THIRDS))
    limit(world, DEPOSIT, 100)

    used_elsewhere(world, PAID, 100)  # 66.67 euros, so 67.

    assert pay_in(world, 34) == DepositLimit(100, used=67, remaining=33, period="DAY")
    assert pay_in(world, 33) is None


def test_a_limit_in_another_currency_holds_here() -> None:
    default_dollars = default(DEPOSIT, 100, code="USD")
    world = World("", limits(rates=DOLLARS_AT_TWO_THIRDS, defaults=(default_dollars,)))

    assert pay_in(world, 67) == DepositLimit(100, used=0, remaining=100, period="DAY")  # 100.5
    assert pay_in(world, 66) is None  # 99 dollars.
    assert pay_in(world, 1) == DepositLimit(100, used=99, remaining=1, period="DAY")  # 1.5


def test_the_tightest_is_that_which_leaves_least_in_the_wallets_currency() -> None:
    defaults = (default(DEPOSIT, 100, code="USD"), default(DEPOSIT, 90, WEEK))
    world = World("", limits(rates=DOLLARS_AT_TWO_THIRDS, defaults=defaults))

    # 100 dollars are 67 euros, rounded up.
    assert pay_in(world, 200) == DepositLimit(100, used=0, remaining=100, period="DAY")


def test_a_default_for_the_wallets_own_currency_takes_the_place_of_others() -> None:
    defaults = (default(DEPOSIT, 10, code="USD"), default(DEPOSIT, 90))
    world = World("", limits(defaults=defaults))

    assert pay_in(world, 91) == DepositLimit(90, used=0, remaining=90, period="DAY")
    assert pay_in(world, 90) is None


def test_without_a_rate_nothing_is_paid_in_that_needs_one() -> None:
    world = World("", limits())
    limit(world, DEPOSIT, 100)
    assert pay_in(world, 10) is None

    used_elsewhere(world, PAID, 1)

    assert pay_in(world, 10) == LimitRateMissing("USD", "EUR")


def test_a_limit_in_a_currency_without_rate_lets_nothing_in() -> None:
    world = World("", limits(defaults=(default(DEPOSIT, 100, code="USD"),)))

    assert pay_in(world, 10) == LimitRateMissing("EUR", "USD")


def test_a_rate_that_is_missing_is_told_before_any_limit_that_is_exceeded() -> None:
    defaults = (default(DEPOSIT, 5), default(DEPOSIT, 100, WEEK, "USD"))
    world = World("", limits(defaults=defaults))

    assert pay_in(world, 10) == LimitRateMissing("EUR", "USD")


def test_a_deposit_that_is_counted_already_is_counted_once() -> None:
    world = World()
    limit(world, DEPOSIT, 100)
    pay_in(world, 60)
    created = now_in(world)
    wait(world, hours=2)

    draft = draft_of(world)

    assert check_deposit(draft, 60, counted_since=created) is None
    assert check_deposit(draft, 60) == DepositLimit(100, used=60, remaining=40, period="DAY")
    count_deposit(draft, -60, created)
    count_deposit(draft, 60, draft.now)
    assert [slot.amount for slot in draft.player.usages[0].slots] == [60]
    assert draft.player.revision == world.wallet.player.revision + 1


def test_a_deposit_that_was_not_paid_gives_its_room_back() -> None:
    world = World()
    limit(world, DEPOSIT, 100)
    pay_in(world, 60)
    created = now_in(world)
    wait(world, hours=2)

    draft = draft_of(world)
    count_deposit(draft, -60, created)

    assert check_deposit(draft, 100) is None


def test_no_limit_counts_what_is_paid_in_all_the_same() -> None:
    world = World()

    assert pay_in(world, 10**15) is None

    assert counted(world, PAID) == 10**15


def test_automatic_approvals_are_counted_by_currency() -> None:
    world = World()
    draft = draft_of(world)
    kind = UsageKind.AUTO_APPROVAL
    hour = timedelta(hours=1)
    noon = draft.now

    assert used_since(draft.player, kind, "EUR", noon - 24 * hour) == 0
    count(draft, kind, 60, noon)
    draft.now = noon + 5 * hour
    count(draft, kind, 50, draft.now)

    assert used_since(draft.player, kind, "EUR", noon) == 110
    assert used_since(draft.player, kind, "EUR", noon + hour) == 50
    assert used_since(draft.player, kind, "USD", noon) == 0


def test_a_player_of_years_is_kept_as_hours_of_a_month() -> None:
    world = World()
    for _ in range(400):
        pay_in(world, 1)
        wait(world, hours=12)

    assert len(usage(world, PAID).slots) == 65  # Two a day in 32 days, and the present one.


def test_rules_of_limits_have_their_defaults() -> None:
    assert limits().limits == LimitRules()
