"""What earlier revisions stored is still there, and says the same, after a migration."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.database import Database
from wallet_server.core.accounts import Account
from wallet_server.core.bets.bet import Bet, BetState, FundingLine, Portion, Snapshot
from wallet_server.core.cashier.deposit import Deposit, DepositState, deposit_key
from wallet_server.core.config.policy import Destinations
from wallet_server.core.config.provider_profile import CorrectionShortfall, PayoutBasis
from wallet_server.core.config.wallet_policy import RecoveryScope
from wallet_server.core.entry import Move
from wallet_server.core.ids import BetKey, WalletRef, locate
from wallet_server.core.refusals import InsufficientFunds
from wallet_server.embedded.roles import Role
from wallet_server.storage.answers_read import find_answer
from wallet_server.storage.items_read import find_item
from wallet_server.storage.migrating import downgrade, migrate
from wallet_server.storage.verification_rows import is_named
from wallet_server.storage.wallets import find_bet

REF = WalletRef("demo", "p1", "EUR")
NOW = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
NOW_US = (NOW - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)

SNAPSHOT: dict[str, Any] = {
    "topology_version": 3,
    "wallet_policy_version": 1,
    "policy_version": 2,
    "profile_version": 1,
    "provider_type": "SPORTS",
    "payout_basis": "GROSS",
    "rollback_after_settle": False,
    "correction_shortfall": "DEBT",
    "recovery_scope": "ALL_CASH",
    "recovery_order": ["normal", "withdrawable"],
}


def line_of(source: str, amount: int, cap: int | None) -> dict[str, Any]:
    return {
        "source": source,
        "amount": amount,
        "stake_target": None if cap else source,
        "profit_target": "normal",
        "profit_cap": cap,
    }


def old_bet(bet_ref: str, state: str, sequence: int, **more: object) -> dict[str, Any]:
    """Returns a bet as revision 13 had it: what is empty is left out."""
    return {
        "provider_id": "acme",
        "bet_ref": bet_ref,
        "state": state,
        "sequence": sequence,
        "create_time_us": NOW_US,
        "revision": 2,
        **more,
    }


OLD: list[dict[str, Any]] = [
    old_bet(
        *("settled", "SETTLED", 2),
        stake=100,
        round_ref="r-1",
        lines=[line_of("bonus", 60, 500), line_of("normal", 40, None)],
        snapshot=SNAPSHOT,
        portions=[
            {
                "portion_ref": "",
                "stake_shares": [60, 40],
                "result_version": 1,
                "payout": 7,
                "refund": 0,
            }
        ],
        unsettled_versions={"x": 4},
        substitutions=[["bkt:a", "DEBT:EUR", 5]],
    ),
    old_bet(
        *("same-terms", "AUTHORIZED", 3),
        stake=3,
        selected_source="BONUS",
        lines=[line_of("bonus", 1, 500), line_of("normal", 2, None)],
        snapshot=SNAPSHOT,
    ),
    old_bet(
        *("declined", "DECLINED", 4),
        stake=9,
        refusal={
            "reason": "INSUFFICIENT_FUNDS",
            "details": {"required": 9, "available": 1},
        },
    ),
    old_bet("tombstone", "TOMBSTONED", 5),
]

LINES = (
    FundingLine("bonus", 60, Destinations(None, "normal", 500)),
    FundingLine("normal", 40, Destinations("normal", "normal", None)),
)
EXPECTED = Bet(
    key=BetKey("acme", "settled"),
    state=BetState.SETTLED,
    sequence=2,
    create_time=NOW,
    revision=2,
    round_ref="r-1",
    stake=100,
    lines=LINES,
    snapshot=Snapshot(
        topology_version=3,
        wallet_policy_version=1,
        policy_version=2,
        profile_version=1,
        provider_type="SPORTS",
        payout_basis=PayoutBasis.GROSS,
        rollback_after_settle=False,
        correction_shortfall=CorrectionShortfall.DEBT,
        recovery_scope=RecoveryScope.ALL_CASH,
        recovery_order=("normal", "withdrawable"),
    ),
    portions=(Portion("", (60, 40), 1, 7, 0),),
    unsettled_versions={"x": 4},
    substitutions=(Move(Account("bkt:a"), Account("DEBT:EUR"), 5),),
)


@pytest.fixture
async def old(empty_database: Database) -> Database:
    """A database as revision 13 left it, with bets and answers that tell of them."""
    await migrate(empty_database.owner_url, target="0013")
    server = await empty_database.connect(Role.SERVER)
    place = locate(REF)
    await server.execute(
        "INSERT INTO wallets VALUES ($1, $2, 'demo', 'p1', 'EUR', 5, $3, $3,"
        " '{}', '{}', '{}', '{}', '{}')",
        *(place.shard, place.wallet_id, NOW),
    )
    for bet in OLD:
        await server.execute(
            "INSERT INTO bets VALUES ($1, $2, 'acme', $3, $4, $5, 2, $6, $7, $8)",
            *(place.shard, place.wallet_id, bet["bet_ref"], bet["state"], bet["sequence"]),
            *(bet.get("stake", 0), NOW, json.dumps(bet)),
        )
        await server.execute(
            "INSERT INTO answers VALUES"
            " ($1, $2, $3, $4, 'C', '\\x01', $5, 'APPLIED', NULL, $6, NULL, '')",
            *(place.shard, place.wallet_id, bet["bet_ref"], bet["sequence"], NOW),
            json.dumps(bet),
        )
    return empty_database


async def test_bets_and_answers_say_what_they_said(old: Database) -> None:
    await migrate(old.owner_url)

    server = await old.connect(Role.SERVER)
    found: dict[str, Bet] = {}
    for bet in OLD:
        stored = await find_bet(server, REF, BetKey("acme", bet["bet_ref"]))
        answer = await find_answer(server, REF, bet["bet_ref"])
        assert stored is not None
        assert answer is not None
        assert answer.bet == stored
        found[bet["bet_ref"]] = stored
    assert found["settled"] == EXPECTED
    assert found["same-terms"].snapshot == EXPECTED.snapshot
    assert [line.amount for line in found["same-terms"].lines] == [1, 2]
    assert found["same-terms"].selected_source == "BONUS"
    assert found["declined"].refusal == InsufficientFunds(9, 1)
    assert (found["tombstone"].state, found["tombstone"].stake) == (BetState.TOMBSTONED, 0)


async def test_equal_terms_are_kept_once_and_under_their_digest(old: Database) -> None:
    await migrate(old.owner_url)

    server = await old.connect(Role.SERVER)
    rows = await server.fetch("SELECT tenant_id, terms_id, document::text FROM bet_terms")
    assert [row["tenant_id"] for row in rows] == ["demo"]
    assert is_named(rows[0]["terms_id"], rows[0]["document"])


DEPOSIT = Deposit(
    deposit_id='d "1"',
    state=DepositState.APPROVED,
    bucket="normal",
    asset_code="EUR",
    amount=2**62,
    sequence=7,
    create_time=NOW,
    approve_time=NOW,
    approve_sequence=7,
    requirement_id='DEPOSIT:d "1"',
)


@pytest.fixture
async def deposited(empty_database: Database) -> Database:
    """A database as revision 22 left it, with two deposits, of which one has a requirement."""
    await migrate(empty_database.owner_url, target="0022")
    server = await empty_database.connect(Role.SERVER)
    place = locate(REF)
    for deposit_id, amount, sequence in ((DEPOSIT.deposit_id, DEPOSIT.amount, 7), ("d2", 5, 8)):
        await server.execute(
            "INSERT INTO deposits VALUES ($1, $2, $3, 'normal', 'EUR', $4, 'APPROVED', $5, $6)",
            *(*place, deposit_id, amount, sequence, NOW),
        )
    await server.execute(
        "INSERT INTO wallet_items (shard, wallet_id, kind, item_id, state, is_live, sequence,"
        " revision, create_time, document)"
        " VALUES ($1, $2, 'REQUIREMENT', $3, 'ACTIVE', true, 7, 1, $4, '{}')",
        *(*place, DEPOSIT.requirement_id, NOW),
    )
    return empty_database


async def test_deposits_become_items_and_rows_again(deposited: Database) -> None:
    server = await deposited.connect(Role.SERVER)
    before = await server.fetch("SELECT * FROM deposits ORDER BY deposit_id")

    await migrate(deposited.owner_url)
    found = [await find_item(server, REF, deposit_key(name)) for name in (DEPOSIT.deposit_id, "d2")]
    columns = await server.fetchrow(
        "SELECT state, is_live, sequence, revision, create_time, due_time FROM wallet_items"
        " WHERE item_id = 'd2'"
    )
    await downgrade(deposited.owner_url, target="0022")

    other = replace(
        DEPOSIT, deposit_id="d2", amount=5, sequence=8, approve_sequence=8, requirement_id=""
    )
    assert found == [DEPOSIT, other]
    assert columns is not None
    assert tuple(columns) == ("APPROVED", False, 8, 1, NOW, None)
    assert await server.fetch("SELECT * FROM deposits ORDER BY deposit_id") == before
    assert await server.fetchval("SELECT count(*) FROM wallet_items WHERE kind = 'DEPOSIT'") == 0


async def test_a_deposit_that_no_row_can_tell_of_stops_the_way_back(deposited: Database) -> None:
    await migrate(deposited.owner_url)
    server = await deposited.connect(Role.SERVER)
    await server.execute(
        "UPDATE wallet_items SET state = 'REVERSED' WHERE kind = 'DEPOSIT' AND item_id = 'd2'"
    )

    with pytest.raises(Exception, match="wallet_items_kind_check"):
        await downgrade(deposited.owner_url, target="0022")

    count = "SELECT count(*) FROM wallet_items WHERE kind = 'DEPOSIT'"
    assert await server.fetchval(count) == 1


async def test_nothing_is_lost_on_the_way_back(old: Database) -> None:
    await migrate(old.owner_url, target="0016")
    server = await old.connect(Role.SERVER)

    with pytest.raises(Exception, match="answers_longer_check"):
        await downgrade(old.owner_url, target="0013")

    assert await server.fetchval("SELECT count(*) FROM answers WHERE bet IS NOT NULL") == len(OLD)
