"""Terms keep their digest for ever: what was on record before a field came stays what it was."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from wallet_server.core.config.policy import Destinations, RollingRules
from wallet_server.core.config.provider_profile import CorrectionShortfall, PayoutBasis
from wallet_server.core.config.snapshot import Snapshot
from wallet_server.core.config.wallet_policy import RecoveryScope
from wallet_server.storage.snapshot_documents import (
    snapshot_from_document,
    snapshot_to_document,
)
from wallet_server.storage.terms import read_terms, write_terms

SNAPSHOT = Snapshot(
    topology_version=1,
    wallet_policy_version=2,
    policy_version=3,
    profile_version=4,
    provider_type="SPORTS",
    payout_basis=PayoutBasis.NET_OF_FREEBET,
    rollback_after_settle=True,
    correction_shortfall=CorrectionShortfall.REJECT,
    recovery_scope=RecoveryScope.GROUP,
    recovery_order=("cash", "spare"),
)
SOURCES = (("bonus", Destinations("cash", "cash", profit_cap=500)),)

# Written by the release before rolling rules and the grace of coupons. Never to be changed.
DOCUMENT = (
    '{"snapshot":{"topology_version":1,"wallet_policy_version":2,"policy_version":3,'
    '"profile_version":4,"provider_type":"SPORTS","payout_basis":"NET_OF_FREEBET",'
    '"rollback_after_settle":true,"correction_shortfall":"REJECT","recovery_scope":"GROUP",'
    '"recovery_order":["cash","spare"]},"sources":[{"source":"bonus","stake_target":"cash",'
    '"profit_target":"cash","profit_cap":500}]}'
)
TERMS_ID = UUID("e0080615-4ce9-87eb-9ecb-cfcdd5ecc496")


def test_terms_that_are_on_record_keep_their_document_and_their_digest() -> None:
    written = write_terms(SNAPSHOT, SOURCES)

    assert (written.document, written.terms_id) == (DOCUMENT, TERMS_ID)
    assert read_terms(DOCUMENT).snapshot == SNAPSHOT


@pytest.mark.parametrize(
    ("changes", "added"),
    [
        ({"rolling": RollingRules(weight_bp=0)}, {"rolling": {"weight_bp": 0}}),
        ({"rolling": RollingRules(odds_milli_min=1_500)}, {"rolling": {"odds_milli_min": 1_500}}),
        ({"rolling": RollingRules(excluded_game_ids=("g",))}, {"rolling": {"excluded_game_ids": ["g"]}}),
        ({"rolling": RollingRules(counts_cash_outs=False)}, {"rolling": {"counts_cash_outs": False}}),
        ({"rolling": RollingRules(parallel=True)}, {"rolling": {"parallel": True}}),
        ({"coupon_grace_seconds": 0}, {"coupon_grace_seconds": 0}),
    ],
)  # fmt: skip
def test_a_later_field_is_written_only_where_it_says_something_else(
    changes: dict[str, Any], added: dict[str, Any]
) -> None:
    changed = replace(SNAPSHOT, **changes)

    document = snapshot_to_document(changed)

    assert document == {**snapshot_to_document(SNAPSHOT), **added}
    assert snapshot_from_document(document) == changed
    assert write_terms(changed, SOURCES).terms_id != TERMS_ID
