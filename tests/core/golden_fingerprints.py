"""A command of every kind, with the fingerprints that were recorded of it.

They are stored beside answers that hold for ever: one that changes turns yesterday's retry into a
mismatch. So a line is added here, and none is ever changed.
"""

from datetime import datetime, timedelta, timezone

from wallet_server.core.bets.bet import ResultKind
from wallet_server.core.bets.context import BetContext
from wallet_server.core.cashier.deposit import ReversalKind
from wallet_server.core.commands import (
    Actor,
    AdjustBalance,
    Amount,
    ApproveDeposit,
    ApproveWithdrawal,
    AuthorizeBet,
    CancelRolling,
    CancelWithdrawal,
    CashOutBet,
    CloseRound,
    Command,
    CompleteRolling,
    ConfirmLimitIncrease,
    ConfirmWithdrawal,
    CreateDeposit,
    CreditPromotion,
    CreditWin,
    DeclineDeposit,
    DrainBucket,
    ExpireCoupons,
    FailWithdrawal,
    ForfeitBonus,
    GrantCoupon,
    OpenWallet,
    PlayRound,
    RejectWithdrawal,
    ReleaseSuspense,
    ReplanAuthorization,
    RequestWithdrawal,
    ReturnWithdrawal,
    ReverseDeposit,
    ReversePromotion,
    RevokeCoupon,
    RollbackRound,
    RollbackTransaction,
    RoundBet,
    RoundWin,
    SetAccountStatus,
    SetLimit,
    SettleBet,
    SubmitWithdrawal,
    TransferFunds,
    UnsettleBet,
    WriteOffDebt,
)
from wallet_server.core.coupons.grant import CouponRestrictions, CouponTerms, UseMode
from wallet_server.core.ids import BetKey
from wallet_server.core.players.limit import LimitKind, LimitPeriod
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.promotions.promotion import PromotionKind, ReversalMode
from wallet_server.core.rolling.requirement import ReleaseMode, RollingTerms
from wallet_server.core.rounds.win import WinKind

BET = BetKey("acme-sports", "b1")
WIN = BetKey("acme-sports", "w1")
EUR = Amount("EUR", 100)
ANN = Actor("ann", ("cashier", "owner"), "p1")
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
    (CreateDeposit("d1", "sports_normal", EUR), "0188c85bd544b74baf5876fa00f1ed35f2"),
    (CreateDeposit("d1", "sports_normal", EUR, "CARD", "w1"), "019775c4aa13e65dd012d897dbf57af998"),
    (
        ApproveDeposit("d1", "sports_normal", EUR, "CARD", "w1"),
        "01c8c06455396b205000ea205ae1a87fa1",
    ),
    (DeclineDeposit("d1", "NO_MONEY"), "01a2de71356004930222c5ca3477122cd7"),
    (DeclineDeposit("d1", expired=True), "01bef5d5e5cc94ad48ccd10c82330c1080"),
    (ReverseDeposit("d1", "r1"), "0141a3246551555f10f259876166c3cee5"),
    (
        ReverseDeposit("d1", "r1", EUR, ReversalKind.CHARGEBACK, "STOLEN_CARD"),
        "01c3eaaa79091879377cab9249d91908aa",
    ),
    (
        AdjustBalance("sports_normal", EUR, "GOODWILL", "sorry", "a1", ANN),
        "01e9cce7c948d73965b890cdb50e2fb709",
    ),
    (WriteOffDebt("a1", EUR, "GOODWILL"), "01ebfdb4eae0787deed70e3f792bb2cba5"),
    (WriteOffDebt("a1", EUR, "GOODWILL", "sorry", ANN), "010a64ee412f2275a05ab2a1450324f63a"),
    (RequestWithdrawal("w1", EUR), "0122bea98cc9fa4fc37fe0a95b529c4243"),
    (
        RequestWithdrawal("w1", EUR, accept_forfeiture=True, actor=ANN),
        "010b43d6cc5a715e7f0836995aff169199",
    ),
    (ApproveWithdrawal("w1", actor=ANN), "012cd08a7521047c3d6ae30bfa1bd73baa"),
    (ApproveWithdrawal("w1", automatic=True), "019b56a754a35cfc51ea1ee10453f95610"),
    (RejectWithdrawal("w1", "FRAUD", "no", ANN), "010d5466254d5de1151b4199fdc6cd1e33"),
    (SubmitWithdrawal("w1", "payout-1"), "015ad769fc2a31e90b60bb9440c9e54eb0"),
    (ConfirmWithdrawal("w1"), "01f6376c6e9128961c17ade3e7a6d345a7"),
    (ConfirmWithdrawal("w1", EUR), "011e65c7d4d8d29c41d8ffca488ff3d4aa"),
    (FailWithdrawal("w1", "NO_ACCOUNT"), "012382413936040197a5ca02848e5008b7"),
    (CancelWithdrawal("w1"), "016f52d96c900481c62667cb8dd0b76185"),
    (ReturnWithdrawal("w1", "NO_ACCOUNT"), "01e35839335d64dd00414497e715fe8b8b"),
    (
        SetAccountStatus(AccountStatus.FROZEN, "AML", "see ticket", ANN),
        "01dd12336c954fb83a1896ee96b428c67d",
    ),
    (SetLimit(LimitKind.DEPOSIT, LimitPeriod.DAY, EUR), "010776ee11af452465405a537adf369ea6"),
    (SetLimit(LimitKind.STAKE, LimitPeriod.BET, None, ANN), "0128679a74124be11282240a136a700829"),
    (ConfirmLimitIncrease(LimitKind.LOSS, LimitPeriod.MONTH), "01b30771a17eda2c530f672a8e9aab47ce"),
    (
        ConfirmLimitIncrease(LimitKind.LOSS, LimitPeriod.MONTH, lapsed=True),
        "01eca3c77f2aa82ae28e819dcc87f69941",
    ),
    (
        ReplanAuthorization(BET, "sports_bonus", "sports_normal", "a1", "RETIRED"),
        "0157e1f8b15aafa2566cc6dca43ea7fda5",
    ),
    (
        ReplanAuthorization(BET, "sports_bonus", "sports_normal", "a1", "RETIRED", "v2", ANN),
        "01b5f75351b15958a4a18661e5fa6d860c",
    ),
    (DrainBucket("drain-1", "sports_bonus", "sports_normal"), "019f51849c20240b67e24a6c6d4995b098"),
]
