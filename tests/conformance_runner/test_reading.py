"""Everything that is wrong with a file is said at once, with its place."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.conformance_runner.files import document_of, path_of
from wallet_server.conformance.reading import parse_scenario, read_scenarios
from wallet_server.conformance.scenario import Json

CALL = {
    "call": "WalletCommands.AuthorizeBet",
    "request": {"provider_id": "p", "bet_ref": "b", "stake": 1},
}


def base() -> dict[str, Any]:
    return deepcopy(
        {
            "id": "T1",
            "title": "A test",
            "topology": "ruby",
            "given": {"wallets": {"alice": {"currency": "EUR"}}},
            "steps": [CALL],
            "final": {"alice": {}},
        }
    )


def with_call(**fields: Json) -> dict[str, Any]:
    return base() | {"steps": [{**CALL, **fields}]}


def with_expectation(**fields: Json) -> dict[str, Any]:
    return with_call(expect=fields)


def with_wallet(**fields: Json) -> dict[str, Any]:
    return base() | {"given": {"wallets": {"alice": {"currency": "EUR", **fields}}}}


def problems_of(document: object) -> list[tuple[str, str]]:
    _, problems = parse_scenario(document)
    return [(problem.path, problem.reason) for problem in problems]


def test_the_base_of_these_tests_is_sound() -> None:
    assert problems_of(base()) == []


@pytest.mark.parametrize(
    ("document", "path", "reason"),
    [
        ([], "", "WRONG_TYPE"),
        (base() | {"titel": "x"}, "titel", "UNKNOWN_KEY"),
        (base() | {"title": ""}, "title", "EMPTY"),
        (base() | {"id": "lower"}, "id", "WRONG_ID"),
        (base() | {"topology": "emerald"}, "topology", "UNKNOWN_SHAPE"),
        (base() | {"topology": {"name": "x"}}, "topology.assets", "MISSING_FIELD"),
        (base() | {"policies": ["emerald"]}, "policies[0]", "UNKNOWN_SHAPE"),
        (base() | {"policies": [{"kind": "Polecat"}]}, "policies[0].kind", "UNKNOWN_VALUE"),
        (
            base()
            | {
                "policies": [
                    {"kind": "ProviderProfile", "provider_id": "p", "provider_type": "NONE"}
                ]
            },
            "topology",
            "POLICY_MISSING",
        ),
        (base() | {"given": {}}, "given.wallets", "MISSING"),
        (with_wallet(curency="EUR"), "given.wallets.alice.curency", "UNKNOWN_KEY"),
        (
            with_wallet(coupons={"C1": {"amount": 30, "validity": "+7d"}}),
            "given.wallets.alice.coupons.C1",
            "WRONG_REQUEST",
        ),
        (
            with_wallet(coupons={"C1": {"amount": 30, "valid_until_time": "+7 days"}}),
            "given.wallets.alice.coupons.C1",
            "WRONG_REQUEST",
        ),
        (with_wallet(coupons=["C1"]), "given.wallets.alice.coupons", "WRONG_TYPE"),
        (
            with_wallet(promotions={"P1": {"bucket": "points", "amount": "much"}}),
            "given.wallets.alice.promotions.P1",
            "WRONG_REQUEST",
        ),
        (
            with_wallet(rounds={"t1": {"provider_id": "p", "bets": 1}}),
            "given.wallets.alice.rounds.t1",
            "WRONG_REQUEST",
        ),
        (
            with_wallet(opened=False, rounds={"t1": {"provider_id": "p"}}),
            "given.wallets.alice",
            "WALLET_NOT_OPENED",
        ),
        (
            with_wallet(balances={"sports_normal": -1}),
            "given.wallets.alice.balances.sports_normal",
            "OUT_OF_RANGE",
        ),
        (
            with_wallet(balances={"sports_normal": True}),
            "given.wallets.alice.balances.sports_normal",
            "WRONG_TYPE",
        ),
        (
            with_wallet(balances={"sports_normal": 1}, opened=False),
            "given.wallets.alice",
            "WALLET_NOT_OPENED",
        ),
        (base() | {"final": {}}, "final.alice", "MISSING"),
        (base() | {"final": {"alice": {}, "bob": {}}}, "final.bob", "UNKNOWN_WALLET"),
        (base() | {"final": {"alice": {"bkt:x": "1"}}}, "final.alice.bkt:x", "WRONG_TYPE"),
        (base() | {"steps": []}, "steps", "EMPTY"),
        (base() | {"steps": [{"wait": 1}]}, "steps[0]", "WRONG_STEP"),
        (base() | {"steps": [{"advance": "72h", "apply": []}]}, "steps[0]", "WRONG_STEP"),
        (base() | {"steps": [{"advance": "72 hours"}]}, "steps[0].advance", "WRONG_DURATION"),
        (base() | {"steps": [{"advance": "0h"}]}, "steps[0].advance", "WRONG_DURATION"),
        (
            base() | {"steps": [{"apply": [{"kind": "Topology"}]}]},
            "steps[0].apply[0].name",
            "MISSING_FIELD",
        ),
        (with_call(call="WalletCommands.Steal"), "steps[0].call", "UNKNOWN_METHOD"),
        (with_call(expects={}), "steps[0].expects", "UNKNOWN_KEY"),
        (with_call(request={"stak": 1}), "steps[0].request", "WRONG_REQUEST"),
        (with_call(request={"stake": "much"}), "steps[0].request", "WRONG_REQUEST"),
        (with_call(request={"wallet": "bob"}), "steps[0].request", "WRONG_REQUEST"),
        (with_call(request={"bet_ref": "$nothing"}), "steps[0].request", "WRONG_REQUEST"),
        (with_call(lose_reply=True, expect={}), "steps[0].expect", "REPLY_LOST"),
        (with_expectation(code="NO"), "steps[0].expect.code", "UNKNOWN_CODE"),
        (with_expectation(code="NOT_FOUND"), "steps[0].expect.reason", "MISSING"),
        (with_expectation(reason="X"), "steps[0].expect.reason", "OUT_OF_PLACE"),
        (with_expectation(metadata={}), "steps[0].expect.metadata", "OUT_OF_PLACE"),
        (
            with_expectation(code="NOT_FOUND", reason="X", moves={}),
            "steps[0].expect.moves",
            "OUT_OF_PLACE",
        ),
        (with_expectation(response={"bett": {}}), "steps[0].expect.response", "WRONG_RESPONSE"),
        (
            with_expectation(response={"outcome": "GOOD"}),
            "steps[0].expect.response",
            "WRONG_RESPONSE",
        ),
        (
            with_expectation(response={"sequence": "one"}),
            "steps[0].expect.response",
            "WRONG_RESPONSE",
        ),
        (with_expectation(moves={"bkt:x": 0.5}), "steps[0].expect.moves.bkt:x", "WRONG_TYPE"),
        (base() | {"steps": [{"parallel": []}]}, "steps[0].parallel", "EMPTY"),
        (base() | {"steps": [{"parallel": [CALL] * 9}]}, "steps[0].parallel", "TOO_MANY"),
        (
            base() | {"steps": [{"parallel": [CALL], "expect_any_order": [{}, {}]}]},
            "steps[0].expect_any_order",
            "WRONG_NUMBER",
        ),
        (
            base() | {"steps": [{"parallel": [{**CALL, "expect": {}}], "expect_any_order": [{}]}]},
            "steps[0].parallel[0].expect",
            "UNKNOWN_KEY",
        ),
        (base() | {"steps": [{"parallel": [{}]}]}, "steps[0].parallel[0].call", "MISSING"),
        (base() | {"steps": [{"batch": []}]}, "steps[0].batch", "EMPTY"),
        (base() | {"steps": [{"batch": [CALL] * 501}]}, "steps[0].batch", "TOO_MANY"),
        (base() | {"steps": [{"batch": [{}]}]}, "steps[0].batch[0].call", "MISSING"),
        (base() | {"steps": [{"batch": [CALL], "expect": {}}]}, "steps[0].expect", "UNKNOWN_KEY"),
        (
            base() | {"steps": [{"batch": [{**CALL, "lose_reply": True}]}]},
            "steps[0].batch[0].lose_reply",
            "UNKNOWN_KEY",
        ),
        (
            base() | {"steps": [{"batch": [{"call": "WalletQueries.GetWallet"}]}]},
            "steps[0].batch[0].call",
            "NOT_A_COMMAND",
        ),
        (
            base() | {"steps": [{"batch": [{"call": "WalletCommands.ExecuteBatch"}]}]},
            "steps[0].batch[0].call",
            "NOT_A_COMMAND",
        ),
        (
            base() | {"steps": [{"batch": [{**CALL, "expect": {"code": "NO"}}]}]},
            "steps[0].batch[0].expect.code",
            "UNKNOWN_CODE",
        ),
    ],
)
def test_a_mistake_is_found_at_its_place(document: object, path: str, reason: str) -> None:
    assert (path, reason) in problems_of(document)


def test_moves_and_replays_are_out_of_place_where_nothing_can_move() -> None:
    call = {"call": "WalletQueries.GetWallet", "expect": {"moves": {"bkt:x": 1}}}

    assert problems_of(base() | {"steps": [call]}) == [("steps[0].expect.moves", "OUT_OF_PLACE")]


def test_the_plain_amount_of_a_wallet_that_is_not_named_is_a_mistake() -> None:
    request = {
        "wallet": None,
        "provider_id": "p",
        "bet_ref": "b",
        "stake": {"asset_code": "EUR", "minor_units": 1},
    }

    assert problems_of(with_call(request=request)) == []


def test_all_mistakes_of_all_files_are_told_with_file_and_line(tmp_path: Path) -> None:
    text = path_of("E50").read_text(encoding="utf-8")
    (tmp_path / "E50.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "E50-again.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "E51.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "E52.yaml").write_text("id: E52\nid: E53\n", encoding="utf-8")
    (tmp_path / "E54.yaml").write_text("id: [", encoding="utf-8")
    (tmp_path / "E55.yaml").write_text("", encoding="utf-8")
    (tmp_path / "E56.yaml").write_text(text.replace("title:", "titel:"), encoding="utf-8")

    scenarios, problems = read_scenarios(sorted(tmp_path.glob("*.yaml")))

    found = {(each.file.name, each.line, each.problem.reason) for each in problems}
    assert [scenario.id for scenario in scenarios] == ["E50"]
    assert {(name, reason) for name, _, reason in found} == {
        ("E50.yaml", "DUPLICATE"),
        ("E51.yaml", "WRONG_FILE"),
        ("E52.yaml", "DUPLICATE"),
        ("E54.yaml", "NOT_YAML"),
        ("E55.yaml", "WRONG_NUMBER"),
        ("E56.yaml", "UNKNOWN_KEY"),
        ("E56.yaml", "MISSING"),
    }
    assert ("E56.yaml", 2, "UNKNOWN_KEY") in found


def test_a_document_that_was_read_can_be_read_again() -> None:
    document = document_of(path_of("E63"))
    before = deepcopy(document)

    parse_scenario(document)

    assert document == before


def test_what_a_wallet_has_is_made_by_commands_in_a_certain_order() -> None:
    scenario, problems = parse_scenario(
        with_wallet(
            rounds={"t1": {"provider_id": "p", "bets": [{"bet_ref": "b1", "stake": 5}]}},
            promotions={"P1": {"bucket": "sports_bonus", "amount": 20}},
            coupons={
                "C1": {
                    "amount": 30,
                    "valid_until_time": "+7d",
                    "terms": {"profit_target": "sports_normal"},
                }
            },
        )
    )

    assert problems == []
    coupon, promotion, play = scenario.wallets["alice"].calls
    assert coupon.method == "WalletCommands.GrantCoupon"
    assert coupon.path == "given.wallets.alice.coupons.C1"
    assert coupon.request["wallet"] == "alice"
    assert coupon.request["request_id"] == "given:coupons:C1"
    assert coupon.request["grant_id"] == "C1"
    assert (promotion.method, promotion.request["promotion_id"]) == (
        "WalletCommands.CreditPromotion",
        "P1",
    )
    assert (play.method, play.request["round_ref"]) == ("WalletCommands.PlayRound", "t1")
