"""What a command on a bet may come to, by what the auditor knows of the bet."""

from collections.abc import Container

from tests.simulation.bet_book import BetBook
from wallet_server.core.commands import RollbackTransaction, SettleBet, UnsettleBet

NOTHING_POSTED = frozenset({"ROLLED_BACK", "TOMBSTONED"})
ANYTIME = frozenset({"CURRENCY_MISMATCH", "WALLET_NOT_FOUND", "TENANT_NOT_FOUND"})
OF_THE_RESULT = frozenset(
    {
        "APPLIED",
        "PORTION_REF_REQUIRED",
        "PORTION_TOO_LARGE",
        "REFUND_EXCEEDS_STAKE",
        "PAYOUT_WITHOUT_STAKE",
        "RESULT_INCONSISTENT",
        "TRANSACTION_PAYLOAD_MISMATCH",
        "CORRECTION_SHORTFALL",
        "AMOUNT_OUT_OF_RANGE",
    }
)


def settle_outcomes(command: SettleBet, book: BetBook | None) -> Container[str]:
    if book is None:
        return {"BET_NOT_FOUND"}
    if book.state in NOTHING_POSTED:
        return {"BET_ROLLED_BACK"}
    if book.state == "DECLINED":
        return {"ILLEGAL_TRANSITION"}
    if command.ordering is not None and command.result_kind is None and book.is_said(command):
        return {"ALREADY_APPLIED"}  # R6
    known = book.version(command.portion_ref)
    counted = {"ALREADY_APPLIED"} if command.ordering and command.result_kind else set[str]()
    if command.result_version < known:  # I19
        return {"STALE_VERSION"} | counted
    if command.result_version > known:
        return (OF_THE_RESULT | counted) - (set() if book.rejects else {"CORRECTION_SHORTFALL"})
    piece = book.pieces.get(command.portion_ref)
    if piece is None or piece.payout != command.payout.minor_units:
        return {"RESULT_VERSION_CONFLICT"}
    return {"RESULT_VERSION_CONFLICT", "ALREADY_APPLIED"}


def unsettle_outcomes(command: UnsettleBet, book: BetBook | None) -> Container[str]:
    if book is None:
        return {"BET_NOT_FOUND"}
    if book.state in NOTHING_POSTED:
        return {"BET_ROLLED_BACK"}
    refs = command.portion_refs or book.results() or tuple(book.taken_back)
    if not all(book.is_known(ref) for ref in refs):
        return {"PORTION_NOT_FOUND"}
    if command.ordering is not None and refs and all(ref in book.taken_back for ref in refs):
        return {"ALREADY_APPLIED"}  # R6
    known = max((book.version(ref) for ref in refs), default=0)
    if command.result_version < known:
        return {"STALE_VERSION"}
    if command.result_version == known:
        return {"ALREADY_APPLIED", "RESULT_VERSION_CONFLICT"}
    if book.state != "SETTLED":
        return {"ILLEGAL_TRANSITION"}
    if not any(ref in book.pieces for ref in refs):
        return {"PORTION_NOT_FOUND", "ILLEGAL_TRANSITION"}
    return {"APPLIED", "AMOUNT_OUT_OF_RANGE"} | (
        {"CORRECTION_SHORTFALL"} if book.rejects else set()
    )


def rollback_outcomes(
    command: RollbackTransaction, book: BetBook | None, *, has_wins: bool
) -> Container[str]:
    """What the rollback of a bet, or of what is unknown, may come to."""
    if book is None:
        return {"TOMBSTONED"}
    amount = command.amount
    if amount and book.state != "TOMBSTONED" and amount.minor_units != book.stake:
        return {"AMOUNT_MISMATCH"}
    if book.state in NOTHING_POSTED:
        return {"ALREADY_ROLLED_BACK"}
    if book.state == "DECLINED":
        return {"PARENT_DECLINED"}
    # The wins of a bet, or of a round with one, go with it, under the rules of their own correction.
    short = {"CORRECTION_SHORTFALL"} if book.rejects or book.in_round or has_wins else set[str]()
    settled = {"BET_ALREADY_SETTLED"} if book.state == "SETTLED" else set[str]()
    return {"APPLIED", "AMOUNT_OUT_OF_RANGE"} | short | settled
