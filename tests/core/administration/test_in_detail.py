"""What callers and auditors see of administration, word by word and byte by byte."""

import struct
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest

from tests.core.administration.versions import ANNA, NOW, version
from tests.core.config.topologies import policy
from tests.core.rules import SPORTS, TOPOLOGY
from tests.core.world import START, World, eur
from wallet_server.core.accounts import bucket, coupon
from wallet_server.core.administration.chain import (
    GENESIS_HASH,
    Block,
    UnreadableContentsError,
    hash_of,
    head_of,
    read_contents,
    seal,
)
from wallet_server.core.administration.comparison import (
    RecordedBet,
    as_granted,
    asked_for,
    compare_bet,
    evaluation_of,
)
from wallet_server.core.administration.described_wallet import (
    WalletDescription,
    describe_wallet,
)
from wallet_server.core.administration.evaluation import Evaluation
from wallet_server.core.administration.tenant import TenantSettings
from wallet_server.core.administration.versions import update_version
from wallet_server.core.bets.context import BetContext
from wallet_server.core.commands import Amount, AuthorizeBet, GrantCoupon
from wallet_server.core.config.policy import RollingRules
from wallet_server.core.coupons.grant import CouponGrant, CouponState, CouponTerms
from wallet_server.core.ids import WalletRef
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.wallet import Wallet

CONTEXT = BetContext(odds_milli=1_500)


# --- The chain


def test_the_hash_of_a_block_is_of_all_that_it_says() -> None:
    block = seal(b"c", entries_count=2, records_count=3, previous=None, now=NOW)
    microseconds = int(NOW.timestamp()) * 1_000_000
    packed = struct.pack(
        ">hqiiq32s32s", block.chain, 1, 2, 3, microseconds, GENESIS_HASH, sha256(b"c").digest()
    )

    prefix = b"wallet-server chain block 1\0"
    assert block.block_hash == hash_of(block) == sha256(prefix + packed).digest()
    later = replace(block, seal_time=NOW + timedelta(microseconds=1))
    assert hash_of(later) != hash_of(block)


def test_a_block_is_kept_in_mind_with_who_signed_it() -> None:
    block = Block(7, 9, NOW, 1, 2, b"c", b"p", b"h", b"own", "key-1", b"signed")

    head = head_of(block)

    assert (head.chain, head.number, head.block_hash, head.seal_time) == (7, 9, b"own", NOW)
    assert (head.key_id, head.signature) == ("key-1", b"signed")


@pytest.mark.parametrize(
    ("contents", "message"),
    [(b"\2\0\0\0\0", "version 2 is unknown"), (b"\1\0\0\0\1", "there are no 1 ranges")],
)
def test_contents_that_are_not_ours_say_what_is_wrong(contents: bytes, message: str) -> None:
    with pytest.raises(UnreadableContentsError, match=message):
        read_contents(contents)


# --- Bets that policies are tried on


def recorded(rules: RollingRules, **more: object) -> RecordedBet:
    """Returns a bet that was placed under some rules of rolling, and its wallet before."""
    world = World("SB 20, SN 100", replace(SPORTS, rolling=rules))
    before = world.wallet
    world.authorize(100, "b1")
    return RecordedBet(replace(world.bet("b1"), **more), before)


@pytest.mark.parametrize(
    ("odds_milli_min", "weight_bp"), [(None, 2_500), (1_500, 2_500), (1_501, 0)]
)
def test_what_a_bet_counted_is_told_by_the_rules_and_its_context(
    odds_milli_min: int | None, weight_bp: int
) -> None:
    rules = RollingRules(weight_bp=2_500, odds_milli_min=odds_milli_min)
    bet = recorded(rules, context=CONTEXT).bet

    assert evaluation_of(bet) == Evaluation(bet.lines, weight_bp=weight_bp)


def test_a_comparison_names_the_bet_and_its_currency() -> None:
    placed = recorded(RollingRules(), context=CONTEXT)

    comparison = compare_bet(placed, SPORTS, TOPOLOGY)

    assert (comparison.bet, comparison.currency_code) == (placed.bet, "EUR")
    assert comparison.was == evaluation_of(placed.bet)


def test_a_bet_that_no_policy_decided_is_compared_with_itself() -> None:
    world = World("SN 100", SPORTS, status=AccountStatus.SELF_EXCLUDED)
    before = world.wallet
    world.authorize(100, "b1")
    bet = world.bet("b1")

    comparison = compare_bet(RecordedBet(bet, before), SPORTS, TOPOLOGY)

    assert (comparison.bet, comparison.currency_code) == (bet, "EUR")
    assert comparison.was == comparison.would_be == Evaluation(refusal=bet.refusal)


def test_what_was_asked_for_is_all_that_a_bet_keeps_of_it() -> None:
    bet = recorded(
        RollingRules(),
        round_ref="r7",
        selected_source="CASH",
        coupon_grant_id="C1",
        free_round=True,
        context=CONTEXT,
    ).bet

    assert asked_for(bet, "EUR") == AuthorizeBet(
        bet.key,
        Amount("EUR", 100),
        round_ref="r7",
        selected_source="CASH",
        coupon_grant_id="C1",
        free_round=True,
        context=CONTEXT,
    )


def grant(**more: object) -> CouponGrant:
    """Returns a grant that was used up."""
    return CouponGrant(
        *("C1", CouponState.EXHAUSTED, 10, START, START + timedelta(days=1), CouponTerms("SN")),
        *(1, 5, START, 3),
        **more,  # pyright: ignore[reportArgumentType]
    )


def test_a_grant_is_as_nobody_had_used_it_for_as_long_as_it_was_granted() -> None:
    until = START + timedelta(days=9)

    assert as_granted(grant(), START) == replace(grant(), state=CouponState.ACTIVE, uses=0)
    assert as_granted(grant(granted_until=until), START) == replace(
        grant(granted_until=until), state=CouponState.ACTIVE, uses=0, valid_until=until
    )


def test_a_grant_that_got_something_back_later_is_good_for_its_grace() -> None:
    until = START + timedelta(hours=1)
    known = grant(granted_until=until)
    just_before = until - timedelta(microseconds=1)

    assert as_granted(known, just_before) == replace(
        known, state=CouponState.ACTIVE, uses=0, valid_until=until
    )
    assert as_granted(known, until) == replace(known, state=CouponState.ACTIVE, uses=0)


def test_a_wallet_that_is_described_is_nobodys_and_has_what_is_said() -> None:
    given = GrantCoupon("C1", eur(30), START + timedelta(days=1), CouponTerms("SN"))
    later = replace(given, grant_id="C2", valid_from=START + timedelta(hours=1))
    description = WalletDescription("EUR", {"SN": eur(7)}, (given, later), frozenset({"SB"}))

    wallet = describe_wallet("demo", description, TOPOLOGY, START)

    first = CouponGrant(
        *("C1", CouponState.ACTIVE, 30, START, given.valid_until, given.terms, 0, 1, START)
    )
    second = replace(first, grant_id="C2", valid_from=START + timedelta(hours=1))
    assert wallet == Wallet(
        ref=WalletRef("demo", "", "EUR"),
        sequence=1,
        create_time=START,
        update_time=START,
        balances={bucket("SN"): 7, coupon("C1"): 30, coupon("C2"): 30},
        frozen_buckets=frozenset({"SB"}),
        items={first.key: first, second.key: second},
    )


# --- Versions


def test_a_draft_that_is_edited_is_what_its_new_text_says() -> None:
    draft = replace(version(policy()), source="# old\n", approver="bert", comment="old")

    edited = update_version(draft, ANNA, "3", policy(), TenantSettings(), now=NOW, source="# new\n")

    assert edited == replace(
        draft, revision=4, update_time=NOW, source="# new\n", approver="", comment="because"
    )
