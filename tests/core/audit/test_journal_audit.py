"""One wallet's journal, added up from its first answer to its last."""

from dataclasses import replace
from datetime import timedelta

from tests.core.audit.records import Recording, answer, entry, told
from tests.core.rules import TOPOLOGY
from tests.core.world import REF, START
from wallet_server.core.accounts import Account
from wallet_server.core.answer import Answer, PostedEntry
from wallet_server.core.audit.difference import Check
from wallet_server.core.audit.journal_audit import JournalAudit
from wallet_server.core.wallet import Wallet

ASSETS = {each.code: each.asset_in("EUR") for each in TOPOLOGY.buckets}
SECOND = timedelta(seconds=1)

Told = list[tuple[Check, str, str]]


def wallet(sequence: int = 2, **balances: int) -> Wallet:
    named = {Account(name.replace("_", ":")): amount for name, amount in balances.items()}
    return Wallet(REF, sequence, START, START, balances=named)


def follow(
    audit: JournalAudit, number: int, answers: list[Answer], entries: list[PostedEntry]
) -> Told:
    return told([*audit.follow(number, answers, entries)])


def after_first(stored: Wallet) -> JournalAudit:
    """Returns the audit of a wallet after its first answer, which opened it."""
    audit = JournalAudit(stored, ASSETS)
    assert follow(audit, 1, [answer("OpenWallet", number=1)], []) == []
    return audit


def test_what_the_core_records_adds_up() -> None:
    world = Recording()
    for said in (world.deposit(100), world.authorize(60), world.settle(90), world.adjust(-10)):
        assert said == "APPLIED"
    audit = JournalAudit(world.wallet, ASSETS, sequence=1)

    for each in world.answers:
        assert [*audit.follow(each.sequence, [each], each.entries)] == []

    assert [*audit.finish()] == []
    assert audit.balances == {"bkt:SN": 120, "open:SN": 0}
    assert audit.house == {
        ("EUR", "H:CASH"): -100,
        ("EUR", "H:GAME:SPORTS"): -30,
        ("EUR", "H:ADJUST"): 10,
    }


def test_numbers_have_no_gaps() -> None:
    audit = after_first(wallet(4))

    assert follow(audit, 3, [answer("UnsettleBet", number=3)], []) == [
        (Check.SEQUENCE, "#3", "the answer before it is #1")
    ]
    assert follow(audit, 4, [answer("UnsettleBet", number=4)], []) == []
    assert [*audit.finish()] == []


def test_a_number_has_one_answer() -> None:
    audit = after_first(wallet())
    answers = [answer("UnsettleBet"), answer("UnsettleBet", request_id="s")]

    assert follow(audit, 2, answers, []) == [
        (Check.SEQUENCE, "#2", "several answers have it: r, s")
    ]


def test_an_entry_without_an_answer_is_no_gap() -> None:
    audit = after_first(wallet(bkt_SN=5))
    posted = entry("bkt:SN +5 =5, H:ADJUST -5")

    assert follow(audit, 2, [], [posted]) == [
        (Check.ENTRY_WITHOUT_ANSWER, "#2.0", "request r has no answer with this number")
    ]
    assert told([*audit.finish()]) == [(Check.SEQUENCE, "#2", "the last answer is #1")]


def test_no_answer_is_before_the_one_before_it() -> None:
    audit = after_first(wallet())

    assert follow(audit, 2, [answer("UnsettleBet", time=START - SECOND)], []) == [
        (Check.ANSWER_TIME, "#2", "before the command before it")
    ]
    assert follow(audit, 3, [answer("UnsettleBet", number=3, time=START - SECOND)], []) == []


def test_the_wallet_is_of_its_last_answer() -> None:
    audit = JournalAudit(replace(wallet(1), update_time=START + SECOND), ASSETS)
    follow(audit, 1, [answer("OpenWallet", number=1)], [])

    message = f"the last answer is of {START}, the wallet of {START + SECOND}"
    assert told([*audit.finish()]) == [(Check.ANSWER_TIME, "#1", message)]


def test_a_wallet_without_answers_has_nothing_to_compare_its_time_with() -> None:
    assert [*JournalAudit(wallet(0), ASSETS).finish()] == []


def test_the_changes_of_an_entry_add_up_to_nothing() -> None:
    audit = after_first(wallet())

    assert follow(audit, 2, [answer()], [entry("bkt:SN +5 =5, H:ADJUST -4")]) == [
        (Check.ENTRY_UNBALANCED, "#2.0", "its changes add up to 1")
    ]
    assert follow(audit, 3, [answer(number=3)], [entry("", number=3)]) == [
        (Check.ENTRY_UNBALANCED, "#3.0", "its changes add up to 0")
    ]


def test_an_entry_names_the_accounts_of_its_command() -> None:
    audit = after_first(wallet())

    assert follow(audit, 2, [answer()], [entry("bkt:SN +5 =5, H:CASH -5")]) == [
        (Check.ENTRY_ACCOUNT, "#2.0", "H:CASH does not belong here")
    ]


def test_an_account_comes_to_what_its_changes_add_up_to() -> None:
    audit = after_first(wallet(3, bkt_SN=8))
    first = entry("bkt:SN +5 =6, H:ADJUST -5 =-5")
    second = entry("bkt:SN +3 =8, H:ADJUST -3", number=3)

    assert follow(audit, 2, [answer()], [first]) == [
        (Check.BALANCE_AFTER, "#2.0", "bkt:SN says 6, comes to 5"),
        (Check.BALANCE_AFTER, "#2.0", "H:ADJUST says -5, comes to None"),
    ]
    assert follow(audit, 3, [answer(number=3)], [second]) == []
    assert [*audit.finish()] == []
    assert audit.house == {("EUR", "H:ADJUST"): -8}


def test_a_bucket_never_is_below_zero() -> None:
    audit = after_first(wallet())

    assert follow(audit, 2, [answer()], [entry("bkt:SN -5 =-5, H:ADJUST +5")]) == [
        (Check.BALANCE_SIGN, "#2.0", "bkt:SN comes to -5")
    ]


def test_what_is_stored_is_what_the_entries_come_to() -> None:
    audit = after_first(wallet(bkt_SN=5, bkt_CN=1))
    follow(audit, 2, [answer()], [entry("bkt:SN +3 =3, bkt:SB +2 =2, H:ADJUST -5")])

    assert told([*audit.finish()]) == [
        (Check.BALANCE, "bkt:CN", "1 is stored, the entries come to 0"),
        (Check.BALANCE, "bkt:SB", "0 is stored, the entries come to 2"),
        (Check.BALANCE, "bkt:SN", "5 is stored, the entries come to 3"),
        (Check.BOOKS_UNBALANCED, "EUR", "player and house together come to 1"),
    ]


def test_the_books_balance_asset_by_asset() -> None:
    audit = after_first(wallet(3, bkt_SN=7, bkt_PT=4, DEBT_EUR=-2, bkt_XX=6))
    euros = entry("bkt:SN +5 =5, H:ADJUST -2, H:ADJUST -3")
    points = entry("bkt:PT +4 =4, H:ADJUST -4", number=3, asset_code="PTS")
    assert follow(audit, 2, [answer()], [euros]) == []
    assert follow(audit, 3, [answer(number=3)], [points]) == []

    unbalanced = [each for each in audit.finish() if each.check is Check.BOOKS_UNBALANCED]

    assert told(unbalanced) == [
        (Check.BOOKS_UNBALANCED, "?", "player and house together come to 6")
    ]
