"""The terms of bets: the rules a bet was placed under, and where each source's money goes.

A bet keeps its terms for ever, and most bets have the same. So each tenant's distinct
terms are kept once, under a digest of what they say, and a bet names them. They are
only ever added: nothing that a bet names can change.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias
from uuid import UUID

from wallet_server.core.bets.bet import Bet, Snapshot
from wallet_server.core.config.policy import Destinations
from wallet_server.storage.connections import Connection
from wallet_server.storage.json_text import Document, from_json, to_json
from wallet_server.storage.snapshot_documents import snapshot_from_document, snapshot_to_document

TERMS_CACHED_MAX = 16_384
DIGEST_BYTES = 16

TermsKey: TypeAlias = tuple[str, UUID]
"""Tenant and digest: the key of a row."""


class TermsGoneError(LookupError):
    """A bet names terms that are not on record."""


ADD = """
INSERT INTO bet_terms (tenant_id, terms_id, document)
SELECT r ->> 0, (r ->> 1)::uuid, (r ->> 2)::json FROM jsonb_array_elements($1::jsonb) AS k (r)
ON CONFLICT (tenant_id, terms_id) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a bet was placed under. `sources` are in the order of its funding lines.

    Coupons are not among them (`particulars.py`).
    """

    snapshot: Snapshot
    sources: tuple[tuple[str, Destinations], ...]


@dataclass(frozen=True, slots=True)
class WrittenTerms:
    """Terms as they are stored."""

    terms_id: UUID
    document: str


def terms_of(bet: Bet) -> WrittenTerms | None:
    """Returns the terms of a bet; none for one that never took a stake."""
    if bet.snapshot is None:
        return None
    sources = tuple((each.source, each.destinations) for each in bet.lines if each.coupon is None)
    return write_terms(bet.snapshot, sources)


@lru_cache(maxsize=TERMS_CACHED_MAX)
def write_terms(snapshot: Snapshot, sources: tuple[tuple[str, Destinations], ...]) -> WrittenTerms:
    """Returns terms as they are stored: the same terms, the same text and digest."""
    document = to_json(
        {
            "snapshot": snapshot_to_document(snapshot),
            "sources": [_source_document(*source) for source in sources],
        }
    )
    return WrittenTerms(UUID(bytes=digest_of(document)), document)


def digest_of(document: str) -> bytes:
    """Returns the digest under which a document is kept."""
    return hashlib.sha256(document.encode()).digest()[:DIGEST_BYTES]


@lru_cache(maxsize=TERMS_CACHED_MAX)
def read_terms(document: str) -> Terms:
    """Returns the terms of a document. Equal documents give the same object."""
    value = from_json(document)
    return Terms(
        snapshot=snapshot_from_document(value["snapshot"]),
        sources=tuple(_read_source(each) for each in value["sources"]),
    )


async def add_terms(connection: Connection, terms: Mapping[TermsKey, WrittenTerms]) -> None:
    """Adds terms, unless they are there. Commits by itself."""
    rows = [(*key, terms[key].document) for key in sorted(terms)]  # One order for all servers.
    await connection.execute(ADD, to_json(rows))


def _source_document(source: str, destinations: Destinations) -> dict[str, Any]:
    return {
        "source": source,
        "stake_target": destinations.stake_target,
        "profit_target": destinations.profit_target,
        "profit_cap": destinations.profit_cap,
    }


def _read_source(document: Document) -> tuple[str, Destinations]:
    destinations = Destinations(
        stake_target=document["stake_target"],
        profit_target=document["profit_target"],
        profit_cap=document["profit_cap"],
    )
    return document["source"], destinations
