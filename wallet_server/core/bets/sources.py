"""Which sources may pay for a bet."""

from functools import lru_cache
from typing import assert_never

from wallet_server.core.accounts import bucket
from wallet_server.core.config.policy import (
    AutoOrder,
    FundingMode,
    PlayerSelected,
    Proportional,
    WeightedSource,
)
from wallet_server.core.config.topology import Topology
from wallet_server.core.refusals import SelectedSourceNotAllowed, SelectedSourceRequired
from wallet_server.core.wallet import Wallet

ORDERS_CACHED_MAX = 4096


def sources_for(
    mode: FundingMode, selected_source: str
) -> tuple[WeightedSource, ...] | SelectedSourceRequired | SelectedSourceNotAllowed:
    """Returns the sources that may pay, first to last, with weights if they share.

    The selected source, empty for none, is the only thing about funding that a
    caller may choose, and only where the policy offers the choice. What was chosen
    pays or nothing does.
    """
    match mode:
        case AutoOrder(order=order):
            if selected_source:
                return SelectedSourceNotAllowed(selected_source, choices="")
            return unweighted(order)
        case Proportional(sources=sources):
            if selected_source:
                return SelectedSourceNotAllowed(selected_source, choices="")
            return sources
        case PlayerSelected(choices=choices):
            names = ", ".join(choice.name for choice in choices)
            if not selected_source:
                return SelectedSourceRequired(names)
            for choice in choices:
                if choice.name == selected_source:
                    return unweighted(choice.sources)
            return SelectedSourceNotAllowed(selected_source, names)
        case _:
            assert_never(mode)


@lru_cache(ORDERS_CACHED_MAX)
def unweighted(sources: tuple[str, ...]) -> tuple[WeightedSource, ...]:
    """Returns sources that pay one after the other."""
    return tuple(WeightedSource(source) for source in sources)


def available(source: str, wallet: Wallet, topology: Topology) -> int:
    """Returns what a source can pay: nothing where it is frozen or retired."""
    if source in wallet.frozen_buckets or source not in topology.bucket_by_code:
        return 0
    return wallet.balances.get(bucket(source), 0)
