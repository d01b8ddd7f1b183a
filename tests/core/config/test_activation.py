"""What applying documents comes to, and what bets keep of the versions that are active."""

from dataclasses import replace

from tests.core.config.topologies import REMOVE, found, policy, topology
from wallet_server.core.administration.circumstances import References
from wallet_server.core.administration.usage import Usage, UsageKey, UsageKind
from wallet_server.core.config.activation import PlannedVersion, Standing, plan_activation
from wallet_server.core.config.configuration import Configuration, Versioned, take_snapshot
from wallet_server.core.config.documents import Document
from wallet_server.core.config.policy import RollingRules
from wallet_server.core.config.problem import Problem
from wallet_server.core.config.provider_profile import (
    CorrectionShortfall,
    PayoutBasis,
    ProviderProfile,
)
from wallet_server.core.config.snapshot import Snapshot
from wallet_server.core.config.wallet_policy import RecoveryScope, WalletPolicy

PROFILE = ProviderProfile("acme", "GAMES")
ALL: tuple[Document, ...] = (topology(), WalletPolicy(), policy(), PROFILE)
TITLES = ("Topology", "WalletPolicy", "Policy GAMES", "ProviderProfile acme")


def active(*documents: Document) -> list[Versioned[Document]]:
    """Returns documents that are active: the first as version 5, the next as 6, and so on."""
    return [Versioned(version, each) for version, each in enumerate(documents, start=5)]


def planned(plan: tuple[PlannedVersion, ...] | list[Problem]) -> list[tuple[str, int, bool]]:
    """Returns the titles and versions of a plan, and which are new."""
    assert isinstance(plan, tuple), plan
    return [(each.title, each.document.version, each.is_new) for each in plan]


def problems(plan: tuple[PlannedVersion, ...] | list[Problem]) -> list[tuple[str, str]]:
    assert isinstance(plan, list), plan
    return found(plan)


def test_the_first_documents_are_version_one() -> None:
    plan = plan_activation(Standing(), ALL)

    assert planned(plan) == [(title, 1, True) for title in TITLES]
    assert isinstance(plan, tuple)
    assert [each.document.value for each in plan] == list(ALL)


def test_what_says_the_same_stays_as_it_is() -> None:
    plan = plan_activation(Standing(active(*ALL)), ALL)

    assert planned(plan) == [
        (title, version, False) for version, title in enumerate(TITLES, start=5)
    ]
    assert isinstance(plan, tuple)
    assert [each.document for each in plan] == active(*ALL)


def test_what_says_something_else_gets_the_next_version() -> None:
    other = replace(PROFILE, win_window_seconds=9)

    plan = plan_activation(Standing(active(*ALL)), [policy(), other])

    assert planned(plan) == [("Policy GAMES", 7, False), ("ProviderProfile acme", 9, True)]
    assert isinstance(plan, tuple)
    assert plan[1].document.value == other


def test_what_is_not_proposed_is_judged_as_it_is_active() -> None:
    assert problems(plan_activation(Standing(), [policy(), PROFILE])) == [
        ("Topology", "MISSING_DOCUMENT"),
        ("WalletPolicy", "MISSING_DOCUMENT"),
    ]
    assert planned(plan_activation(Standing(active(*ALL[:3])), [PROFILE])) == [
        ("ProviderProfile acme", 1, True)
    ]
    other = replace(PROFILE, provider_type="SLOTS")
    assert problems(plan_activation(Standing(active(*ALL)), [other])) == [
        ("ProviderProfile acme: provider_type", "POLICY_MISSING")
    ]


def test_a_document_is_proposed_once() -> None:
    assert problems(plan_activation(Standing(active(*ALL)), [PROFILE, PROFILE])) == [
        ("ProviderProfile acme", "DUPLICATE")
    ]


def test_a_topology_may_follow_the_active_one() -> None:
    renamed = topology(("buckets.1.display_name", "Gift"))
    other = topology(("assets.0.exponent", 3))

    assert planned(plan_activation(Standing(active(*ALL)), [renamed])) == [("Topology", 6, True)]
    assert problems(plan_activation(Standing(active(*ALL)), [PROFILE, other])) == [
        ("Topology: assets[0].exponent", "ASSET_ATTRIBUTE_IMMUTABLE")
    ]
    assert planned(plan_activation(Standing(), [PROFILE, other, *ALL[1:3]]))[1] == (
        "Topology",
        1,
        True,
    )


def test_a_bucket_goes_only_if_nothing_is_left_that_refers_to_it() -> None:
    """What applying is held to is what activating a topology by itself is."""
    without = topology(
        ("buckets.1", REMOVE), ("retired_buckets.1", {"code": "gift", "successor": "own"})
    )
    rules = policy(("auto_order.order", ["own"]), ("destinations.0", REMOVE))
    usage = {UsageKey("demo", "gift", UsageKind.BALANCE, "EUR"): Usage(2, 140)}
    scheduled = [Versioned[Document](9, policy())]
    counted = Standing(active(*ALL), references=References(is_counted=True))
    in_use = replace(
        counted, scheduled=scheduled, references=References(is_counted=True, usage=usage)
    )

    assert planned(plan_activation(counted, [without, rules])) == [
        ("Topology", 6, True),
        ("Policy GAMES", 8, True),
    ]
    assert problems(plan_activation(Standing(active(*ALL)), [without, rules])) == [
        ("Topology: buckets", "USAGE_NOT_COUNTED")
    ]
    assert problems(plan_activation(in_use, [without, rules])) == [
        ("Topology: buckets", "POLICY_REFERENCE"),
        ("Topology: buckets", "NONZERO_BALANCE"),
    ]


def test_a_code_that_was_retired_once_does_not_come_back() -> None:
    standing = Standing(active(*ALL), retired_codes=frozenset({"fee"}))
    more = topology(("buckets.4", {"code": "fee", "wallet_group": "club", "bucket_class": "CASH"}))

    assert problems(plan_activation(standing, [more])) == [
        ("Topology: buckets[4].code", "RETIRED_CODE_REUSED")
    ]


def test_a_version_is_numbered_after_all_of_its_key_whatever_became_of_them() -> None:
    other = replace(PROFILE, win_window_seconds=9)
    latest = {"ProviderProfile acme": 12, "Policy GAMES": 99}

    plan = plan_activation(Standing(active(*ALL), latest=latest), [other])

    assert planned(plan) == [("ProviderProfile acme", 13, True)]


def test_a_bet_keeps_the_rules_it_is_placed_under() -> None:
    profile = replace(
        PROFILE,
        payout_basis=PayoutBasis.NET_OF_FREEBET,
        rollback_after_settle=True,
        correction_shortfall=CorrectionShortfall.REJECT,
    )
    rules = replace(policy(), rolling=RollingRules(weight_bp=5_000))
    wallet_policy = WalletPolicy(recovery_scope=RecoveryScope.GROUP, coupon_grace_seconds=3_600)
    configuration = Configuration(
        "demo",
        1,
        Versioned(2, topology()),
        Versioned(3, wallet_policy),
        {"GAMES": Versioned(4, rules)},
        {"acme": Versioned(5, profile)},
    )
    snapshot = Snapshot(
        topology_version=2,
        wallet_policy_version=3,
        policy_version=4,
        profile_version=5,
        provider_type="GAMES",
        payout_basis=PayoutBasis.NET_OF_FREEBET,
        rollback_after_settle=True,
        correction_shortfall=CorrectionShortfall.REJECT,
        recovery_scope=RecoveryScope.GROUP,
        recovery_order=("own", "free"),
        rolling=RollingRules(weight_bp=5_000),
        coupon_grace_seconds=3_600,
    )

    taken = take_snapshot(
        configuration.profiles["acme"], configuration.policies["GAMES"], configuration
    )

    assert taken == snapshot
    terms = configuration.terms_by_provider
    assert list(terms) == ["acme"]
    assert terms["acme"].snapshot == snapshot


def test_a_provider_whose_type_has_no_policy_has_no_terms() -> None:
    configuration = Configuration(
        "demo",
        1,
        Versioned(2, topology()),
        Versioned(3, WalletPolicy()),
        profiles={"acme": Versioned(5, PROFILE)},
    )

    assert configuration.terms_by_provider == {}


def test_points_have_their_asset_and_money_the_wallets_and_codes_live_on() -> None:
    shape = topology()

    assert shape.bucket_by_code["stars"].asset_in("EUR") == "PTS"
    assert shape.bucket_by_code["own"].asset_in("EUR") == "EUR"
    assert shape.live_code("own") == "own"
    assert shape.live_code("old") == "own"
    assert shape.live_code("none") == "none"
