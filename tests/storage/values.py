"""Values of every shape that the hot path stores, for property tests."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from wallet_server.core.accounts import Account, bucket, coupon, debt, open_stake
from wallet_server.core.answer import AccountChange, Answer, PostedEntry
from wallet_server.core.bets.bet import (
    Bet,
    BetState,
    CouponLine,
    FundingLine,
    Portion,
    ResultOrdering,
    Snapshot,
)
from wallet_server.core.bets.context import NO_CONTEXT, BetContext
from wallet_server.core.cashier.deposit import Deposit, DepositState, Reversal, ReversalKind
from wallet_server.core.config.policy import Destinations, RollingRules
from wallet_server.core.config.provider_profile import CorrectionShortfall, PayoutBasis
from wallet_server.core.config.wallet_policy import RecoveryScope
from wallet_server.core.coupons.grant import VoidBehavior
from wallet_server.core.decision import Outcome
from wallet_server.core.entry import Move
from wallet_server.core.ids import BetKey
from wallet_server.core.players.limit import Limit, LimitKind, LimitPeriod, PendingLimit
from wallet_server.core.players.player import Player
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.players.usage import Slot, Usage, UsageKind
from wallet_server.core.refusals import Refusal
from wallet_server.core.refusals.registry import REFUSALS
from wallet_server.core.rolling.requirement import Contribution

INT64_MAX = 2**63 - 1
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# All that Postgres can store as text: neither NUL nor half a surrogate pair.
TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20
) | st.sampled_from(['"', "\\", '\\"', "{}", "NULL", "a,b", " ", "", "'", "ü€😀"])
NAMES = TEXTS.filter(bool)
AMOUNTS = st.integers(0, INT64_MAX)
POSITIVE = st.integers(1, INT64_MAX)
TIMES = st.integers(0, 2 * 10**17).map(
    lambda microseconds: EPOCH + timedelta(microseconds=microseconds)
)
ACCOUNTS = NAMES.map(bucket) | NAMES.map(open_stake)


RECORDED = [kind for kind in REFUSALS if kind.recorded]


@st.composite
def refusals(draw: st.DrawFn) -> Refusal:
    """Draws a refusal of any kind that wallets record."""
    kind = draw(st.sampled_from(RECORDED))
    facts: dict[str, Any] = {
        field.name: draw(TEXTS if field.type in ("str", str) else st.integers(0, INT64_MAX))
        for field in fields(kind)
    }
    return kind(**facts)


DESTINATIONS = st.builds(
    Destinations,
    stake_target=st.none() | NAMES,
    profit_target=NAMES,
    profit_cap=st.none() | AMOUNTS,
)
BUCKET_LINES = st.builds(FundingLine, source=NAMES, amount=AMOUNTS, destinations=DESTINATIONS)
COUPON_LINES = st.builds(
    FundingLine,
    source=NAMES.map(coupon),
    amount=AMOUNTS,
    destinations=DESTINATIONS,
    coupon=st.builds(
        CouponLine,
        void_behavior=st.sampled_from(VoidBehavior),
        cash_out_allowed=st.booleans(),
        remainder=AMOUNTS,
    ),
)
LINES = BUCKET_LINES | COUPON_LINES
CONTEXTS = st.builds(
    BetContext,
    game_id=TEXTS,
    sport=TEXTS,
    competition=TEXTS,
    bet_type=TEXTS,
    legs=st.none() | AMOUNTS,
    odds_milli=st.none() | AMOUNTS,
)
ROLLING_RULES = st.builds(
    RollingRules,
    weight_bp=st.just(10_000) | st.integers(0, 10_000),
    odds_milli_min=st.none() | st.integers(1_000, 9_000),
    excluded_game_ids=st.lists(NAMES, max_size=2).map(tuple),
    counts_cash_outs=st.booleans(),
    parallel=st.booleans(),
)
SNAPSHOTS = st.builds(
    Snapshot,
    topology_version=POSITIVE,
    wallet_policy_version=POSITIVE,
    policy_version=POSITIVE,
    profile_version=POSITIVE,
    provider_type=NAMES,
    payout_basis=st.sampled_from(PayoutBasis),
    rollback_after_settle=st.booleans(),
    correction_shortfall=st.sampled_from(CorrectionShortfall),
    recovery_scope=st.sampled_from(RecoveryScope),
    recovery_order=st.lists(NAMES, max_size=4).map(tuple),
    rolling=ROLLING_RULES,
    coupon_grace_seconds=st.just(259_200) | st.integers(0, 1_000_000),
)


def portions_of(lines: tuple[FundingLine, ...]) -> st.SearchStrategy[tuple[Portion, ...]]:
    """Draws portions of a bet, with a share of each line."""
    count = len(lines)
    portion = st.builds(
        Portion,
        portion_ref=TEXTS,
        stake_shares=st.lists(AMOUNTS, min_size=count, max_size=count).map(tuple),
        result_version=POSITIVE,
        payout=AMOUNTS,
        refund=AMOUNTS,
        is_cash_out=st.booleans(),
    )
    return st.lists(portion, max_size=3).map(tuple)


CONTRIBUTIONS = st.builds(
    Contribution, line=st.integers(0, 9), requirement_id=NAMES, counted=AMOUNTS
)
MOVES = st.builds(Move, source=ACCOUNTS, target=ACCOUNTS, amount=AMOUNTS)
UNPLACED = (BetState.DECLINED, BetState.TOMBSTONED)
NAMED: dict[str, Any] = {
    "key": st.builds(BetKey, NAMES, NAMES),
    "sequence": POSITIVE,
    "create_time": TIMES,
    "revision": POSITIVE,
    "round_ref": TEXTS,
    "selected_source": TEXTS,
    "stake": AMOUNTS,
    "coupon_grant_id": TEXTS,
    "free_round": st.booleans(),
    "context": st.just(NO_CONTEXT) | CONTEXTS,
}


def placed_bets(lines: tuple[FundingLine, ...]) -> st.SearchStrategy[Bet]:
    """Draws bets that took their stake by some lines."""
    return st.builds(
        Bet,
        **NAMED,
        state=st.sampled_from([state for state in BetState if state not in UNPLACED]),
        lines=st.just(lines),
        snapshot=SNAPSHOTS,
        portions=portions_of(lines),
        unsettled_versions=st.dictionaries(TEXTS, POSITIVE, max_size=3),
        substitutions=st.lists(MOVES, max_size=3).map(tuple),
        contributions=st.lists(CONTRIBUTIONS, max_size=3).map(tuple),
        replanned=st.dictionaries(NAMES, NAMES, max_size=2),
        orderings=st.dictionaries(TEXTS, st.sampled_from(ResultOrdering), max_size=2),
    )


BETS = (
    st.lists(LINES, max_size=3).map(tuple).flatmap(placed_bets)
    | st.builds(Bet, **NAMED, state=st.just(BetState.DECLINED), refusal=refusals())
    | st.builds(Bet, **NAMED, state=st.just(BetState.TOMBSTONED))
)
DEPOSITS = st.builds(
    Deposit,
    deposit_id=NAMES,
    state=st.sampled_from(DepositState),
    bucket=NAMES,
    asset_code=NAMES,
    amount=POSITIVE,
    sequence=POSITIVE,
    create_time=TIMES,
    method=TEXTS,
    withdrawal_id=TEXTS,
    approve_time=st.none() | TIMES,
    approve_sequence=AMOUNTS,
    expire_time=st.none() | TIMES,
    suspended=st.booleans(),
    reversals=st.lists(
        st.builds(Reversal, NAMES, POSITIVE, st.sampled_from(ReversalKind), AMOUNTS), max_size=2
    ).map(tuple),
    reason_code=TEXTS,
    requirement_id=TEXTS,
    revision=POSITIVE,
)
PENDING_LIMITS = st.builds(PendingLimit, st.none() | AMOUNTS, NAMES, TIMES, TIMES)
LIMITS = st.builds(
    Limit,
    st.sampled_from(LimitKind),
    st.sampled_from(LimitPeriod),
    AMOUNTS,
    NAMES,
    TIMES,
    st.none() | PENDING_LIMITS,
)
USAGES = st.builds(
    Usage,
    st.sampled_from(UsageKind),
    NAMES,
    st.lists(st.builds(Slot, TIMES, st.integers(-INT64_MAX, INT64_MAX)), max_size=3).map(tuple),
    AMOUNTS,
)
PLAYERS = st.builds(
    Player,
    st.sampled_from(AccountStatus),
    st.lists(LIMITS, max_size=2).map(tuple),
    st.lists(USAGES, max_size=2).map(tuple),
    POSITIVE,
)
BALANCES = st.dictionaries(ACCOUNTS, POSITIVE, max_size=5)
DEBTS = st.dictionaries(NAMES.map(debt), st.integers(-INT64_MAX - 1, -1), max_size=2)


@st.composite
def changes(draw: st.DrawFn) -> tuple[AccountChange, ...]:
    """Draws the changes of an entry: they add up to zero, and the house has no balance."""
    accounts = draw(st.lists(ACCOUNTS, min_size=1, max_size=4, unique=True))
    amounts = [draw(st.integers(1, 10**15)) for _ in accounts]
    player = [AccountChange(a, c, draw(AMOUNTS)) for a, c in zip(accounts, amounts, strict=True)]
    return (*player, AccountChange(Account("H:CASH"), -sum(amounts), None))


@st.composite
def answers(draw: st.DrawFn, *, request_id: str, sequence: int, correlation_id: str) -> Answer:
    """Draws an answer: an outcome with entries, or a refusal."""
    answer_time = draw(TIMES)
    named: dict[str, Any] = {
        "request_id": request_id,
        "sequence": sequence,
        "command": draw(NAMES),
        "fingerprint": draw(st.binary(min_size=1, max_size=17)),
        "answer_time": answer_time,
        "bet": draw(st.none() | BETS),
    }
    refusal = draw(st.none() | refusals())
    if refusal is not None:
        return Answer(**named, refusal=refusal)
    entries = tuple(
        PostedEntry(
            sequence=sequence,
            ordinal=ordinal,
            asset_code=draw(NAMES),
            changes=draw(changes()),
            entry_time=answer_time,
            request_id=request_id,
            command=named["command"],
            provider_id=draw(TEXTS),
            bet_ref=draw(TEXTS),
            correlation_id=correlation_id,
        )
        for ordinal in range(draw(st.integers(0, 2)))
    )
    return Answer(**named, outcome=draw(st.sampled_from(Outcome)), entries=entries)
