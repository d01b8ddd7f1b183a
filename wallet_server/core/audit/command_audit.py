"""What one command recorded: its answer and its entries must fit together."""

from collections.abc import Iterator, Sequence

from wallet_server.core.answer import Answer, PostedEntry
from wallet_server.core.audit.difference import Check, Finding
from wallet_server.core.bets.bet import Bet
from wallet_server.core.decision import Outcome

ALWAYS_POSTS = frozenset(
    {
        *("AdjustBalance", "ApproveDeposit", "ReverseDeposit", "WriteOffDebt"),
        *("RequestWithdrawal", "RejectWithdrawal", "CancelWithdrawal", "ConfirmWithdrawal"),
        *("FailWithdrawal", "ReturnWithdrawal"),
        *("CreditPromotion", "GrantCoupon", "TransferFunds"),
    }
)
"""What has an entry whenever it is carried out. Others may find nothing to move."""

NEVER_POSTS = frozenset(
    {
        *("OpenWallet", "SetAccountStatus", "SetLimit", "ConfirmLimitIncrease"),
        "ReplanAuthorization",
    }
)

POSTS = frozenset({Outcome.APPLIED, Outcome.REVIEW})
"""What an answer says of a command that may have moved something."""

ONE_BET = frozenset(
    {"AuthorizeBet", "SettleBet", "UnsettleBet", "CashOutBet", "ReplanAuthorization"}
)
"""What touches one bet. Its entries are the bet's, or of what follows from it."""

MANY_BETS = frozenset(
    {
        *("RollbackTransaction", "CreditWin", "CloseRound", "PlayRound", "RollbackRound"),
        "ReleaseSuspense",
    }
)
"""What may touch several bets and wins, and has entries of each."""

PLACE_BETS = frozenset({"AuthorizeBet", "PlayRound"})


def find_command_problems(
    sequence: int,
    answers: Sequence[Answer],
    entries: Sequence[PostedEntry],
) -> Iterator[Finding]:
    """Yields what does not fit in what is recorded under one number."""
    if not answers:
        yield from without_answer(sequence, entries)
    for answer in answers:
        yield from find_entry_problems(answer, entries)


def without_answer(sequence: int, entries: Sequence[PostedEntry]) -> Iterator[Finding]:
    """Yields the entries: each must have been caused by a command."""
    for entry in entries:
        message = f"request {entry.request_id} has no answer with this number"
        subject = f"#{sequence}.{entry.ordinal}"
        yield Finding(Check.ENTRY_WITHOUT_ANSWER, subject, message)


def find_entry_problems(answer: Answer, entries: Sequence[PostedEntry]) -> Iterator[Finding]:
    """An answer has the entries that it must have, no others, and they are its own."""
    subject = f"#{answer.sequence}"
    applied = answer.outcome in POSTS and answer.command not in NEVER_POSTS
    if entries and not applied:
        said = (
            answer.refusal.reason
            if answer.refusal
            else str(answer.outcome and answer.outcome.value)
        )
        message = f"{answer.command} was answered {said} and has {len(entries)} entries"
        yield Finding(Check.ENTRY_NOT_ALLOWED, subject, message)
    if applied and not entries and always_posts(answer):
        yield Finding(Check.ENTRY_MISSING, subject, f"{answer.command} has no entry")
    if [entry.ordinal for entry in entries] != list(range(len(entries))):
        yield Finding(Check.ENTRY_MISSING, subject, "its entries are not numbered from zero on")
    if len({(e.asset_code, e.provider_id, e.bet_ref) for e in entries}) != len(entries):
        message = "several entries are of one asset and belong to the same"
        yield Finding(Check.ENTRY_NOT_ALLOWED, subject, message)
    for entry in entries:
        for field in differing_fields(answer, entry):
            message = f"{field} is not that of request {answer.request_id}"
            yield Finding(Check.ENTRY_NOT_OF_ANSWER, f"{subject}.{entry.ordinal}", message)


def always_posts(answer: Answer) -> bool:
    """Tells whether a command that was carried out must have moved something."""
    if answer.command == "AuthorizeBet":
        return answer.bet is None or answer.bet.stake > 0
    return answer.command in ALWAYS_POSTS


def differing_fields(answer: Answer, entry: PostedEntry) -> Iterator[str]:
    """Yields what an entry says otherwise than the answer to the command that made it."""
    if entry.request_id != answer.request_id:
        yield "request_id"
    if entry.command != answer.command:
        yield "command"
    if entry.entry_time != answer.answer_time:
        yield "entry_time"
    if not may_name(answer, (entry.provider_id, entry.bet_ref)):
        yield "the bet"


def may_name(answer: Answer, named: tuple[str, str]) -> bool:
    """Tells whether an entry of the answered command may name a bet or win, or none."""
    if answer.command in MANY_BETS:
        return True
    if answer.command not in ONE_BET:
        return named == ("", "")
    if answer.bet is None:
        return True  # Found where bets are followed.
    return named in {tuple(answer.bet.key), ("", "")}


def find_decline_problems(
    sequence: int, answers: Sequence[Answer], declined: Sequence[Bet]
) -> Iterator[Finding]:
    """A bet that was declined was refused by the command that recorded it, and for its reason."""
    refusals = [answer.refusal for answer in answers if answer.command in PLACE_BETS]
    for bet in declined:
        if bet.refusal is None or bet.refusal not in refusals:
            subject = f"{bet.key.provider_id}/{bet.key.bet_ref} #{sequence}"
            yield Finding(Check.BET_NOT_OF_ANSWER, subject, "no answer refuses it as it says")
