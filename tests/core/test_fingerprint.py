"""Whether two commands are the same.

The values here are stored beside answers that hold for ever: one that changes turns
yesterday's retry into a mismatch.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from hashlib import blake2b
from typing import cast

import pytest

from wallet_server.core.batch import Task
from wallet_server.core.bets.bet import ResultKind
from wallet_server.core.bets.context import BetContext
from wallet_server.core.canonical import canonical_form
from wallet_server.core.commands import (
    COMMANDS,
    AdjustBalance,
    Amount,
    ApproveDeposit,
    AuthorizeBet,
    CancelRolling,
    CashOutBet,
    CloseRound,
    Command,
    CompleteRolling,
    CreditPromotion,
    CreditWin,
    ExpireCoupons,
    ForfeitBonus,
    GrantCoupon,
    OpenWallet,
    PlayRound,
    ReleaseSuspense,
    ReversePromotion,
    RevokeCoupon,
    RollbackRound,
    RollbackTransaction,
    RoundBet,
    RoundWin,
    SettleBet,
    TransferFunds,
    UnsettleBet,
)
from wallet_server.core.coupons.grant import CouponRestrictions, CouponTerms, UseMode
from wallet_server.core.fingerprint import fingerprint, is_same
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.promotions.promotion import PromotionKind, ReversalMode
from wallet_server.core.rolling.requirement import ReleaseMode, RollingTerms
from wallet_server.core.rounds.win import WinKind

BET = BetKey("acme-sports", "b1")
WIN = BetKey("acme-sports", "w1")
EUR = Amount("EUR", 100)
UNTIL = datetime(2026, 12, 31, 23, 59, 59, 500_000, tzinfo=timezone(timedelta(hours=2)))
CONTEXT = BetContext("g1", "football", "cup", "single", 1, 1_500)
COUPON_TERMS = CouponTerms(
    "sports_normal",
    use_mode=UseMode.REQUIRE_FULL,
    restrictions=CouponRestrictions(provider_types=("SPORTS",), odds_milli_min=1_500),
)
ROLLING = RollingTerms(50_000, "withdrawable", 100, ReleaseMode.AUTOMATIC)

GOLDEN: list[tuple[Command, str]] = [
    (OpenWallet(), "015a748bcda43fe42bd51fa304fd9d8c6b"),
    (ApproveDeposit("d1", "sports_normal", EUR), "011c8d6a79814b27556b08b5c4ef96b7b0"),
    (
        AdjustBalance("sports_normal", Amount("EUR", -100), "GOODWILL"),
        "0164df9fd12df80809c96ecb2e9e65de8d",
    ),
    (
        AdjustBalance("sports_normal", EUR, "GOODWILL", "sorry, Zoë"),
        "012f09ca7cd725832f6ebaccd28d84aa7f",
    ),
    (AuthorizeBet(BET, EUR), "01f8a19a541e8c8cfff9ff327689b4fa91"),
    (
        AuthorizeBet(BET, EUR, round_ref="r1", selected_source="CASINO_BONUS"),
        "01946901f2f149b4d1d8c15bcd845cdb0a",
    ),
    (SettleBet(BET, 1, Amount("EUR", 0)), "017774fad3312f026d9b0d29d3baaa7527"),
    (
        SettleBet(BET, 2, EUR, "leg-1", EUR, Amount("EUR", 0), ResultKind.WON),
        "01bae080ef2f76cb7f99b18065df1e2724",
    ),
    (UnsettleBet(BET, 3), "01f0563b2f1385f1a443db381a2722652a"),
    (UnsettleBet(BET, 3, ("", "leg-1")), "013c8c76e8c2af7a0236e7848e3c6bbb1b"),
    (RollbackTransaction(BET), "015d5d5ca091ecfdaf06e58475104e6df2"),
    (RollbackTransaction(BET, EUR), "01c447d1932fe33766a003d3d01ad251c2"),
    (
        AuthorizeBet(BET, EUR, coupon_grant_id="c1", free_round=True, context=CONTEXT),
        "01b0ae4791a7abb8627c4ab7d7b2c73a0d",
    ),
    (CashOutBet(BET, WIN, EUR), "01d17bada924b7f4423d6eeca72b07f97b"),
    (CashOutBet(BET, WIN, EUR, EUR), "0185690df0c7f6a1673f685aa92c902528"),
    (CreditWin(WIN, EUR, round_ref="r1"), "019957e37cdd884325ff593e04448a5b46"),
    (
        CreditWin(WIN, EUR, WinKind.JACKPOT, bet_ref="b1", pool="mega", summary=True),
        "0179eecc12d463882ea4a9869d55132d31",
    ),
    (CloseRound("lucky-slots", "r1"), "01f70b6a1872d760c24e939c5fc1ccec9f"),
    (
        PlayRound("lucky-slots", "r1", (RoundBet("b1", EUR),), (RoundWin("w1", EUR),)),
        "0178099aeb915f687740d41318df941635",
    ),
    (RollbackRound("lucky-slots", "r1", ("b1", "w1")), "01a256b3ea4fc8ed26aea0dbd41ad988ac"),
    (ReleaseSuspense(WIN, credit=True, reason_code="LATE"), "0172fe57db097dd4992a6b65f400294a76"),
    (
        GrantCoupon("c1", EUR, UNTIL, CouponTerms("sports_normal")),
        "0188e590389379aa404cd787fd3148793b",
    ),
    (GrantCoupon("c1", EUR, UNTIL, COUPON_TERMS, UNTIL), "01f0a0d607ffde2007daef6a268a1b9ea8"),
    (
        GrantCoupon(
            "c1", EUR, UNTIL, CouponTerms("sports_normal"), qualifying_provider_types=("SPORTS",)
        ),
        "0193df1026ee5e130902e34632417fa2dc",
    ),
    (RevokeCoupon("c1", "ABUSE", forfeit=True), "01d840f1bf8a3a4e7285b9b0192a9e783b"),
    (ExpireCoupons("c1"), "01e43799bdc7d636c67e682db5e9129f64"),
    (
        CreditPromotion("p1", "points", EUR, PromotionKind.CASHBACK),
        "01de3d9d8f86738fafd4bc0c02fce31025",
    ),
    (
        CreditPromotion(
            "p1", "sports_bonus", EUR, rolling=ROLLING, qualifying_provider_types=("SPORTS",)
        ),
        "01308c8a6f8b7a63d5b79a0597c3061781",
    ),
    (ReversePromotion("p1", ReversalMode.DEBT, "FRAUD"), "016925ced62ebd4356fd26dedddb1ec5f3"),
    (ForfeitBonus("sports_bonus", "ASKED"), "01e5afef3d8f84b3ae727a99c4c62b5539"),
    (TransferFunds("sports_normal", "casino_normal", EUR), "010366e534cf040c3e9f70af30d54f5a13"),
    (CompleteRolling("PROMOTION:p1", 3), "018d4a3e299a9bde911448a9cc1ff1d348"),
    (
        CancelRolling("PROMOTION:p1", 3, forfeit=True, reason_code="ASKED"),
        "0182114b0a872bdb443a3944c4df49836c",
    ),
]


@pytest.mark.parametrize(("command", "recorded"), GOLDEN, ids=lambda value: type(value).__name__)
def test_a_fingerprint_never_changes(command: Command, recorded: str) -> None:
    assert fingerprint(command).hex() == recorded
    assert is_same(command, bytes.fromhex(recorded))


def test_every_command_has_a_golden_value() -> None:
    assert {type(command) for command, _ in GOLDEN} == set(COMMANDS)


def test_the_form_is_json_of_what_is_not_a_default() -> None:
    command = SettleBet(BET, 2, EUR, portion_ref="leg-1", result_kind=ResultKind.WON)
    canonical = (
        b'{"SettleBet":{"bet":{"bet_ref":"b1","provider_id":"acme-sports"},'
        b'"payout":{"asset_code":"EUR","minor_units":100},'
        b'"portion_ref":"leg-1","result_kind":"WON","result_version":2}}'
    )

    assert fingerprint(command) == b"\x01" + blake2b(canonical, digest_size=16).digest()


def test_other_content_has_another_fingerprint() -> None:
    others: list[Command] = [
        *(command for command, _ in GOLDEN),
        ApproveDeposit("d2", "sports_normal", EUR),
        ApproveDeposit("d1", "casino_normal", EUR),
        ApproveDeposit("d1", "sports_normal", Amount("USD", 100)),
        ApproveDeposit("d1", "sports_normal", Amount("EUR", 101)),
        AdjustBalance("sports_normal", EUR, "GOODWILL"),
        AuthorizeBet(BetKey("acme-sports", "b2"), EUR),
        AuthorizeBet(BetKey("lucky-slots", "b1"), EUR),
        AuthorizeBet(BET, EUR, round_ref="CASINO_BONUS"),
        AuthorizeBet(BET, EUR, selected_source="CASINO_BONUS"),
        SettleBet(BET, 1, Amount("EUR", 0), refund=Amount("EUR", 0)),
        SettleBet(BET, 1, Amount("EUR", 0), stake=Amount("EUR", 0)),
        SettleBet(BET, 1, Amount("EUR", 0), result_kind=ResultKind.LOST),
        UnsettleBet(BET, 3, ("",)),
        UnsettleBet(BET, 3, ("leg-1", "")),
    ]

    assert len({fingerprint(command) for command in others}) == len(others)


def test_the_name_of_a_command_is_part_of_it() -> None:
    @dataclass(frozen=True)
    class Closed:
        bet: BetKey

    @dataclass(frozen=True)
    class Opened:
        bet: BetKey

    closed, opened = cast("Command", Closed(BET)), cast("Command", Opened(BET))

    assert canonical_form(closed) == canonical_form(opened)
    assert fingerprint(closed) != fingerprint(opened)


def test_a_field_added_with_a_default_leaves_old_fingerprints_as_they_were() -> None:
    def yesterday() -> Command:
        @dataclass(frozen=True)
        class Settle:
            bet: BetKey
            payout: int

        return cast("Command", Settle(BET, 90))

    def today(**added: object) -> Command:
        @dataclass(frozen=True)
        class Settle:
            bet: BetKey
            payout: int
            jackpot: int = 0
            legs: tuple[str, ...] = ()
            kind: ResultKind | None = None

        return cast("Command", Settle(BET, 90, **added))  # pyright: ignore[reportArgumentType]

    recorded = fingerprint(yesterday())

    assert is_same(today(), recorded)
    assert is_same(today(jackpot=0, legs=(), kind=None), recorded)
    assert not is_same(today(jackpot=1), recorded)
    assert not is_same(today(legs=("a",)), recorded)
    assert not is_same(today(kind=ResultKind.LOST), recorded)


def test_who_asks_is_no_part_of_what_is_asked() -> None:
    command = AuthorizeBet(BET, EUR)
    ann, bob = WalletRef("demo", "ann", "EUR"), WalletRef("demo", "bob", "EUR")

    first = Task(ann, "request-1", command, correlation_id="flow-1")
    second = Task(bob, "request-2", command, correlation_id="flow-2")

    assert fingerprint(first.command) == fingerprint(second.command)


def test_a_form_that_this_release_does_not_know_is_a_fault() -> None:
    recorded = b"\x02" + fingerprint(OpenWallet())[1:]

    with pytest.raises(ValueError, match="unknown form of fingerprint: 02"):
        is_same(OpenWallet(), recorded)
