"""What is submitted for a due item: the same by every server, and by nobody else."""

import re
from dataclasses import replace
from datetime import UTC, datetime

from tests.execution.vocabulary import WALLET
from wallet_server.core.commands import ExpireCoupons
from wallet_server.core.item_key import ItemKey, ItemKind
from wallet_server.execution.due_work.submissions import request_id_of, submission_of
from wallet_server.storage.due_items import DueItem

DUE_TIME = datetime(2026, 1, 1, tzinfo=UTC)
OF_CALLERS = re.compile("[!-~]{1,64}")
"""As the protos say."""


def item_of(
    item_id: str = "grant", *, kind: ItemKind = ItemKind.COUPON, revision: int = 1
) -> DueItem:
    return DueItem(WALLET, ItemKey(kind, item_id), DUE_TIME, revision)


def test_it_is_the_items_command_for_the_items_wallet() -> None:
    submission = submission_of(item_of(), 0)

    assert (submission.wallet, submission.command) == (WALLET, ExpireCoupons("grant"))


def test_it_belongs_to_the_flow_of_what_made_the_item() -> None:
    submission = submission_of(replace(item_of(), correlation_id="campaign-7"), 0)

    assert submission.correlation_id == "campaign-7"
    assert submission.request_id == request_id_of(item_of(), 0)


def test_its_request_id_is_never_another() -> None:
    assert request_id_of(item_of(), 0) == "due coupon 929da13e1c71962c29706cf6 1 0"


def test_other_items_revisions_and_attempts_have_other_request_ids() -> None:
    request_ids = {
        request_id_of(item_of(), 0),
        request_id_of(item_of(), 1),
        request_id_of(item_of("other"), 0),
        request_id_of(item_of(kind=ItemKind.ROUND), 0),
        request_id_of(item_of(revision=2), 0),
    }

    assert len(request_ids) == 5


def test_no_caller_can_have_taken_its_request_id() -> None:
    for kind in ItemKind:
        request_id = request_id_of(item_of("x" * 300, kind=kind, revision=10**9), 999)

        assert len(request_id) <= 64
        assert not OF_CALLERS.fullmatch(request_id)
