"""What the auditor found: two things that should agree and do not."""

from enum import StrEnum

from wallet_server.core.value import value


class Check(StrEnum):
    """What is checked. docs/operating/verify.md says more about each."""

    WALLET_MISPLACED = "WALLET_MISPLACED"
    PLAYER_MISSING = "PLAYER_MISSING"
    PLAYER_UNREADABLE = "PLAYER_UNREADABLE"
    PLAYER = "PLAYER"
    WALLET_MISSING = "WALLET_MISSING"
    SEQUENCE = "SEQUENCE"
    ANSWER_UNREADABLE = "ANSWER_UNREADABLE"
    ANSWER_TIME = "ANSWER_TIME"
    ENTRY_WITHOUT_ANSWER = "ENTRY_WITHOUT_ANSWER"
    ENTRY_MISSING = "ENTRY_MISSING"
    ENTRY_NOT_ALLOWED = "ENTRY_NOT_ALLOWED"
    ENTRY_NOT_OF_ANSWER = "ENTRY_NOT_OF_ANSWER"
    ENTRY_UNBALANCED = "ENTRY_UNBALANCED"
    ENTRY_ACCOUNT = "ENTRY_ACCOUNT"
    BALANCE_AFTER = "BALANCE_AFTER"
    BALANCE_SIGN = "BALANCE_SIGN"
    BALANCE = "BALANCE"
    BOOKS_UNBALANCED = "BOOKS_UNBALANCED"
    DEPOSIT = "DEPOSIT"
    WITHDRAWAL = "WITHDRAWAL"
    HOLD = "HOLD"
    ADJUSTMENT = "ADJUSTMENT"
    CASH = "CASH"
    USAGE = "USAGE"
    BET_UNREADABLE = "BET_UNREADABLE"
    BET_TERMS = "BET_TERMS"
    BET_MISSING = "BET_MISSING"
    BET_NOT_OF_ANSWER = "BET_NOT_OF_ANSWER"
    BET_HISTORY = "BET_HISTORY"
    BET_FUNDING = "BET_FUNDING"
    BET_RESULTS = "BET_RESULTS"
    BET_OVERPAID = "BET_OVERPAID"
    BET_POSTINGS = "BET_POSTINGS"
    OPEN_STAKE = "OPEN_STAKE"
    WIN_POSTINGS = "WIN_POSTINGS"
    WIN_COLUMNS = "WIN_COLUMNS"
    CASH_OUT = "CASH_OUT"
    ITEM_UNREADABLE = "ITEM_UNREADABLE"
    ITEM_COLUMNS = "ITEM_COLUMNS"
    LIVE_ITEMS = "LIVE_ITEMS"
    COUPON = "COUPON"
    ROUND = "ROUND"
    REQUIREMENT = "REQUIREMENT"
    PROMOTION = "PROMOTION"
    BUCKET_USAGE = "BUCKET_USAGE"
    AUDIT_RECORD = "AUDIT_RECORD"
    EVENT_MISSING = "EVENT_MISSING"
    EVENT_WITHOUT_COMMAND = "EVENT_WITHOUT_COMMAND"
    EVENT_UNREADABLE = "EVENT_UNREADABLE"
    EVENT_SEQUENCE = "EVENT_SEQUENCE"
    EVENT_POSITION = "EVENT_POSITION"
    EVENT_CHANGES = "EVENT_CHANGES"
    EVENT_HEAD = "EVENT_HEAD"
    STATEMENT = "STATEMENT"
    CHAPTER = "CHAPTER"
    CHAIN_BLOCK = "CHAIN_BLOCK"
    CHAIN_SIGNATURE = "CHAIN_SIGNATURE"
    CHAIN_HEAD = "CHAIN_HEAD"
    CHAIN_ENTRY = "CHAIN_ENTRY"
    CHAIN_RECORD = "CHAIN_RECORD"
    CHAIN_UNSEALED = "CHAIN_UNSEALED"


@value
class Difference:
    """Where something does not agree, and how.

    `wallet` is `tenant/player/currency`, or the key of rows that have no wallet.
    `subject` is what in the wallet it is about: a command's number, an account, a
    bet.
    """

    check: Check
    wallet: str
    subject: str
    message: str

    def __str__(self) -> str:
        """Returns one line for people."""
        return f"{self.check.value} {self.wallet} {self.subject}: {self.message}"


@value
class Finding:
    """A difference whose wallet is clear from where it was found."""

    check: Check
    subject: str
    message: str

    def at(self, wallet: str) -> Difference:
        """Returns the difference with its wallet."""
        return Difference(self.check, wallet, self.subject, self.message)
