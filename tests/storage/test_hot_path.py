"""Loading and recording batches: all comes back, and a claim that misses changes nothing."""

import itertools
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.database import Database
from tests.storage.batches import (
    COMMAND,
    CORRELATION,
    TENANT,
    Lane,
    answer_of,
    fold_of,
    load_wallets,
    opening_of,
    wallet_of,
)
from tests.storage.values import BALANCES, BETS, DEBTS, DEPOSITS, PLAYERS, TIMES, answers
from wallet_server.core.accounts import CASH, Account, bucket
from wallet_server.core.answer import AccountChange, Answer, PostedEntry
from wallet_server.core.batch import Recorded, Task
from wallet_server.core.commands import ConfirmLimitIncrease, SetAccountStatus
from wallet_server.core.commands.actor import Actor
from wallet_server.core.history.entry_filter import JournalPlace, PageAsked
from wallet_server.core.history.window import window
from wallet_server.core.players.limit import LimitKind, LimitPeriod
from wallet_server.core.players.player import ORDINARY_PLAYER
from wallet_server.core.players.status import AccountStatus
from wallet_server.storage.answers_read import find_answer
from wallet_server.storage.entries import list_entries, load_entries
from wallet_server.storage.json_text import from_json
from wallet_server.storage.loading import Wanted, load
from wallet_server.storage.recording import record
from wallet_server.storage.recording_arguments import terms_to_record
from wallet_server.storage.terms import add_terms
from wallet_server.storage.wallets import find_bet, find_wallet

NUMBERS = itertools.count()


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
    max_examples=40,
)
@given(data=st.data())
async def test_all_that_is_recorded_is_loaded_as_it_was(
    connections: Lane, data: st.DataObject
) -> None:
    loader, recorder = connections
    opened = wallet_of(f"player-{next(NUMBERS)}")
    await record(recorder, opening_of(opened), await load_wallets(loader, opened))
    loaded = await load_wallets(loader, opened)
    answer = data.draw(answers(request_id="second", sequence=2, correlation_id=CORRELATION))
    bets = {bet.key: bet for bet in data.draw(st.lists(BETS, max_size=3))}
    if answer.bet is not None:
        bets[answer.bet.key] = answer.bet
    items = {item.key: item for item in data.draw(st.lists(DEPOSITS, max_size=2))}
    player = data.draw(st.just(ORDINARY_PLAYER) | PLAYERS)
    after = replace(
        opened,
        sequence=2,
        update_time=data.draw(TIMES),
        balances={**data.draw(BALANCES), **data.draw(DEBTS)},
        bets=bets,
        items=items,
        player=player,
    )
    ref = after.ref

    fold = fold_of(
        [after],
        [(after, answer)],
        bets=[(ref, bet) for bet in bets.values()],
        items=[(ref, item) for item in items.values()],
        players={} if player is ORDINARY_PLAYER else {ref.player_id: player},
    )
    await add_terms(loader, terms_to_record(fold, loaded))
    await record(recorder, fold, loaded)

    wanted = Wanted(
        [ref],
        [(ref, "second"), (ref, "unknown")],
        [(ref, key) for key in bets],
        items=[(ref, key) for key in items],
    )
    found = await load(loader, wanted)
    assert found.wallets == {ref: after}
    assert found.answers == {(ref, "second"): replace(answer, entries=())}
    assert found.epochs == {TENANT: 1}
    assert found.players == {(TENANT, ref.player_id): player}
    entries = await load_entries(loader, [(ref, 2)])
    assert entries.get((ref, 2), ()) == answer.entries
    assert await find_answer(loader, ref, "second") == answer
    assert await find_wallet(loader, ref) == replace(after, bets={}, items={})
    for key, bet in bets.items():
        assert await find_bet(loader, ref, key) == bet


async def test_what_is_not_there_is_not_loaded(connections: Lane) -> None:
    loader, _ = connections
    ref = wallet_of("nobody").ref

    found = await load(loader, Wanted([ref], [(ref, "r")]))

    assert (found.wallets, found.players, found.answers) == ({}, {}, {})
    assert found.epochs == {TENANT: 1}


async def test_balances_of_zero_are_not_kept(connections: Lane) -> None:
    loader, recorder = connections
    wallet = replace(
        wallet_of("p"), balances={bucket("a"): 0, bucket("b"): 5, Account("DEBT:EUR"): 0}
    )

    await record(recorder, opening_of(wallet), await load_wallets(loader, wallet))

    (found,) = (await load_wallets(loader, wallet)).wallets.values()
    assert found.balances == {"bkt:b": 5}


async def test_what_an_operator_said_is_kept(connections: Lane, database: Database) -> None:
    loader, recorder = connections
    wallet = wallet_of("p")

    await record(recorder, opening_of(wallet), await load_wallets(loader, wallet))

    connection = await database.connect()
    row = await connection.fetchrow("SELECT details::text AS details, correlation_id FROM answers")
    assert row is not None
    said = {"reason_code": "TEST", "comment": COMMAND.comment}
    assert (from_json(row["details"]), row["correlation_id"]) == (said, CORRELATION)


async def test_who_said_so_is_kept(connections: Lane, database: Database) -> None:
    loader, recorder = connections
    wallet = wallet_of("p")
    fold = opening_of(wallet)
    commands = [
        SetAccountStatus(AccountStatus.FROZEN, "TEST", actor=Actor("clerk")),
        ConfirmLimitIncrease(LimitKind.LOSS, LimitPeriod.DAY),
    ]
    fold.recorded[:] = [
        Recorded(Task(wallet.ref, f"r{number}", command), answer_of(f"r{number}", number))
        for number, command in enumerate(commands, start=1)
    ]

    await record(recorder, fold, await load_wallets(loader, wallet))

    connection = await database.connect()
    rows = await connection.fetch("SELECT details::text AS details FROM answers ORDER BY sequence")
    found = [row["details"] and from_json(row["details"]) for row in rows]
    clerk = {"name": "clerk", "roles": [], "player_id": ""}
    assert found == [{"reason_code": "TEST", "actor": clerk}, None]


async def test_two_wallets_of_a_new_player_may_be_opened_at_once(connections: Lane) -> None:
    loader, recorder = connections
    euros, dollars = wallet_of("p"), wallet_of("p", currency_code="USD")

    await record(recorder, opening_of(euros, dollars), await load_wallets(loader, euros, dollars))

    found = await load_wallets(loader, euros, dollars)
    assert found.wallets.keys() == {euros.ref, dollars.ref}


async def test_the_journal_is_read_page_by_page_from_either_end(connections: Lane) -> None:
    loader, recorder = connections
    wallet = wallet_of("p")
    await record(recorder, opening_of(wallet), await load_wallets(loader, wallet))
    for sequence in range(2, 6):
        answer = journal_answer(sequence)
        later = replace(wallet, sequence=sequence)
        loaded = await load_wallets(loader, wallet)
        await record(recorder, fold_of([later], [(later, answer)]), loaded)

    for newest_first in (False, True):
        expected = [(sequence, ordinal) for sequence in range(2, 6) for ordinal in (0, 1)]
        if newest_first:
            expected.reverse()
        read: list[tuple[int, int]] = []
        while page := await list_entries(
            loader,
            wallet.ref,
            window(
                PageAsked(JournalPlace(*read[-1]) if read else None, 3, newest_first=newest_first),
                low=0,
                high=5,
                commands_max=100,
            ),
            limit=3,
        ):
            read += [(entry.sequence, entry.ordinal) for entry in page]
        assert read == expected


def journal_answer(sequence: int) -> Answer:
    """Returns an answer with two entries."""
    changes = (AccountChange(bucket("a"), 1, 1), AccountChange(CASH, -1, None))
    answer = answer_of(f"r{sequence}", sequence)
    entries = tuple(
        PostedEntry(sequence, ordinal, "EUR", changes, answer.answer_time, f"r{sequence}", "C")
        for ordinal in (0, 1)
    )
    return replace(answer, entries=entries)


async def test_a_recording_is_one_serializable_transaction(connections: Lane) -> None:
    loader, recorder = connections

    assert await recorder.fetchval("SHOW transaction_isolation") == "serializable"
    assert await loader.fetchval("SHOW transaction_isolation") == "read committed"
