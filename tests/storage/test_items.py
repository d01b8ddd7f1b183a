"""Items, wins and the particulars of bets come back from their documents as they were."""

from dataclasses import MISSING, fields, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.storage.values import BETS, TIMES
from wallet_server.core.bets.bet import Bet
from wallet_server.core.ids import BetKey
from wallet_server.core.items import Item, ItemKind
from wallet_server.core.results import (
    RESULTS,
    CommandResult,
    result_from_plain,
    result_to_plain,
)
from wallet_server.core.rounds.win import CashOutRef, Win
from wallet_server.storage.items import (
    ITEM_TYPES,
    kind_of,
    read_item,
    read_win,
    state_of,
    state_of_win,
)
from wallet_server.storage.json_text import from_json, to_json
from wallet_server.storage.particulars import (
    particulars_to_json,
    read_particulars,
    read_wish,
    with_coupons,
)
from wallet_server.storage.rows import lines_of
from wallet_server.storage.terms import read_terms, terms_of

# Times come back with microseconds, in UTC, as Postgres keeps them.
st.register_type_strategy(datetime, TIMES)

NOW = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC)


@pytest.mark.parametrize("kind", ItemKind)
@given(data=st.data())
def test_an_item_comes_back_as_it_was(kind: ItemKind, data: st.DataObject) -> None:
    item: Item = data.draw(st.from_type(ITEM_TYPES[kind]))

    assert read_item(kind, to_json(item)) == item
    assert item.key.kind is kind
    assert state_of(item)


@given(st.from_type(Win) | st.from_type(CashOutRef))
def test_a_win_comes_back_as_it_was(win: Win | CashOutRef) -> None:
    assert read_win(kind_of(win), to_json(win)) == win
    assert state_of_win(win)


@pytest.mark.parametrize("kind", ItemKind)
@given(data=st.data())
def test_an_item_of_an_earlier_release_is_read_with_defaults(
    kind: ItemKind, data: st.DataObject
) -> None:
    item: Item = data.draw(st.from_type(ITEM_TYPES[kind]))
    left_out = {f.name: f.default for f in fields(item) if f.default is not MISSING}
    document = {
        name: value for name, value in from_json(to_json(item)).items() if name not in left_out
    }

    read = read_item(kind, to_json({**document, "gone": 1}))

    assert read == replace(item, **left_out)


@given(BETS)
def test_the_particulars_of_a_bet_come_back_as_they_were(bet: Bet) -> None:
    terms = terms_of(bet)
    amounts = [line.amount for line in bet.lines if line.coupon is None]
    particulars = read_particulars(particulars_to_json(bet))
    lines = lines_of(read_terms(terms.document), amounts) if terms else ()

    bare = replace(bet, lines=with_coupons(lines, particulars))
    assert replace(bare, **read_wish(particulars)) == bet


@pytest.mark.parametrize("kind", RESULTS.values(), ids=RESULTS)
@given(data=st.data())
def test_a_result_comes_back_as_it_was(kind: type[CommandResult], data: st.DataObject) -> None:
    result = data.draw(st.from_type(kind))

    assert result_from_plain(from_json(to_json(result_to_plain(result)))) == result


def test_a_document_of_another_kind_is_refused() -> None:
    win = CashOutRef(BetKey("acme", "w"), bet_ref="b", sequence=1, create_time=NOW)

    with pytest.raises(ValueError, match="missing required field"):
        read_item(ItemKind.COUPON, to_json(win))
