"""What is told of a command that changes several things: in which order, and each once."""

from dataclasses import replace

import pytest

from tests.rpc.filled import START, filled
from wallet_server.core.accounts import Account, exchange
from wallet_server.core.answer import AccountChange, Answer, PostedEntry
from wallet_server.core.bets.bet import Bet, BetState, FundingLine
from wallet_server.core.cashier.adjustment import Adjustment, AdjustmentState
from wallet_server.core.cashier.deposit import Deposit, DepositState
from wallet_server.core.cashier.withdrawal import Withdrawal, WithdrawalState
from wallet_server.core.commands import Amount, Command, DrainBucket, ForfeitBonus, TransferFunds
from wallet_server.core.config.policy import Destinations
from wallet_server.core.config.snapshot import Snapshot
from wallet_server.core.coupons.grant import CouponGrant, CouponState
from wallet_server.core.decision import Effects, Outcome
from wallet_server.core.events.bet_payloads import BetContribution
from wallet_server.core.events.event import Done
from wallet_server.core.events.item_payloads import (
    BonusForfeited,
    BucketDrained,
    DebtChanged,
    EntryPosted,
    TransferCompleted,
    WinChanged,
)
from wallet_server.core.events.of_effects import effect_events
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.items import Item
from wallet_server.core.players.player import Player
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.promotions.promotion import Promotion, PromotionState
from wallet_server.core.results import DrainResult, ForfeitResult, TransferResult
from wallet_server.core.rolling.requirement import Contribution, Requirement, RequirementState
from wallet_server.core.rounds.round import Round, RoundState
from wallet_server.core.rounds.win import Win, WinState
from wallet_server.core.transfers.edge_usage import EdgeUsage
from wallet_server.core.wallet import Wallet

CASH, BONUS, GAME = Account("bkt:cash"), Account("bkt:bonus"), Account("H:GAME:SPORTS")
DEBT = Account("DEBT:EUR")
FORFEIT = ForfeitBonus("bonus", "TEST")
DEPOSIT: Deposit = replace(
    filled(Deposit, 1, {}), state=DepositState.CREATED, suspended=False, reversals=()
)
WITHDRAWAL: Withdrawal = replace(filled(Withdrawal, 1, {}), state=WithdrawalState.HELD)
ADJUSTMENT: Adjustment = replace(filled(Adjustment, 1, {}), state=AdjustmentState.PENDING)
PROMOTION: Promotion = replace(filled(Promotion, 1, {}), state=PromotionState.CREDITED)
GRANT: CouponGrant = replace(filled(CouponGrant, 1, {}), state=CouponState.ACTIVE)
ROUND: Round = replace(filled(Round, 1, {}), state=RoundState.CLOSED)
REQUIREMENT: Requirement = replace(
    filled(Requirement, 1, {}), state=RequirementState.ACTIVE, parent_id=""
)
USAGE = EdgeUsage("bonus", "cash", START.date(), 5, 5, START)
WIN: Win = replace(filled(Win, 1, {}), state=WinState.CREDITED)
TOMBSTONE = Bet(BetKey("acme", "b0"), BetState.TOMBSTONED, 5, START)
ITEMS: tuple[Item, ...] = (
    *(USAGE, REQUIREMENT, ROUND, GRANT, PROMOTION, ADJUSTMENT, WITHDRAWAL, DEPOSIT),
)


def posted(ordinal: int, *changes: AccountChange, of: tuple[str, str] = ("", "")) -> PostedEntry:
    """Returns an entry of a command, which belongs to a bet or a win, or to none."""
    return PostedEntry(5, ordinal, "EUR", changes, START, "r1", "ForfeitBonus", *of)


def told(
    effects: Effects,
    *entries: PostedEntry,
    command: Command = FORFEIT,
    outcome: Outcome = Outcome.APPLIED,
    before: Wallet | None = None,
    balances: dict[Account, int] | None = None,
) -> list[Done]:
    """Returns what is told of a command that had these effects on a wallet."""
    wallet = before or Wallet(WalletRef("t", "p", "EUR"), 4, START, START)
    answer = Answer("r1", 5, "X", b"", START, outcome, None, None, entries, effects.result)
    return list(effect_events(wallet, command, effects, answer, balances or {}))


def test_what_a_command_is_about_comes_first_and_its_books_last() -> None:
    effects = Effects(
        bets=(TOMBSTONE,),
        wins=(WIN,),
        items=ITEMS,
        result=ForfeitResult("bonus", 7, 2),
        player=Player(status=AccountStatus.FROZEN),
    )

    done = told(effects, posted(0, AccountChange(DEBT, -9, -9)), balances={DEBT: -9})

    assert [event_type for event_type, _ in done] == [
        "BONUS_FORFEITED",
        "BET_TOMBSTONED",
        "WIN_CREDITED",
        "DEPOSIT_CREATED",
        "WITHDRAWAL_REQUESTED",
        "ADJUSTMENT_PROPOSED",
        "PROMOTION_CREDITED",
        "COUPON_GRANTED",
        "ROUND_CLOSED",
        "ROLLING_OPENED",
        "ACCOUNT_STATUS_CHANGED",
        "ENTRY_POSTED",
        "DEBT_INCURRED",
    ]
    assert done[0][1] == BonusForfeited("bonus", 7, 2)
    assert done[-1][1] == DebtChanged("EUR", 9, 9)


def test_things_are_held_against_what_they_were_before() -> None:
    known = [replace(each, revision=0) for each in ITEMS if not isinstance(each, EdgeUsage)]
    wallet = Wallet(
        *(WalletRef("t", "p", "EUR"), 4, START, START),
        items={each.key: each for each in known},
        bets={TOMBSTONE.key: TOMBSTONE},
        wins={WIN.key: replace(WIN, revision=0)},
    )

    effects = Effects(bets=(TOMBSTONE,), wins=(WIN,), items=ITEMS, player=wallet.player)

    assert told(effects, before=wallet) == []


def test_a_win_tells_of_its_own_entries_and_others_are_told_by_themselves() -> None:
    own = posted(0, AccountChange(CASH, 5, 5), AccountChange(GAME, -5, None), of=WIN.key)
    other = posted(1, AccountChange(CASH, 3, 8), AccountChange(GAME, -3, None), of=("x", "y"))
    half = posted(2, AccountChange(CASH, 1, 9), of=(WIN.key[0], "y"))

    done = told(Effects(wins=(WIN,)), own, other, half)

    assert done == [
        ("WIN_CREDITED", WinChanged(WIN, "", own.changes)),
        ("ENTRY_POSTED", EntryPosted(1, "EUR", "x", "y", other.changes)),
        ("ENTRY_POSTED", EntryPosted(2, "EUR", WIN.key[0], "y", half.changes)),
    ]


def test_the_entry_of_a_win_that_is_not_told_is_told_by_itself() -> None:
    entry = posted(0, AccountChange(CASH, 5, 5), of=WIN.key)
    wallet = Wallet(
        WalletRef("t", "p", "EUR"), 4, START, START, wins={WIN.key: replace(WIN, revision=0)}
    )

    assert told(Effects(wins=(WIN,)), entry, before=wallet) == [
        ("ENTRY_POSTED", EntryPosted(0, "EUR", *WIN.key, entry.changes))
    ]


def test_debt_is_told_over_all_entries_and_by_asset() -> None:
    points = Account("DEBT:PTS")
    wallet = Wallet(WalletRef("t", "p", "EUR"), 4, START, START, balances={DEBT: -9, points: -5})
    entries = (
        posted(0, AccountChange(DEBT, 2, -7), AccountChange(points, -1, -6)),
        posted(1, AccountChange(DEBT, 3, -4), AccountChange(CASH, 1, 1)),
    )

    done = told(Effects(), *entries, before=wallet, balances={DEBT: -4, points: -6, CASH: 1})

    assert done[2:] == [
        ("DEBT_RECOVERED", DebtChanged("EUR", 5, 4)),
        ("DEBT_INCURRED", DebtChanged("PTS", 1, 6)),
    ]


def test_debt_that_is_as_before_is_not_told() -> None:
    wallet = Wallet(WalletRef("t", "p", "EUR"), 4, START, START, balances={DEBT: -9})
    entry = posted(0, AccountChange(DEBT, 2, -7), AccountChange(DEBT, -2, -9))

    done = told(Effects(), entry, before=wallet, balances={DEBT: -9})

    assert [event_type for event_type, _ in done] == ["ENTRY_POSTED"]


def test_a_transfer_within_an_asset_tells_it_for_both() -> None:
    result = TransferResult(70, 70, "RQ1", 35)
    command = TransferFunds("bonus", "cash", Amount("EUR", 70))
    entry = posted(0, AccountChange(BONUS, -70, 0), AccountChange(CASH, 70, 70))

    first, _ = told(Effects(result=result), entry, command=command)

    assert first == (
        "TRANSFER_COMPLETED",
        TransferCompleted("bonus", "cash", "EUR", 70, "EUR", 70, "RQ1", 35),
    )


def test_a_transfer_by_exchange_tells_the_asset_that_came() -> None:
    result = TransferResult(70, 7)
    command = TransferFunds("points", "cash", Amount("PTS", 70))
    given = replace(posted(0, AccountChange(exchange("PTS"), 70, None)), asset_code="PTS")
    other = replace(posted(1, AccountChange(CASH, 1, 1)), asset_code="USD")
    got = posted(2, AccountChange(CASH, 7, 7), AccountChange(exchange("EUR"), -7, None))

    first, *_ = told(Effects(result=result), given, other, got, command=command)

    assert first == (
        "TRANSFER_COMPLETED",
        TransferCompleted("points", "cash", "PTS", 70, "EUR", 7, "", 0),
    )


@pytest.mark.parametrize("outcome", [Outcome.APPLIED, Outcome.ALREADY_APPLIED])
def test_a_drain_is_told_where_it_has_moved_something(outcome: Outcome) -> None:
    command = DrainBucket("d1", "bonus", "cash")
    effects = Effects(result=DrainResult("d1", "EUR", 50, 3))

    done = told(effects, command=command, outcome=outcome)

    moved = ("BUCKET_DRAINED", BucketDrained("d1", "bonus", "cash", "EUR", 50, 3))
    assert done == ([moved] if outcome is Outcome.APPLIED else [])


def test_what_a_bet_counts_names_the_groups_of_requirements_as_they_are_now() -> None:
    moved = replace(REQUIREMENT, requirement_id="RQ1", wallet_group="casino")
    other = replace(REQUIREMENT, requirement_id="RQ2", wallet_group="sports")
    was = replace(moved, wallet_group="sports")
    wallet = Wallet(
        WalletRef("t", "p", "EUR"), 4, START, START, items={was.key: was, other.key: other}
    )
    lines = (FundingLine("a", 60, Destinations("x", "x")),)
    snapshot: Snapshot = filled(Snapshot, 1, {})
    counted = (Contribution(0, "RQ1", 30), Contribution(0, "RQ2", 5))
    bet = replace(
        TOMBSTONE, state=BetState.AUTHORIZED, lines=lines, snapshot=snapshot, contributions=counted
    )

    done = told(Effects(bets=(bet,), items=(ROUND, moved)), before=wallet)

    [contribution] = [each for _, each in done if isinstance(each, BetContribution)]
    assert [(each.requirement_id, each.wallet_group) for each in contribution.requirements] == [
        ("RQ1", "casino"),
        ("RQ2", "sports"),
    ]
