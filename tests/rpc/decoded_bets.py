"""Requests on bets, wins and rounds, and the commands they ask for."""

from google.protobuf.message import Message

from tests.rpc.bets import eur
from wallet.v1 import wallet_commands_pb2 as pb
from wallet.v1 import win_kind_pb2
from wallet.v1.bet_pb2 import RESULT_KIND_VOID, RESULT_ORDERING_UNVERIFIED
from wallet.v1.bet_pb2 import BetContext as BetContextMessage
from wallet.v1.money_pb2 import Money
from wallet_server.core.bets.bet import ResultKind, ResultOrdering
from wallet_server.core.bets.context import BetContext
from wallet_server.core.commands import (
    Amount,
    AuthorizeBet,
    CashOutBet,
    CloseRound,
    Command,
    CreditWin,
    PlayRound,
    ReleaseSuspense,
    ReplanAuthorization,
    RollbackRound,
    RollbackTransaction,
    RoundBet,
    RoundWin,
    SettleBet,
    UnsettleBet,
)
from wallet_server.core.ids import BetKey
from wallet_server.core.rounds.win_kind import WinKind

BET, CASH_OUT, WIN = BetKey("acme", "b1"), BetKey("acme", "c1"), BetKey("acme", "w1")
CONTEXT = BetContext("g", "s", "c", "t", legs=2, odds_milli=1_500)

BETS: list[tuple[Message, Command]] = [
    (
        pb.AuthorizeBetRequest(provider_id="acme", bet_ref="b1", stake=eur(9), round_ref="r1", selected_source="CASH"),
        AuthorizeBet(BET, Amount("EUR", 9), "r1", "CASH"),
    ),
    (
        pb.SettleBetRequest(provider_id="acme", bet_ref="b1", result_version=2, payout=eur(0)),
        SettleBet(BET, 2, Amount("EUR", 0)),
    ),
    (
        pb.SettleBetRequest(provider_id="acme", bet_ref="b1", result_version=3, payout=eur(0), portion_ref="half", stake=eur(4), refund=eur(4), result_kind=RESULT_KIND_VOID),
        SettleBet(BET, 3, Amount("EUR", 0), "half", Amount("EUR", 4), Amount("EUR", 4), ResultKind.VOID),
    ),
    (
        pb.SettleBetRequest(provider_id="acme", bet_ref="b1", result_version=3, payout=eur(0), refund=Money(asset_code="EUR")),
        SettleBet(BET, 3, Amount("EUR", 0), refund=Amount("EUR", 0)),
    ),
    (
        pb.SettleBetRequest(provider_id="acme", bet_ref="b1", result_version=3, payout=eur(0), ordering=RESULT_ORDERING_UNVERIFIED),
        SettleBet(BET, 3, Amount("EUR", 0), ordering=ResultOrdering.UNVERIFIED),
    ),
    (
        pb.UnsettleBetRequest(provider_id="acme", bet_ref="b1", result_version=4, ordering=RESULT_ORDERING_UNVERIFIED),
        UnsettleBet(BET, 4, ordering=ResultOrdering.UNVERIFIED),
    ),
    (
        pb.UnsettleBetRequest(provider_id="acme", bet_ref="b1", result_version=4, portion_refs=["", "half"]),
        UnsettleBet(BET, 4, ("", "half")),
    ),
    (
        pb.RollbackTransactionRequest(provider_id="acme", transaction_ref="b1"),
        RollbackTransaction(BET),
    ),
    (
        pb.RollbackTransactionRequest(provider_id="acme", transaction_ref="b1", amount=eur(9)),
        RollbackTransaction(BET, Amount("EUR", 9)),
    ),
    (
        pb.AuthorizeBetRequest(provider_id="acme", bet_ref="b1", stake=eur(0), coupon_grant_id="g1", free_round=True, context=BetContextMessage(game_id="g", sport="s", competition="c", bet_type="t", legs=2, odds_milli=1_500)),
        AuthorizeBet(BET, Amount("EUR", 0), coupon_grant_id="g1", free_round=True, context=CONTEXT),
    ),
    (
        pb.CashOutBetRequest(provider_id="acme", bet_ref="b1", cash_out_ref="c1", payout=eur(5)),
        CashOutBet(BET, CASH_OUT, Amount("EUR", 5)),
    ),
    (
        pb.CashOutBetRequest(provider_id="acme", bet_ref="b1", cash_out_ref="c1", payout=eur(5), stake=eur(4)),
        CashOutBet(BET, CASH_OUT, Amount("EUR", 5), Amount("EUR", 4)),
    ),
    (
        pb.ReplanAuthorizationRequest(provider_id="acme", bet_ref="b1", bucket="bonus", successor="cash", adjustment_id="a1", reason_code="RETIRED", comment="why"),
        ReplanAuthorization(BET, "bonus", "cash", "a1", "RETIRED", "why"),
    ),
    (
        pb.CreditWinRequest(provider_id="acme", win_ref="w1", amount=eur(5)),
        CreditWin(WIN, Amount("EUR", 5)),
    ),
    (
        pb.CreditWinRequest(provider_id="acme", win_ref="w1", amount=eur(5), kind=win_kind_pb2.WIN_KIND_JACKPOT, round_ref="r1", bet_ref="b1", pool="mega", summary=True),
        CreditWin(WIN, Amount("EUR", 5), WinKind.JACKPOT, "r1", "b1", "mega", summary=True),
    ),
    (
        pb.CloseRoundRequest(provider_id="acme", round_ref="r1"),
        CloseRound("acme", "r1"),
    ),
    (
        pb.PlayRoundRequest(provider_id="acme", round_ref="r1"),
        PlayRound("acme", "r1"),
    ),
    (
        pb.PlayRoundRequest(
            provider_id="acme",
            round_ref="r1",
            bets=[pb.RoundBet(bet_ref="b1", stake=eur(4)), pb.RoundBet(bet_ref="b2", stake=eur(0), selected_source="CASH", coupon_grant_id="g1", free_round=True)],
            wins=[pb.RoundWin(win_ref="w1", amount=eur(5)), pb.RoundWin(win_ref="w2", amount=eur(6), kind=win_kind_pb2.WIN_KIND_JACKPOT, pool="mega")],
            keep_open=True,
            context=BetContextMessage(game_id="g"),
        ),
        PlayRound(
            "acme",
            "r1",
            (RoundBet("b1", Amount("EUR", 4)), RoundBet("b2", Amount("EUR", 0), "CASH", "g1", free_round=True)),
            (RoundWin("w1", Amount("EUR", 5)), RoundWin("w2", Amount("EUR", 6), WinKind.JACKPOT, "mega")),
            close=False,
            context=BetContext(game_id="g"),
        ),
    ),
    (
        pb.RollbackRoundRequest(provider_id="acme", round_ref="r1", transaction_refs=["b1", "w1"]),
        RollbackRound("acme", "r1", ("b1", "w1")),
    ),
    (
        pb.ReleaseSuspenseRequest(provider_id="acme", win_ref="w1", decision=pb.SUSPENSE_DECISION_CREDIT, reason_code="LATE", comment="why"),
        ReleaseSuspense(WIN, credit=True, reason_code="LATE", comment="why"),
    ),
    (
        pb.ReleaseSuspenseRequest(provider_id="acme", win_ref="w1", decision=pb.SUSPENSE_DECISION_RETURN, reason_code="LATE"),
        ReleaseSuspense(WIN, credit=False, reason_code="LATE"),
    ),
]  # fmt: skip
