"""Random rules for play: policies, profiles and transfer edges that are valid together."""

from dataclasses import replace
from random import Random

from wallet_server.core.config.policy import (
    COUPON_SLOT,
    AutoOrder,
    BreachAction,
    CouponRules,
    Destinations,
    PlayerSelected,
    Policy,
    Proportional,
    RollingRules,
    SourceDestinations,
    WeightedSource,
    WinDestination,
)
from wallet_server.core.config.provider_profile import (
    CorrectionShortfall,
    DeclinedRetry,
    PayoutBasis,
    ProviderProfile,
)
from wallet_server.core.config.topology import (
    OWN_MONEY,
    RollingInheritance,
    Topology,
    TransferEdge,
)
from wallet_server.core.rolling.requirement import ReleaseMode, RollingTerms
from wallet_server.core.rounds.win import WinKind
from wallet_server.shapes import load_shape

HOUR = 3600
DAY = 24 * HOUR
OWN_CODES = frozenset(
    each.code
    for shape in ("ruby", "booking")
    for document in load_shape(shape)
    if isinstance(document, Topology)
    for each in document.buckets
    if each.bucket_class in OWN_MONEY
)


def draw_policy(random: Random, old: Policy, codes: list[str]) -> Policy:
    """Draws another policy of the same provider type, over buckets of the wallet's currency."""
    sources = random.sample(codes, random.randint(1, len(codes)))
    weights = tuple(WeightedSource(s, random.choice([0, 1, 3])) for s in sources)
    mode = old.funding_mode
    if not isinstance(mode, PlayerSelected):
        if random.random() < 0.7:
            sources.insert(random.randint(0, len(sources)), COUPON_SLOT)
        mode = random.choice(
            [AutoOrder(tuple(sources)), AutoOrder(tuple(sources)), Proportional(weights)]
        )
    plans = tuple(SourceDestinations(code, draw_plan(random, code, codes)) for code in codes)
    return Policy(
        old.provider_type,
        mode,
        plans,
        max_stake_with_bonus=random.choice([None, None, None, 20]),
        breach_action=random.choice(list(BreachAction)),
        coupons=CouponRules(random.choice([0, 1, 1, 1, 2])),
        rolling=draw_rolling_rules(random),
        win_destinations=draw_win_destinations(random, codes),
        product=random.choice([old.product, old.product, old.product, ""]),
    )


def draw_plan(random: Random, code: str, codes: list[str]) -> Destinations:
    stake = random.choice([code, code, None, random.choice(codes)])
    profit = random.choice([code, random.choice(codes)])
    return Destinations(stake, profit, random.choice([None, None, 0, 25]))


def draw_rolling_rules(random: Random) -> RollingRules:
    return RollingRules(
        weight_bp=random.choice([0, 3_333, 10_000, 10_000, 10_000]),
        odds_milli_min=random.choice([None, None, 1_500]),
        excluded_game_ids=random.choice([(), (), ("game-1",)]),
        counts_cash_outs=random.random() < 0.5,
        parallel=random.random() < 0.3,
    )


def draw_win_destinations(random: Random, codes: list[str]) -> tuple[WinDestination, ...]:
    """Draws where wins without a bet go; now and then one kind has no place to go."""
    kinds = [k for k in WinKind if k is not WinKind.ROUND and random.random() < 0.9]
    return tuple(
        WinDestination(
            kind,
            random.choice(codes),
            draw_terms(random, codes) if random.random() < 0.3 else None,
        )
        for kind in kinds
    )


def draw_terms(random: Random, codes: list[str]) -> RollingTerms:
    """Draws what a requirement asks, small enough to be fulfilled now and then.

    Now and then it would release to what is not the player's own money.
    """
    own = [code for code in codes if code in OWN_CODES]
    return RollingTerms(
        multiplier_bp=random.choice([1_000, 3_333, 3_333, 10_000, 30_000, 150_000]),
        release_target=random.choice(["", *own, *own, random.choice(codes)]),
        conversion_cap=random.choice([None, None, 15, 60]),
        release_mode=random.choice(list(ReleaseMode)),
        group_wide=random.random() < 0.3,
        provider_types=random.choice([(), (), (), ("SPORTS",), ("SLOTS", "LIVE")]),
        expires_after_seconds=random.choice([None, None, 2 * HOUR, 5 * DAY]),
    )


def draw_profile(random: Random, old: ProviderProfile) -> ProviderProfile:
    """Draws another profile of the same provider."""
    return ProviderProfile(
        old.provider_id,
        old.provider_type,
        payout_basis=random.choice(list(PayoutBasis)),
        rollback_after_settle=random.random() < 0.7,
        correction_shortfall=random.choice(list(CorrectionShortfall)),
        declined_retry=random.choice(list(DeclinedRetry)),
        win_window_seconds=random.choice([0, 60, 2 * HOUR, 72 * HOUR]),
        implicit_close_seconds=random.choice([None, 100, 2 * HOUR]),
        reopens_rounds=random.random() < 0.3,
        free_round_summary_moves_money=random.random() < 0.3,
    )


def draw_edges(random: Random, topology: Topology) -> Topology:
    """Draws other transfer edges between the same buckets, with rates that come out whole."""
    edges = [
        draw_edge(random, source.code, target.code, same=source.asset_code == target.asset_code)
        for source in topology.buckets
        for target in topology.buckets
        if source.code != target.code and random.random() < 0.5
    ]
    return replace(topology, transfer_edges=tuple(edges))


def draw_edge(random: Random, source: str, target: str, *, same: bool) -> TransferEdge:
    multiple = random.choice([1, 1, 5])
    denominator = 1 if same else multiple
    return TransferEdge(
        source,
        target,
        enabled=random.random() < 0.9,
        rate_numerator=1 if same else random.choice([1, 2]),
        rate_denominator=denominator,
        minimum=random.choice([1, 1, 10]),
        multiple_of=multiple,
        daily_cap=random.choice([None, None, 50]),
        rolling_inheritance=random.choice(list(RollingInheritance)),
        opens_rolling_bp=random.choice([0, 0, 0, 10_000, 20_000]),
    )
