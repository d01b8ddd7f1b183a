"""`verify` is content with the items, wins and cash-outs that the engine records, and no others.

Each corruption is made by the owner of the tables, one at a time, after which exactly
the checks that are named must find it.
"""

from datetime import UTC, datetime

import pytest

from tests.database import Database
from tests.execution.conftest import StartExecutor
from tests.execution.vocabulary import WALLET, Caller, authorize, credit, settle, sports_bet
from wallet_server.core.audit.difference import Check, Difference
from wallet_server.core.bets.context import BetContext
from wallet_server.core.commands import (
    Amount,
    AuthorizeBet,
    CashOutBet,
    CloseRound,
    CreditPromotion,
    CreditWin,
    GrantCoupon,
    PlayRound,
    ReversePromotion,
    RevokeCoupon,
    RollbackTransaction,
    RoundBet,
    RoundWin,
    TransferFunds,
)
from wallet_server.core.coupons.grant import CouponTerms
from wallet_server.core.ids import BetKey
from wallet_server.core.rolling.requirement import RollingTerms
from wallet_server.core.rounds.win_kind import WinKind
from wallet_server.execution.verification import VerificationScope, verify

SLOTS = "lucky-slots"
NEVER = datetime(2100, 1, 1, tzinfo=UTC)
WAGERING = RollingTerms(multiplier_bp=100_000, release_target="withdrawable", conversion_cap=300)


def eur(minor_units: int) -> Amount:
    return Amount("EUR", minor_units)


def grant(grant_id: str, minor_units: int) -> GrantCoupon:
    return GrantCoupon(grant_id, eur(minor_units), NEVER, CouponTerms("sports_normal"))


def slots(reference: str) -> BetKey:
    return BetKey(SLOTS, reference)


STORY = [
    credit(10_000),
    TransferFunds("sports_normal", "casino_normal", eur(2_000)),
    grant("played", 30),
    authorize("by-coupon", 100),
    settle("by-coupon", 240),
    grant("revoked", 40),
    RevokeCoupon("revoked", "TEST"),
    CreditPromotion("reversed", "sports_bonus", eur(70)),
    ReversePromotion("reversed"),
    CreditPromotion("wagered", "sports_bonus", eur(100), rolling=WAGERING),
    AuthorizeBet(sports_bet("counted"), eur(120), context=BetContext(odds_milli=2_000)),
    settle("counted", 0),
    authorize("cashed-out", 100),
    CashOutBet(sports_bet("cashed-out"), sports_bet("undone"), eur(30), eur(40)),
    RollbackTransaction(sports_bet("undone")),
    CashOutBet(sports_bet("cashed-out"), sports_bet("kept"), eur(35), eur(40)),
    PlayRound(SLOTS, "whole", (RoundBet("spin", eur(20)),), (RoundWin("spin-win", eur(50)),)),
    AuthorizeBet(slots("member"), eur(30), round_ref="parts"),
    CreditWin(slots("member-win"), eur(60), round_ref="parts"),
    CreditWin(slots("win-undone"), eur(10), round_ref="parts"),
    RollbackTransaction(slots("win-undone")),
    CloseRound(SLOTS, "parts"),
    AuthorizeBet(slots("free-spin"), eur(0), free_round=True, round_ref="free"),
    CreditWin(slots("free"), eur(15), kind=WinKind.FREE_ROUND, round_ref="free"),
    CloseRound(SLOTS, "free"),
    grant("left", 50),
]


@pytest.fixture
async def played(database: Database, start_executor: StartExecutor) -> Database:
    """A database in which everything has happened once."""
    caller = Caller(await start_executor())
    await caller.open(WALLET)
    for number, command in enumerate(STORY):
        await caller.send(f"request-{number:02}", command)
    return database


async def find(database: Database) -> list[Difference]:
    found: list[Difference] = []
    await verify(database.server_url, VerificationScope(), found.append)
    return found


async def test_items_wins_and_cash_outs_are_free_of_differences(played: Database) -> None:
    assert await find(played) == []


def changed(kind: str, item_id: str, **fields: str) -> str:
    """Returns the statement that changes fields of an item's document; their values are JSON."""
    pairs = ", ".join(f"'{name}', '{text}'::jsonb" for name, text in fields.items())
    return (
        f"UPDATE wallet_items SET document = (document::jsonb || jsonb_build_object({pairs}))::json"
        f" WHERE kind = '{kind}' AND item_id = '{item_id}'"
    )


def without(kind: str, item_id: str) -> str:
    """Returns the statement that removes an item."""
    return f"DELETE FROM wallet_items WHERE kind = '{kind}' AND item_id = '{item_id}'"


WAGERED = "PROMOTION:wagered"
ITEM_CORRUPTIONS = {
    "a win that says it moved more": (
        (
            "UPDATE bets SET particulars = jsonb_set(particulars::jsonb, '{moves,0,2}', '7')::json"
            " WHERE bet_ref = 'member-win'"
        ),
        {Check.WIN_POSTINGS},
    ),
    "a win that was not rolled back": (
        (
            "UPDATE bets SET particulars ="
            " jsonb_set(particulars::jsonb, '{state}', '\"CREDITED\"')::json"
            " WHERE bet_ref = 'win-undone'"
        ),
        {Check.WIN_POSTINGS, Check.WIN_COLUMNS},
    ),
    "a win that cannot be read": (
        "UPDATE bets SET particulars = '{}' WHERE bet_ref = 'member-win'",
        {Check.BET_UNREADABLE, Check.BET_MISSING},
    ),
    "a cash-out that was rolled back": (
        (
            "UPDATE bets SET particulars ="
            " jsonb_set(particulars::jsonb, '{rolled_back}', 'true')::json"
            " WHERE bet_ref = 'kept'"
        ),
        {Check.CASH_OUT, Check.WIN_COLUMNS},
    ),
    "an item that cannot be read": (
        "UPDATE wallet_items SET document = '{}' WHERE item_id = 'reversed'",
        {Check.ITEM_UNREADABLE, Check.PROMOTION},
    ),
    "an item's revision": (
        "UPDATE wallet_items SET revision = revision + 1 WHERE kind = 'ROUND'",
        {Check.ITEM_COLUMNS},
    ),
    "a coupon that never is due": (
        "UPDATE wallet_items SET due_time = NULL WHERE item_id = 'left'",
        {Check.ITEM_COLUMNS},
    ),
    "the number of live items": (
        "UPDATE wallets SET live_items = live_items - 1",
        {Check.LIVE_ITEMS},
    ),
    "a coupon's amount": (changed("COUPON", "left", amount="49"), {Check.COUPON}),
    "a coupon that is over and holds something": (
        changed("COUPON", "left", state='"EXPIRED"')
        + "; UPDATE wallet_items SET state = 'EXPIRED', is_live = false, due_time = NULL"
        " WHERE item_id = 'left'; UPDATE wallets SET live_items = live_items - 1",
        {Check.COUPON},
    ),
    "a removed coupon": (without("COUPON", "left"), {Check.COUPON, Check.LIVE_ITEMS}),
    "a bet of another round": (
        "UPDATE bets SET round_ref = 'other' WHERE bet_ref = 'member'",
        {Check.ROUND},
    ),
    "a requirement's progress": (
        changed("REQUIREMENT", WAGERED, progress="121"),
        {Check.REQUIREMENT},
    ),
    "a requirement that released more than its cap": (
        changed("REQUIREMENT", WAGERED, released="301"),
        {Check.REQUIREMENT},
    ),
    "an open requirement that a command ended": (
        changed("REQUIREMENT", WAGERED, end_sequence="1"),
        {Check.REQUIREMENT},
    ),
    "a negative requirement": (
        changed("REQUIREMENT", WAGERED, required="-1"),
        {Check.REQUIREMENT},
    ),
    "a promotion that was reversed beyond its amount": (
        changed("PROMOTION", "reversed", reversed="71"),
        {Check.PROMOTION},
    ),
}


@pytest.mark.parametrize("case", ITEM_CORRUPTIONS)
async def test_a_corruption_is_found_and_named(played: Database, case: str) -> None:
    statements, expected = ITEM_CORRUPTIONS[case]
    for statement in statements.split("; "):
        await played.tamper(statement)

    found = await find(played)

    assert {difference.check for difference in found} == expected, "\n".join(map(str, found))
