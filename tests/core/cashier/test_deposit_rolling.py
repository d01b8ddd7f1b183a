"""Deposits that must be wagered, where the wallet policy says so."""

from tests.core.promotions.promotions import PROMO_TOPOLOGY, PromoWorld
from tests.core.world import vector
from wallet_server.core.cashier.deposit import Deposit, deposit_key
from wallet_server.core.config.wallet_policy import WalletPolicy
from wallet_server.core.items import LIVE_ITEMS_MAX
from wallet_server.core.results import DepositResult
from wallet_server.core.rolling.requirement import (
    ReleaseMode,
    RequirementOrigin,
    RequirementState,
    RollingTerms,
)

ONCE = RollingTerms(multiplier_bp=10_000)


def test_a_deposit_opens_the_requirement_that_the_wallet_policy_asks_for() -> None:
    world = PromoWorld("", PROMO_TOPOLOGY, WalletPolicy(deposit_rolling=ONCE))

    assert world.deposit(100, "CN") == "APPLIED"
    assert world.posted == vector("CN +100, H:CASH -100")
    requirement = world.requirement("DEPOSIT:d1")
    assert (requirement.bucket, requirement.required) == ("CN", 100)
    assert requirement.state is RequirementState.ACTIVE
    assert (requirement.origin, requirement.origin_id) == (RequirementOrigin.DEPOSIT, "d1")
    deposit = world.wallet.items[deposit_key("d1")]
    assert isinstance(deposit, Deposit)
    assert deposit.requirement_id == "DEPOSIT:d1"
    assert world.answer.result == DepositResult("d1", "APPROVED", requirement_id="DEPOSIT:d1")


def test_each_deposit_has_a_requirement_of_its_own() -> None:
    world = PromoWorld("", PROMO_TOPOLOGY, WalletPolicy(deposit_rolling=ONCE))
    world.deposit(100)
    world.deposit(50, deposit_id="d2")

    assert world.requirement("DEPOSIT:d1").required == 100
    assert world.requirement("DEPOSIT:d2").required == 50


def test_a_deposit_that_is_known_opens_nothing() -> None:
    world = PromoWorld("", PROMO_TOPOLOGY, WalletPolicy(deposit_rolling=ONCE))
    world.deposit(100)
    before = world.wallet

    assert world.deposit(100) == "REPLAYED APPLIED"
    assert world.wallet == before


def test_without_such_a_wallet_policy_nothing_must_be_wagered() -> None:
    world = PromoWorld("", PROMO_TOPOLOGY)
    world.deposit(100)

    assert set(world.wallet.items) == {deposit_key("d1")}


def test_only_what_reaches_the_bucket_must_be_wagered() -> None:
    policy = WalletPolicy(deposit_rolling=ONCE, deposits_repay_debt=True)
    world = PromoWorld("DEBT -30", PROMO_TOPOLOGY, policy)

    assert world.deposit(20) == "APPLIED"
    assert world.balances == {"DEBT": -10}
    assert set(world.wallet.items) == {deposit_key("d1")}
    assert world.deposit(50, deposit_id="d2") == "APPLIED"
    assert world.balances == {"SN": 40}
    assert world.requirement("DEPOSIT:d2").required == 40


def test_wagering_of_nothing_is_done_at_once() -> None:
    terms = RollingTerms(0, release_target="WD", release_mode=ReleaseMode.AUTOMATIC)
    world = PromoWorld("", PROMO_TOPOLOGY, WalletPolicy(deposit_rolling=terms))

    world.deposit(100)

    assert world.balances == {"WD": 100}
    assert world.requirement("DEPOSIT:d1").state is RequirementState.RELEASED


def test_a_deposit_is_refused_where_its_requirement_has_no_place() -> None:
    world = PromoWorld("", PROMO_TOPOLOGY, WalletPolicy(deposit_rolling=ONCE))
    for i in range(LIVE_ITEMS_MAX):
        assert world.deposit(1, deposit_id=f"d{i}") == "APPLIED"

    assert world.deposit(1, deposit_id="more") == "ITEM_LIMIT"
    assert world.balances == {"SN": LIVE_ITEMS_MAX}
    assert deposit_key("more") not in world.wallet.items
