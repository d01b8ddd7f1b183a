"""Explaining how a bet would be funded."""

import pytest

from tests.core.rules import SPORTS, configuration
from tests.core.world import START, World, eur
from wallet_server.core.bets.explain import UNPLACED, explain_funding
from wallet_server.core.bets.explanation import ConsideredSource, FundingExplanation
from wallet_server.core.commands import Amount, AuthorizeBet
from wallet_server.core.ids import BetKey
from wallet_server.core.players.status import AccountStatus
from wallet_server.core.refusals import (
    AccountFrozen,
    CurrencyMismatch,
    InsufficientFunds,
    ProviderUnmapped,
    SelectedSourceRequired,
)


def explained(
    world: World, stake: Amount, provider: str = "sports", selected: str = ""
) -> FundingExplanation:
    bet = AuthorizeBet(BetKey(provider, UNPLACED), stake, selected_source=selected)
    return explain_funding(bet, world.wallet, configuration(), START)


def test_it_says_what_the_bet_would_get() -> None:
    world = World("SB 20, SN 50, WD 70", frozen="WD")
    before = world.wallet

    explanation = explained(world, eur(60))

    world.authorize(60)
    bet = world.bet()
    assert explanation.lines == bet.lines
    assert explanation.snapshot == bet.snapshot
    assert explanation.provider_type == SPORTS.provider_type
    assert explanation.refusal is None
    assert explanation.sequence == before.sequence
    assert explanation.considered == (
        ConsideredSource("SB", 20),
        ConsideredSource("SN", 50),
        ConsideredSource("WD", 0),
    )


def test_it_says_why_the_bet_would_be_refused_and_what_there_is() -> None:
    explanation = explained(World("SB 20"), eur(60))

    assert explanation.refusal == InsufficientFunds(60, 20)
    assert explanation.lines == ()
    assert [each.available for each in explanation.considered] == [20, 0, 0]


@pytest.mark.parametrize(
    ("case", "world", "stake", "provider", "refusal", "considered"),
    [
        ("unmapped", World("SN 100"), eur(60), "nobody", ProviderUnmapped("nobody"), 0),
        (
            "status",
            World("SN 100", status=AccountStatus.FROZEN),
            eur(60),
            "sports",
            AccountFrozen("AuthorizeBet"),
            3,
        ),
        (
            "currency",
            World("SN 100"),
            Amount("USD", 60),
            "sports",
            CurrencyMismatch("stake", "EUR", "USD"),
            3,
        ),
        (
            "choice",
            World("CN 100"),
            eur(60),
            "live",
            SelectedSourceRequired("CASINO_NORMAL, CASINO_BONUS"),
            0,
        ),
    ],
)
def test_every_refusal_is_told(
    case: str, world: World, stake: Amount, provider: str, refusal: object, considered: int
) -> None:
    explanation = explained(world, stake, provider)

    assert explanation.refusal == refusal, case
    assert len(explanation.considered) == considered


def test_what_the_player_would_choose_is_considered_alone() -> None:
    explanation = explained(World("CN 100, CB 50"), eur(60), "live", "CASINO_NORMAL")

    assert explanation.considered == (ConsideredSource("CN", 100),)
    assert [(each.source, each.amount) for each in explanation.lines] == [("CN", 60)]
