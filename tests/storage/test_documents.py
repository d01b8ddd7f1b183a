"""What is kept as a document comes back as it was."""

import json
from dataclasses import replace

import pytest
from hypothesis import given

from tests.storage.values import BETS, refusals
from wallet_server.core.bets.bet import Bet
from wallet_server.core.refusals import Refusal
from wallet_server.storage.documents import (
    BetGoneError,
    answered_bet_from_json,
    answered_bet_to_json,
    read_results,
    refusal_from_json,
    refusal_to_json,
    results_to_json,
)
from wallet_server.storage.terms import Terms, read_terms, terms_of


@given(BETS)
def test_the_results_of_a_bet_come_back_as_they_were(bet: Bet) -> None:
    text = results_to_json(bet)
    read = read_results(json.loads(text)) if text else {}

    fresh = replace(bet, portions=(), unsettled_versions={}, substitutions=(), contributions=())
    fresh = replace(fresh, orderings={})
    assert replace(fresh, **read) == bet


@given(BETS)
def test_a_bet_without_results_has_no_document(bet: Bet) -> None:
    results = (
        *(bet.portions, bet.unsettled_versions, bet.substitutions, bet.contributions),
        *(bet.replanned, bet.orderings),
    )

    assert (results_to_json(bet) is None) == (not any(results))


@given(BETS, BETS)
def test_an_answer_has_the_bet_as_it_was_whatever_became_of_it(then: Bet, later: Bet) -> None:
    """Of a bet that took a stake the terms stay; of others the row may become anything."""
    now = later
    if then.snapshot is not None:
        now = replace(
            then,
            state=later.state,
            revision=later.revision,
            portions=later.portions,
            unsettled_versions=later.unsettled_versions,
            substitutions=later.substitutions,
            contributions=later.contributions,
        )

    assert answered_bet_from_json(answered_bet_to_json(then), then.key, now) == then


@given(BETS)
def test_an_answer_does_not_repeat_the_terms_of_its_bet(bet: Bet) -> None:
    document = json.loads(answered_bet_to_json(bet))

    assert ("stake" in document) == (bet.snapshot is None)
    assert not {"lines", "snapshot"} & document.keys()


@given(BETS.filter(lambda bet: bet.snapshot is not None))
def test_an_answer_whose_bet_is_gone_cannot_be_read(bet: Bet) -> None:
    with pytest.raises(BetGoneError):
        answered_bet_from_json(answered_bet_to_json(bet), bet.key, None)


@given(BETS)
def test_terms_come_back_as_they_were(bet: Bet) -> None:
    written = terms_of(bet)

    assert (written is None) == (bet.snapshot is None)
    if written is not None and bet.snapshot is not None:
        sources = tuple(
            (line.source, line.destinations) for line in bet.lines if line.coupon is None
        )
        assert read_terms(written.document) == Terms(bet.snapshot, sources)


@given(BETS, BETS)
def test_terms_have_one_id_if_they_are_the_same_and_two_if_not(one: Bet, other: Bet) -> None:
    same = terms_of(one)
    again = terms_of(replace(one, stake=other.stake, key=other.key, revision=other.revision))
    assert same == again

    different = terms_of(other)
    if same is not None and different is not None:
        assert (same.terms_id == different.terms_id) == (same.document == different.document)


@given(refusals())
def test_a_refusal_comes_back_as_it_was(refusal: Refusal) -> None:
    assert refusal_from_json(refusal_to_json(refusal)) == refusal
