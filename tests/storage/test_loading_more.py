"""What is loaded of a wallet beside its row: live items, and what is found to be needed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.storage.batches import NOW, TENANT, Lane, answer_of, fold_of, load_wallets, wallet_of
from wallet_server.core.coupons.grant import CouponGrant, CouponState, CouponTerms
from wallet_server.core.ids import BetKey, WalletRef
from wallet_server.core.items import Item
from wallet_server.core.rounds.round import Round, RoundState
from wallet_server.core.rounds.win import CashOutRef, Win, WinState
from wallet_server.core.rounds.win_kind import WinKind
from wallet_server.storage.loading import Loaded, Wanted, load, load_more
from wallet_server.storage.recording import record
from wallet_server.storage.troubles import Trouble, WalletMovedError, trouble_of

A = WalletRef(TENANT, "a", "EUR")
B = WalletRef(TENANT, "b", "EUR")


def grant(grant_id: str, state: CouponState = CouponState.ACTIVE) -> CouponGrant:
    until = NOW + timedelta(days=1)
    return CouponGrant(grant_id, state, 5, NOW, until, CouponTerms("cash"), 1, 1, NOW)


ROUND = Round("acme", "r1", RoundState.OPEN, 1, NOW, win_refs=("w1",))
WIN = Win(BetKey("acme", "w1"), WinState.CREDITED, WinKind.JACKPOT, 5, 1, NOW, round_ref="r1")
CASH_OUT = CashOutRef(BetKey("acme", "c1"), "b1", 1, NOW, stake=5, payout=4)
LIVE, USED_UP = grant("live"), grant("used-up", CouponState.EXHAUSTED)


async def insert(
    lane: Lane, player_id: str, *items: Item, wins: Sequence[Win | CashOutRef]
) -> None:
    """Records a wallet with these."""
    loader, recorder = lane
    wallet = replace(wallet_of(player_id), items={item.key: item for item in items})
    fold = fold_of([wallet], [(wallet, answer_of("open"))])
    fold.items.update({(wallet.ref, item.key): item for item in items})
    fold.wins.update({(wallet.ref, win.key): win for win in wins})
    await record(recorder, fold, await load_wallets(loader, wallet))


@pytest.fixture
async def filled(connections: Lane) -> Lane:
    """Two wallets with items and references, of which those of B have other content."""
    await insert(connections, "a", LIVE, USED_UP, ROUND, wins=[WIN, CASH_OUT])
    await insert(connections, "b", grant("live-of-b"), wins=[replace(WIN, amount=7)])
    return connections


async def test_a_wallet_comes_with_the_number_of_its_live_items_and_none_of_them(
    filled: Lane,
) -> None:
    loaded = await load(filled[0], Wanted([A, B]))

    assert loaded.live_counts == {A: 1, B: 1}
    assert [wallet.items for wallet in loaded.wallets.values()] == [{}, {}]


async def test_live_items_are_those_of_the_wallets_that_are_asked_for_and_no_others(
    filled: Lane,
) -> None:
    loaded = await load(filled[0], Wanted([A, B], live=[A]))

    assert loaded.wallets[A].items == {LIVE.key: LIVE}
    assert loaded.wallets[B].items == {}


async def test_what_is_named_comes_whether_it_is_live_or_not(filled: Lane) -> None:
    wanted = Wanted(
        [A, B],
        bets=[(A, WIN.key), (A, CASH_OUT.key), (B, WIN.key), (B, CASH_OUT.key)],
        items=[(A, USED_UP.key), (A, ROUND.key), (B, LIVE.key)],
    )

    loaded = await load(filled[0], wanted)

    assert loaded.wallets[A].items == {USED_UP.key: USED_UP, ROUND.key: ROUND}
    assert loaded.wallets[A].wins == {WIN.key: WIN, CASH_OUT.key: CASH_OUT}
    assert loaded.wallets[B].items == {}
    assert loaded.wallets[B].wins == {WIN.key: replace(WIN, amount=7)}
    assert not loaded.wallets[A].bets


async def test_more_is_added_to_what_is_there(filled: Lane) -> None:
    loader, _ = filled
    loaded = await load(loader, Wanted([A, B], items=[(A, ROUND.key)], bets=[(A, CASH_OUT.key)]))
    places = dict(loaded.bet_places)

    await load_more(loader, Wanted([A], bets=[(A, WIN.key)], live=[A]), loaded)

    assert loaded.wallets[A].items == {ROUND.key: ROUND, LIVE.key: LIVE}
    assert loaded.wallets[A].wins == {CASH_OUT.key: CASH_OUT, WIN.key: WIN}
    assert loaded.bet_places.keys() == {*places, (A, WIN.key)}
    assert loaded.wallets[B].items == {}


async def test_an_item_that_was_changed_is_loaded_as_it_is_now(filled: Lane) -> None:
    loader, recorder = filled
    loaded = await load(loader, Wanted([A], live=[A]))
    ended = replace(LIVE, state=CouponState.EXPIRED, revision=2)
    later = replace(loaded.wallets[A], sequence=2, items={ended.key: ended})
    fold = fold_of([later], [(later, answer_of("end", 2))])
    fold.items[A, ended.key] = ended
    await record(recorder, fold, loaded)

    again = await load(loader, Wanted([A], items=[(A, LIVE.key)], live=[A]))

    assert again.live_counts == {}
    assert again.wallets[A].items == {ended.key: ended}


async def test_a_wallet_that_has_moved_between_two_steps_is_noticed(filled: Lane) -> None:
    loader, recorder = filled
    loaded = await load(loader, Wanted([A, B]))
    before = Loaded(wallets=dict(loaded.wallets))
    later = replace(loaded.wallets[B], sequence=2)
    moved = fold_of([later], [(later, answer_of("move", 2))])
    await record(recorder, moved, await load(loader, Wanted([B], live=[B])))

    with pytest.raises(WalletMovedError) as noticed:
        await load_more(loader, Wanted([A, B], live=[A, B]), loaded)

    assert trouble_of(noticed.value) is Trouble.CONFLICT
    assert loaded.wallets == before.wallets
