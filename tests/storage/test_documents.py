"""What is kept as a document comes back as it was."""

import json

from hypothesis import given

from tests.storage.values import BETS, refusals
from wallet_server.core.bets.bet import Bet
from wallet_server.core.refusals import Refusal
from wallet_server.storage.documents import (
    bet_from_json,
    bet_to_json,
    refusal_from_json,
    refusal_to_json,
)


@given(BETS)
def test_a_bet_comes_back_as_it_was(bet: Bet) -> None:
    assert bet_from_json(bet_to_json(bet)) == bet


@given(refusals())
def test_a_refusal_comes_back_as_it_was(refusal: Refusal) -> None:
    assert refusal_from_json(refusal_to_json(refusal)) == refusal


@given(BETS)
def test_a_bets_document_leaves_out_what_is_empty(bet: Bet) -> None:
    assert all(json.loads(bet_to_json(bet)).values())
