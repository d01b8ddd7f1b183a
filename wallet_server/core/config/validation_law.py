"""What the law that a tenant's wallet policy names rules out in all its documents."""

from collections.abc import Iterator, Sequence

from wallet_server.core.config.documents import Document, title_of
from wallet_server.core.config.jurisdictions import JURISDICTIONS, NO_LAW, check_wagering
from wallet_server.core.config.policy import Policy
from wallet_server.core.config.problem import Problem
from wallet_server.core.config.reasons import WAGERING_CAP
from wallet_server.core.config.topology import Topology
from wallet_server.core.config.wallet_policy import WalletPolicy


def find_law_problems(documents: Sequence[Document]) -> list[Problem]:
    """Returns the rolling requirements that ask for more wagering than the law lets them.

    Nothing is wrong here under a law that is not known: the wallet policy is, then.
    """
    policy = next((each for each in documents if isinstance(each, WalletPolicy)), None)
    law = JURISDICTIONS.get(policy.jurisdiction) if policy else None
    return [
        Problem(f"{title_of(document)}: {path}", WAGERING_CAP, refusal.describe())
        for document in documents
        for path, multiplier_bp in multipliers_of(document)
        if (refusal := check_wagering(multiplier_bp, law or NO_LAW)) is not None
    ]


def multipliers_of(document: Document) -> Iterator[tuple[str, int]]:
    """Yields the multipliers that a document asks for, in hundredths of a percent, by path."""
    match document:
        case WalletPolicy(deposit_rolling=rolling) if rolling is not None:
            yield "deposit_rolling.multiplier_bp", rolling.multiplier_bp
        case Policy(win_destinations=destinations):
            for i, each in enumerate(destinations):
                if each.rolling is not None:
                    path = f"win_destinations[{i}].rolling.multiplier_bp"
                    yield path, each.rolling.multiplier_bp
        case Topology(transfer_edges=edges):
            for i, edge in enumerate(edges):
                yield f"transfer_edges[{i}].opens_rolling_bp", edge.opens_rolling_bp
        case _:
            return
