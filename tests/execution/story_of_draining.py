"""The part of a wallet's life in which a bucket is emptied that tables used to pay to."""

from dataclasses import replace

from wallet_server.core.commands import (
    AdjustBalance,
    Amount,
    AuthorizeBet,
    Command,
    DrainBucket,
    ReplanAuthorization,
    SettleBet,
)
from wallet_server.core.commands.actor import Actor
from wallet_server.core.config.documents import Document
from wallet_server.core.config.policy import Destinations, Policy, SourceDestinations
from wallet_server.core.config.topology import BucketClass, BucketStatus, BucketType, Topology
from wallet_server.core.ids import BetKey

CASINO, TABLES = "casino_normal", "tables_bonus"


def with_draining(document: Document) -> Document:
    """Returns a document with a bucket that is DRAINING, and that tables still pay profit to."""
    if isinstance(document, Topology):
        emptied = BucketType(TABLES, "casino", BucketClass.RESTRICTED, status=BucketStatus.DRAINING)
        return replace(document, buckets=(*document.buckets, emptied))
    if isinstance(document, Policy) and document.provider_type == "LIVE":
        others = tuple(each for each in document.destinations if each.source != CASINO)
        profit = SourceDestinations(CASINO, Destinations(CASINO, TABLES))
        return replace(document, destinations=(profit, *others))
    return document


def eur(minor_units: int) -> Amount:
    """Returns an amount of money."""
    return Amount("EUR", minor_units)


def table_bet(bet_ref: str) -> BetKey:
    """Returns the name of a bet at a live table."""
    return BetKey("royal-live", bet_ref)


def place(bet_ref: str, stake: int) -> AuthorizeBet:
    """Places a bet at a live table."""
    return AuthorizeBet(table_bet(bet_ref), eur(stake), selected_source="CASINO_NORMAL")


def replan(bet_ref: str, by: str) -> ReplanAuthorization:
    """Has a person send the profit of a bet past the bucket."""
    key, name = table_bet(bet_ref), f"plan-{bet_ref}"
    return ReplanAuthorization(key, TABLES, CASINO, name, "TEST", actor=Actor(by))


DRAINING: list[Command] = [
    AdjustBalance(CASINO, eur(100), "TEST"),
    place("table-won", 60),
    place("table-open", 40),
    SettleBet(table_bet("table-won"), 1, eur(90)),  # Its profit is in the bucket.
    DrainBucket("drain", TABLES, CASINO),
    DrainBucket("drain", TABLES, CASINO),  # Nothing is left in it.
    replan("table-open", "clerk"),  # Refused: it waits for a second person.
    replan("table-open", "boss"),
    SettleBet(table_bet("table-open"), 1, eur(70)),  # Its profit is no longer sent there.
    AdjustBalance(CASINO, eur(-160), "TEST"),
]
"""This leaves the wallet with as much in each bucket as it had."""
